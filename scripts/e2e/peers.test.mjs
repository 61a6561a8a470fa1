// mimus check against servers that nobody here wrote, pinned. peers.json has what it finds in each; every line there was read
// by hand beside the bytes, and docs/conformance.md tells what they come to. A check that changes its mind shows here. With
// MIMUS_UPDATE=1 the file is written anew: read the difference.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { freePort } from './gateway.mjs';
import { binary, root } from './server.mjs';

const folder = mkdtempSync(join(tmpdir(), 'mimus-peers-'));
after(() => rmSync(folder, { recursive: true }));

const record = join(root, 'scripts/e2e/peers.json');
const recorded = JSON.parse(readFileSync(record, 'utf8'));
const packages = join(root, 'scripts/e2e/node_modules');
const openapi = process.env.MIMUS_OPENAPI;
const left = openapi ? false : 'left out: MIMUS_OPENAPI names no file';
if (left) console.log(`prism is ${left}`);

const peers = {
  aimock: {
    package: '@copilotkit/aimock',
    start: (port) => {
      const fixtures = join(folder, 'aimock.json');
      writeFileSync(fixtures, JSON.stringify({ fixtures: [{ match: { endpoint: 'chat' }, response: { content: 'The river runs past the old mill and on to the sea.' } }] }));
      return ['dist/cli.js', '--port', `${port}`, '--fixtures', fixtures];
    },
    flags: ['--model', 'gpt-4o', '--model-for', 'embeddings=text-embedding-3-small', '--model-for', 'moderations=omni-moderation-latest'],
  },
  'mock-llm': {
    package: '@dwmkerr/mock-llm',
    start: (port) => ['dist/main.js', { PORT: `${port}`, HOST: '127.0.0.1' }],
    flags: ['--model', 'gpt-4o'],
  },
  // It answers from OpenAI's own document. mimus takes no base URL without a path, so the paths get one.
  prism: {
    package: '@stoplight/prism-cli',
    left,
    start: (port) => {
      const document = JSON.parse(readFileSync(openapi, 'utf8'));
      document.paths = Object.fromEntries(Object.entries(document.paths).map(([path, item]) => [`/v1${path}`, item]));
      const file = join(folder, 'openapi.json');
      writeFileSync(file, JSON.stringify(document));
      return ['dist/index.js', 'mock', '--port', `${port}`, '--host', '127.0.0.1', file];
    },
    flags: ['--model', 'gpt-4o', '--model-for', 'embeddings=text-embedding-3-small', '--model-for', 'moderations=omni-moderation-latest',
      '--model-for', 'completions=gpt-3.5-turbo-instruct'],
  },
};

// A peer that answers; it has no ready file, so it is asked until it does.
async function run(peer) {
  const port = await freePort();
  const args = peer.start(port);
  const environment = typeof args.at(-1) === 'object' ? args.pop() : {};
  args[0] = join(packages, peer.package, args[0]);
  const child = spawn(process.execPath, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
  const log = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => log.push(piece));
  const url = `http://127.0.0.1:${port}/v1`;
  const ended = once(child, 'exit');
  let gone = false;
  ended.then(() => (gone = true));
  for (;;) {
    if (gone) throw new Error(`${peer.package} ended: ${Buffer.concat(log)}`);
    try {
      await (await fetch(`${url}/models`)).arrayBuffer();
      break;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  return { url, async stop() { child.kill('SIGKILL'); await ended; } };
}

async function check(url, name, flags) {
  const report = join(folder, `${name}.json`);
  const evidence = process.env.MIMUS_PEER_EVIDENCE ? ['--evidence', join(process.env.MIMUS_PEER_EVIDENCE, name)] : [];
  const child = spawn(binary, ['check', url, '--api-key', 'sk-peers0123456789', '--report', `json=${report}`, ...flags, ...evidence], { stdio: 'ignore' });
  await once(child, 'close');
  return JSON.parse(readFileSync(report, 'utf8'));
}

for (const [name, peer] of Object.entries(peers)) {
  describe(name, { skip: peer.left }, () => {
    test('is found as it was when each finding was read', async () => {
      const { version } = JSON.parse(readFileSync(join(packages, peer.package, 'package.json'), 'utf8'));
      const server = await run(peer);
      let report;
      try {
        report = await check(server.url, name, peer.flags);
      } finally {
        await server.stop();
      }
      const of = (wanted) => report.checks.filter(({ verdict }) => verdict === wanted).map(({ id }) => id);
      const found = { version, pass: report.summary.pass, error: of('error'), fail: of('fail'), warn: of('warn') };
      if (process.env.MIMUS_UPDATE) {
        recorded[name] = found;
        writeFileSync(record, `${JSON.stringify(recorded, null, 2)}\n`);
      }
      assert.deepEqual(found, recorded[name]);
    });
  });
}
