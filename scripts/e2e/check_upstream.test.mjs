// mimus check --upstream: the same probes at a gateway and at the API behind it, and whose each fault is. The gateway is a
// mimus that relays to another.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { binary, serve } from './server.mjs';

const folder = mkdtempSync(join(tmpdir(), 'mimus-upstream-'));
after(() => rmSync(folder, { recursive: true }));

const keys = { gateway: 'sk-gateway0123456789', upstream: 'sk-upstream0123456789' };
const environment = { MIMUS_TEST_UPSTREAM_KEY: keys.upstream };
const conforms = new Ajv({ allErrors: true }).compile(JSON.parse(spawnSync(binary, ['report-schema'], { encoding: 'utf8' }).stdout));
let runs = 0;

const deviations = (ids) => ids.flatMap((id) => ['--deviate', id]);

// A mimus with a key of its own, which commits `ids`.
const api = (ids = [], flags = []) => serve(['--api-key', keys.upstream, ...deviations(ids), ...flags]);

// A mimus that relays everything to `upstream`, and commits `ids` on the way back. Clients know it by another key.
const gateway = (upstream, ids = [], flags = []) =>
  serve(['--api-key', keys.gateway, '--record', join(folder, `record-${++runs}.json`), '--upstream', `${upstream.url}/v1`,
    '--upstream-key-env', 'MIMUS_TEST_UPSTREAM_KEY', ...deviations(ids), ...flags], environment);

async function check(target, upstream, flags = []) {
  const name = join(folder, `run-${++runs}`);
  const files = Object.fromEntries(['json', 'html', 'junit', 'markdown', 'sarif'].map((format) => [format, `${name}.${format}`]));
  const args = ['check', `${target.url}/v1`, '--api-key', keys.gateway, '--upstream', `${upstream.url}/v1`, '--upstream-key-env', 'MIMUS_TEST_UPSTREAM_KEY',
    '--evidence', `${name}.evidence`, '--report', 'console', ...Object.entries(files).flatMap(([format, file]) => ['--report', `${format}=${file}`]), ...flags];
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...environment } });
  const [out, err] = [[], []];
  child.stdout.on('data', (piece) => out.push(piece));
  child.stderr.on('data', (piece) => err.push(piece));
  const [status] = await once(child, 'close');
  assert.ok(existsSync(files.json), Buffer.concat(err).toString());
  const texts = Object.fromEntries(Object.entries(files).map(([format, file]) => [format, readFileSync(file, 'utf8')]));
  const report = JSON.parse(texts.json);
  assert.ok(conforms(report), JSON.stringify(conforms.errors));
  return { status, report, texts: { ...texts, console: Buffer.concat(out).toString() }, evidence: `${name}.evidence` };
}

const blamed = ({ transparency }) => Object.fromEntries(transparency.checks.map(({ id, blame }) => [id, blame]));
const wire = ({ transparency }) => Object.fromEntries(transparency.wire.map(({ what, probes }) => [what, probes]));

async function compare(start, work) {
  const servers = [];
  try {
    const [target, upstream] = await start((server) => (servers.push(server), server));
    await work(target, upstream);
  } finally {
    for (const server of servers.reverse()) await server.stop();
  }
}

