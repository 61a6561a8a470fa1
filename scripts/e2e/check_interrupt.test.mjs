// Ctrl-C in the middle of mimus check: what was recorded is judged and every report written, at once; a second signal
// kills. And without a terminal it says where it is.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { binary, serve } from './server.mjs';

const folder = mkdtempSync(join(tmpdir(), 'mimus-interrupt-'));
const key = 'sk-interrupt0123456789';
let mock;
before(async () => Object.assign((mock = await serve(['--api-key', key]))));
after(async () => {
  rmSync(folder, { recursive: true });
  await mock.stop();
});

// In front of the mock: passes on `good` requests and then hangs. `hung` resolves at the first of those.
async function hangsAfter(good) {
  const held = new Set();
  let told;
  const hung = new Promise((resolve) => (told = resolve));
  let count = 0;
  const server = createServer((incoming, outgoing) => {
    if (++count > good) {
      held.add(outgoing);
      return told();
    }
    const { port } = new URL(mock.url);
    const up = request({ port, method: incoming.method, path: incoming.url, headers: incoming.headers }, (reply) => {
      outgoing.writeHead(reply.statusCode, reply.headers);
      reply.pipe(outgoing);
    });
    return incoming.pipe(up);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}/v1`,
    hung,
    requests: () => count,
    stop() {
      for (const reply of held) reply.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}

function check(url, name, flags = []) {
  const files = Object.fromEntries(['json', 'html', 'junit', 'markdown', 'sarif'].map((format) => [format, join(folder, `${name}.${format}`)]));
  const reports = Object.entries(files).flatMap(([format, file]) => ['--report', `${format}=${file}`]);
  const child = spawn(binary, ['check', url, '--api-key', key, '--report', 'console', ...reports, ...flags], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err] = [[], []];
  child.stdout.on('data', (piece) => out.push(piece));
  child.stderr.on('data', (piece) => err.push(piece));
  const ended = once(child, 'close').then(([status, signal]) => ({
    status, signal, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString(), report: existsSync(files.json) && JSON.parse(readFileSync(files.json, 'utf8')),
  }));
  return { child, ended, files };
}

describe('a signal', () => {
  for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]]) {
    test(`${signal}: judges what came, writes every report, exits with ${code}`, async () => {
      const target = await hangsAfter(20);
      const evidence = join(folder, `evidence-${signal}`);
      const { child, ended, files } = check(target.url, signal, ['--evidence', evidence]);
      await target.hung;
      const start = performance.now();
      child.kill(signal);
      const { status, stdout, report } = await ended;
      assert.ok(performance.now() - start < 5000, 'the open request is not waited for'); // its time would be 30 s
      assert.equal(status, code);
      assert.equal(target.requests(), 21, 'nothing is sent behind the signal');
      for (const file of Object.values(files)) assert.ok(existsSync(file), file);
      assert.equal(report.interrupted, true);
      assert.equal(report.exit_code, code);
      assert.match(report.closing, /^Interrupted: \d+ checks were measured/);
      assert.match(stdout, /Interrupted/);
      assert.ok(report.summary.pass > 30, JSON.stringify(report.summary));
      assert.deepEqual(report.checks.filter(({ verdict }) => ['fail', 'warn', 'error'].includes(verdict)).map(({ id }) => id), []);
      const unsent = report.checks.filter(({ verdict }) => verdict === 'inconclusive');
      assert.ok(unsent.length > 100);
      assert.deepEqual([...new Set(unsent.map(({ reason }) => reason))], ['interrupted']);

      const replay = check('http://127.0.0.1:1/v1', `${signal}-replay`, ['--replay', evidence]);
      const again = await replay.ended;
      assert.deepEqual(again.report.checks.map(({ id, verdict }) => [id, verdict]), report.checks.map(({ id, verdict }) => [id, verdict]));
      target.stop();
    });
  }

  test('a second one kills, whatever it is at', async () => {
    const target = await hangsAfter(20);
    const fifo = join(folder, 'fifo'); // nobody reads it: the report cannot be written
    assert.equal(spawnSync('mkfifo', [fifo]).status, 0);
    const { child, ended } = check(target.url, 'second', ['--report', `html=${fifo}`]);
    await target.hung;
    child.kill('SIGINT');
    // The reports before it in the list are there once it is stuck.
    while (!existsSync(join(folder, 'second.sarif'))) await new Promise((resolve) => setTimeout(resolve, 10));
    child.kill('SIGINT');
    assert.equal((await ended).signal, 'SIGINT');
    target.stop();
  });

  test('before the first reply: says so', async () => {
    const target = await hangsAfter(0);
    const { child, ended } = check(target.url, 'early');
    await target.hung;
    child.kill('SIGINT');
    const { status, report } = await ended;
    assert.equal(status, 130);
    assert.equal(report.closing, 'Interrupted before anything was measured.');
    target.stop();
  });

  test('during the wait that a 429 asks for', async () => {
    const server = createServer((incoming, outgoing) => {
      incoming.resume();
      outgoing.writeHead(429, { 'retry-after': '50', 'content-type': 'application/json' }).end('{"error":{"message":"slow","type":"x","code":null,"param":null}}', () => child.kill('SIGINT'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { child, ended } = check(`http://127.0.0.1:${server.address().port}/v1`, 'limited', ['--model', 'gpt-4o']);
    const { status } = await ended;
    assert.equal(status, 130);
    server.closeAllConnections();
    server.close();
  });
});

test('without a terminal each area is told once, in plain lines', async () => {
  const { ended } = check(`${mock.url}/v1`, 'progress');
  const { status, stderr } = await ended;
  assert.equal(status, 0);
  const lines = stderr.trim().split('\n');
  for (const line of lines) assert.match(line, /^mimus: request \d+ of \d+: [A-Z][\w ,:]+$/);
  assert.equal(new Set(lines.map((line) => line.split(': ')[2])).size, lines.length);
  assert.ok(lines.length > 10 && lines.length < 30, stderr);
});

describe('--model-for', () => {
  const run = (flags) => check(`${mock.url}/v1`, 'model-for', flags).ended;

  test('an area that is not known ends it at once, and the message names those that are', async () => {
    const { status, stderr } = await run(['--model-for', 'embedings=text-embedding-3-small']);
    assert.equal(status, 2);
    assert.match(stderr, /--model-for embedings=\S+: no area "embedings"; the areas are .*\bembeddings\b/);
    assert.equal((await run(['--model-for', 'embeddings'])).status, 2);
  });

  test('a model that the target does not have is no failure of the target', async () => {
    const { status, report } = await run(['--model-for', 'embeddings=no-such-model', '--model-for', 'responses=no-such-model']);
    assert.equal(status, 0, JSON.stringify(report.checks.filter(({ verdict }) => verdict === 'fail').map(({ id }) => id)));
    for (const area of ['embeddings', 'responses.stream']) {
      const checks = report.checks.filter((one) => one.area === area);
      assert.ok(checks.length > 10);
      for (const { id, verdict, reason } of checks) {
        assert.equal(verdict, 'inconclusive', `${id}: ${reason}`);
        assert.match(reason, /refuses the model no-such-model, which --model-for names \(HTTP 40[04]/);
      }
    }
  });

  test('neither with --model, and then nothing is measured', async () => {
    const { status, report } = await run(['--model', 'no-such-model']);
    assert.equal(status, 3);
    assert.match(report.closing, /^Nothing was measured: the target refuses the model no-such-model, which --model names/);
  });
});
