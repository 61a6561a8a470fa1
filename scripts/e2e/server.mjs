// Starts the built binary and ends it again, by its own process. Nothing waits for a time: the ready line tells.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { judge, watch } from './recorder.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/\/$/, '');
export const binary = process.env.MIMUS_BINARY ?? join(root, 'build/release/mimus');

// The executor that this run of the tests asks for: reactor (default), threads, or tls.
const transport = process.env.MIMUS_E2E_TRANSPORT ?? 'reactor';
const certificate = process.env.MIMUS_E2E_CERTIFICATE;
const transportFlags = {
  reactor: [],
  threads: ['--transport', 'threads'],
  tls: ['--tls-cert', `${certificate}/cert.pem`, '--tls-key', `${certificate}/key.pem`],
}[transport];

// A running `mimus serve` on a free port, with `flags` besides. `stop()` sends SIGTERM and gives the exit code.
export async function serve(flags = [], environment = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'mimus-e2e-'));
  const readyFile = join(folder, 'ready');
  const args = ['serve', '--port', '0', '--ready-file', readyFile, ...transportFlags, ...flags];
  const tap = watch(binary, folder, flags);
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { MIMUS_LOG_LEVEL: 'warn', ...process.env, ...tap, ...environment } });
  const log = [];
  child.stderr.on('data', (text) => log.push(text));
  const ended = once(child, 'exit');
  const readyLine = await firstLine(child, ended, log);
  const url = readFileSync(readyFile, 'utf8').trim();
  return {
    url, // http://127.0.0.1:PORT
    baseURL: `${url}/v1`,
    readyLine,
    pid: child.pid,
    folder, // where the tap writes
    log: () => Buffer.concat(log).toString(),
    // Resolves once the log holds a match of `pattern`; fails when the server ends before.
    async logged(pattern) {
      while (!pattern.test(Buffer.concat(log).toString())) {
        const [event] = await Promise.race([once(child.stderr, 'data'), ended.then(() => [null])]);
        if (event === null) throw new Error(`mimus ended and never logged ${pattern}`);
      }
    },
    async stop() {
      child.kill('SIGTERM');
      const [code, signal] = await ended;
      judge(folder);
      rmSync(folder, { recursive: true });
      return code ?? signal;
    },
  };
}

async function firstLine(child, ended, log) {
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([once(lines, 'line').then(([text]) => text), ended.then(() => null)]);
  if (line === null) throw new Error(`mimus ended before it was ready: ${Buffer.concat(log)}`);
  return line;
}

// A server for one test file: started before its tests, ended (with exit code 0) behind them.
export function serverFor({ before, after }, flags = []) {
  const holder = {};
  before(async () => Object.assign(holder, await serve(flags)));
  after(async () => {
    const code = await holder.stop?.();
    if (code !== 0) throw new Error(`mimus ended with ${code}: ${holder.log()}`);
  });
  return holder;
}

// A caught rejection; fails when there is none.
export async function refusalOf(promise) {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return assert.fail('the call was accepted');
}

export async function isHealthy(server) {
  const response = await fetch(`${server.url}/_mimus/health`);
  await response.arrayBuffer();
  return response.status === 200;
}
