// mimus check against targets that are no API at all: it ends in time, keeps its memory, says so honestly, and always
// writes its report.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { binary } from './server.mjs';

const folder = mkdtempSync(join(tmpdir(), 'mimus-targets-'));
after(() => rmSync(folder, { recursive: true }));
const gnuTime = existsSync('/usr/bin/time');

// Runs `mimus check` without blocking this process, which is the target.
async function check(url, name, flags = []) {
  const report = join(folder, `${name}.json`);
  const own = [binary, 'check', url, '--api-key', 'sk-targets0123456789', '--timeout', '500ms', '--report', `json=${report}`, ...flags];
  const [command, ...args] = gnuTime ? ['/usr/bin/time', '-f', 'kilobytes %M', ...own] : own;
  const start = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
  const text = [];
  child.stderr.on('data', (piece) => text.push(piece));
  const [status] = await once(child, 'close');
  const milliseconds = performance.now() - start;
  const kilobytes = Number(Buffer.concat(text).toString().match(/^kilobytes (\d+)$/m)?.[1] ?? 0);
  return { status, milliseconds, kilobytes, report: JSON.parse(readFileSync(report, 'utf8')) };
}

// A TCP server that gives each connection to `speak` once its request's head is there (or at once: `greets`).
async function target(speak, greets = false) {
  const open = new Set();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    if (greets) return speak(socket);
    socket.once('data', () => speak(socket));
    return undefined;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}/v1`,
    async stop() {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

const whole = (status, type, body, headers = '') => (socket) =>
  socket.end(`HTTP/1.1 ${status} Said\r\nContent-Type: ${type}\r\n${headers}Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`);

// Writes `piece` again and again, as fast as it is taken.
const endless = (head, piece) => (socket) => {
  const more = () => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on('drain', more);
  socket.write(head);
  more();
};

const error = (message, type) => JSON.stringify({ error: { message, type, param: null, code: null } });
const targets = {
  'HTML everywhere': whole(200, 'text/html', '<!doctype html><title>Welcome</title><h1>It works</h1>'),
  '404 in HTML': whole(404, 'text/html', '<h1>Not Found</h1>'),
  '401 everywhere': whole(401, 'application/json', error('No.', 'authentication_error')),
  '429 everywhere': whole(429, 'application/json', error('Slow down.', 'rate_limit_error'), 'Retry-After: 0\r\n'),
  '429 for an hour': whole(429, 'application/json', error('Slow down.', 'rate_limit_error'), 'Retry-After: 3600\r\n'),
  '500 everywhere': whole(500, 'application/json', error('Broken.', 'server_error'), 'Retry-After: 0\r\n'),
  'a redirect to itself': whole(302, 'text/plain', '', 'Location: /v1/chat/completions\r\n'),
  'an empty reply': (socket) => socket.end(),
  'binary garbage': (socket) => socket.end(Buffer.from(Array.from({ length: 4096 }, (_, i) => (i * 131) % 256))),
  'a hang after accept': () => {},
  'a reset': (socket) => socket.resetAndDestroy(),
  'half a head': (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Ty'),
  'endless headers': endless('HTTP/1.1 200 OK\r\n', 'X-More: abcdefghijklmnopqrstuvwxyz\r\n'.repeat(64)),
  'one endless header': endless('HTTP/1.1 200 OK\r\nX-More: ', 'a'.repeat(65536)),
  'an endless body': endless('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n', '[1,'.repeat(20000)),
  'a body of 10 GB': endless('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10000000000\r\n\r\n', ' '.repeat(65536)),
  'an endless stream': endless('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n', 'data: {"choices":[]}\n\n'.repeat(500)),
  'one endless event': endless('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: ', 'x'.repeat(65536)),
  'a body of deep brackets': whole(200, 'application/json', '['.repeat(200_000)),
  'a length that is too large': (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{}'),
  'a chunk size of nonsense': (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzzzz\r\n{}\r\n0\r\n\r\n'),
};

describe('a target that is no API', () => {
  for (const [name, speak] of Object.entries(targets)) {
    test(name, async () => {
      const bad = await target(speak);
      try {
        const run = await check(bad.url, name.replaceAll(/\W/g, '_'), ['--model', 'gpt-4o']);
        assert.equal(run.status, 3, `exit ${run.status}: ${run.report.closing}`);
        assert.notEqual(run.report.nothing_measured, '', 'the report says that nothing was measured');
        assert.equal(run.report.exit_code, 3);
        // What the bytes and the status show may pass, such as a 404 for what does not exist; nothing that takes a model.
        const of = /^(transport|auth|errors|ratelimit|resilience)\.|\.unknown(-id)?$/;
        const passed = run.report.checks.filter(({ verdict, id }) => verdict === 'pass' && !of.test(id)).map(({ id }) => id);
        assert.deepEqual(passed, []);
        assert.ok(run.milliseconds < 20_000, `${run.milliseconds} ms`);
        assert.ok(run.kilobytes < 150_000, `${run.kilobytes} kB`);
      } finally {
        await bad.stop();
      }
    });
  }

  test('no one listens', async () => {
    const gone = await target(() => {});
    await gone.stop();
    const run = await check(gone.url, 'gone');
    assert.equal(run.status, 3);
    assert.match(run.report.nothing_measured, /refused/i);
  });

  test('TLS is asked of a target that has none', async () => {
    const plain = await target((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'), true);
    try {
      const run = await check(plain.url.replace('http:', 'https:'), 'tls');
      assert.equal(run.status, 3);
      assert.match(run.report.nothing_measured, /TLS|handshake|SSL/i);
    } finally {
      await plain.stop();
    }
  });
});