describe('check --upstream', () => {
  test('a gateway that changes nothing has no fault, and nothing is lost', async () => {
    await compare(async (keep) => { const u = keep(await api()); return [keep(await gateway(u)), u]; }, async (target, upstream) => {
      const { status, report } = await check(target, upstream);
      assert.equal(status, 0);
      assert.deepEqual(report.checks.filter(({ verdict }) => ['fail', 'warn', 'error'].includes(verdict)).map(({ id, found }) => `${id} ${found}`), []);
      assert.deepEqual(Object.values(blamed(report)).filter((blame) => blame !== 'inherited'), []);
      assert.deepEqual(wire(report), {});
      assert.equal(report.transparency.upstream, `${upstream.url}/v1`);
      assert.equal(report.transparency.requests, report.requests);
    });
  });

  test('what the gateway spoils is its own; what it passes on is inherited', async () => {
    await compare(async (keep) => {
      const u = keep(await api(['chat.finish-reason', 'embeddings.index']));
      return [keep(await gateway(u, ['chat.object', 'tools.stream.index', 'usage.present', 'transport.request-id'])), u];
    }, async (target, upstream) => {
      const { status, report, texts, evidence } = await check(target, upstream);
      assert.equal(status, 1);
      const whose = blamed(report);
      for (const id of ['chat.object', 'tools.stream.index', 'usage.present', 'transport.request-id']) assert.equal(whose[id], 'gateway', id);
      for (const id of ['chat.finish-reason', 'embeddings.index']) assert.equal(whose[id], 'inherited', id);
      for (const { id, verdict, blame } of report.checks) {
        if (['fail', 'warn'].includes(verdict)) assert.equal(blame, whose[id], id);
      }
      assert.ok(wire(report)['the gateway drops /usage'].includes('chat'));
      assert.ok('the gateway drops header x-request-id' in wire(report));

      // Every format says it.
      for (const format of ['console', 'html', 'junit', 'sarif']) {
        assert.match(texts[format], /the gateway(&#39;|')s own: the upstream does it right/, format);
        assert.match(texts[format], /inherited: the upstream does the same/, format);
      }
      assert.match(texts.markdown, /\| gateway \| chat\.object \| fail.*\| pass/);
      for (const format of ['console', 'html', 'markdown', 'junit', 'sarif']) assert.match(texts[format], /the gateway drops header x-request-id/, format);

      // Both halves are kept, without a key, and give the same again.
      assert.ok(readdirSync(join(evidence, 'upstream')).length > 300);
      for (const half of [evidence, join(evidence, 'upstream')]) {
        for (const file of readdirSync(half, { withFileTypes: true })) {
          if (!file.isFile()) continue;
          const text = readFileSync(join(half, file.name), 'latin1');
          for (const key of Object.values(keys)) assert.ok(!text.includes(key), file.name);
        }
      }
      const again = join(folder, `replay-${++runs}.json`);
      assert.equal(spawnSync(binary, ['check', '--replay', evidence, '--report', `json=${again}`]).status, 1);
      assert.deepEqual(JSON.parse(readFileSync(again, 'utf8')), report);
    });
  });

  test('what the upstream does wrong and the gateway does right is mended', async () => {
    await compare(async (keep) => [keep(await serve(['--api-key', keys.gateway])), keep(await api(['chat.object', 'errors.envelope.code']))], async (target, upstream) => {
      const { status, report, texts } = await check(target, upstream, ['--select', 'chat', '--select', 'errors']);
      assert.equal(status, 0);
      const whose = blamed(report);
      assert.equal(whose['chat.object'], 'mended');
      assert.equal(whose['errors.envelope.code'], 'mended');
      assert.match(texts.console, /^mended {2}chat\.object: expected .*chat\.completion.*, the upstream has .*text_completion/m);
    });
  });

  test('what the gateway does not offer is lost', async () => {
    await compare(async (keep) => [keep(await serve(['--dialect', 'choreo', '--api-key', keys.gateway])), keep(await api())], async (target, upstream) => {
      const { report } = await check(target, upstream, ['--select', 'models', '--select', 'moderations', '--select', 'responses', '--model', 'gpt-4o', '--model-for', 'moderations=omni-moderation-latest']);
      const lost = Object.entries(blamed(report)).filter(([, blame]) => blame === 'lost').map(([id]) => id);
      assert.ok(lost.some((id) => id.startsWith('responses.') || id.startsWith('moderations.')), lost.join());
    });
  });

  test('a key that the gateway tells is in no report and no evidence', async () => {
    const error = { message: `Incorrect API key provided: ${keys.upstream}.`, type: 'invalid_request_error', param: null, code: 'no_model' };
    const server = createServer((incoming, outgoing) => {
      incoming.resume();
      outgoing.writeHead(400, { 'content-type': 'application/json', 'x-upstream-key': keys.upstream }).end(JSON.stringify({ error }));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${server.address().port}`;
    const { texts, evidence } = await check({ url }, { url }, ['--select', 'errors', '--select', 'chat', '--model-for', 'embeddings=x', '--model', 'gpt-4o']);
    server.closeAllConnections();
    server.close();
    assert.match(texts.json, /Incorrect API key provided: x{10}/);
    const kept = readdirSync(evidence, { withFileTypes: true }).filter((file) => file.isFile());
    assert.ok(kept.length > 10);
    for (const text of [...Object.values(texts), ...kept.map(({ name }) => readFileSync(join(evidence, name), 'latin1'))]) assert.ok(!text.includes(keys.upstream));
  });

  test('an upstream that is not there leaves the verdicts, and says so', async () => {
    await compare(async (keep) => [keep(await serve(['--api-key', keys.gateway]))], async (target) => {
      const { status, report } = await check(target, { url: 'http://127.0.0.1:1' }, ['--select', 'chat']);
      assert.equal(status, 0);
      assert.match(report.transparency.nothing_measured, /refused/);
      assert.deepEqual(report.transparency.checks, []);
    });
  });

  test('where the upstream has another name for the model, --upstream-model tells it', async () => {
    await compare(async (keep) => [keep(await serve(['--api-key', keys.gateway])), keep(await serve(['--dialect', 'ramclouds', '--api-key', keys.upstream]))], async (target, upstream) => {
      const refused = await check(target, upstream, ['--select', 'chat.object', '--model', 'gpt-4o-2024-08-06']);
      assert.match(refused.report.transparency.nothing_measured, /refuses the model gpt-4o-2024-08-06, which --upstream-model names/);
      const { report } = await check(target, upstream, ['--select', 'chat.object', '--upstream-model', 'gpt-5']);
      assert.equal(report.transparency.nothing_measured, '');
    });
  });

  test('wrong usage is told before anything is sent', () => {
    for (const [flags, pattern] of [
      [['--upstream', 'localhost:1'], /--upstream.*expected a base URL/],
      [['--upstream', 'http://127.0.0.1:1/v1', '--upstream-key-env', 'MIMUS_NO_SUCH_VARIABLE'], /MIMUS_NO_SUCH_VARIABLE: .*not set/],
      [['--upstream-key-env', 'HOME'], /--upstream/],
    ]) {
      const { status, stderr } = spawnSync(binary, ['check', 'http://127.0.0.1:1/v1', ...flags], { encoding: 'utf8' });
      assert.equal(status, 2, stderr);
      assert.match(stderr, pattern);
    }
  });
});
