// What the command line promises: help, version, exit codes, the ways to set a flag, and that docs/cli.md names them all.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { binary, isHealthy, root, serve } from './server.mjs';

const run = (args, environment = {}) =>
  spawnSync(binary, args, { encoding: 'utf8', timeout: 20_000, env: { ...process.env, ...environment } });

test('--version tells the version, the commit and the libraries', () => {
  const { status, stdout } = run(['--version']);
  assert.equal(status, 0);
  assert.match(stdout, /^mimus \d+\.\d+\.\d+ \(commit [0-9a-f]{12}\)\n/);
  assert.match(stdout, /httplib/i);
});

const page = readFileSync(join(root, 'docs/cli.md'), 'utf8');
const commands = [...run(['--help']).stdout.split(/Subcommands:|Examples:/)[1].matchAll(/^  ([a-z][a-z-]+) /gm)].map(([, name]) => name);

test('there are commands, serve among them', () => assert.ok(commands.includes('serve')));

for (const name of commands) {
  test(`${name} --help shows an example of it`, () => {
    const { status, stdout } = run([name, '--help']);
    assert.equal(status, 0);
    assert.ok(stdout.split('Examples:')[1]?.includes(`mimus ${name} `), stdout);
  });

  test(`docs/cli.md knows ${name}`, () => assert.ok(page.includes(`mimus ${name}`)));
}

test('docs/cli.md names exactly the flags of serve', () => {
  const section = page.split(/^## /m).find((part) => part.startsWith('mimus serve\n'));
  const documented = [...section.matchAll(/^\| `(--[a-z0-9-]+)/gm)].map(([, flag]) => flag);
  const own = [...run(['serve', '--help']).stdout.matchAll(/^ +(?:-\w,)?(--[a-z][a-z0-9-]*)/gm)].map(([, flag]) => flag);
  assert.deepEqual(documented.sort(), [...own, '--config'].sort()); // --config belongs to mimus itself
});

for (const args of [['serve', '--no-such-flag'], ['no-such-command'], ['serve', '--port', 'http'], ['serve', '--ttft', '5 parsecs']]) {
  test(`${args.join(' ')}: exit 2, and the message names it`, () => {
    const { status, stdout, stderr } = run(args);
    assert.equal(status, 2, stderr);
    assert.equal(stdout, '');
    assert.ok(stderr.includes(args.at(-1)) || stderr.includes(args[1]), stderr);
  });
}

describe('serve', () => {
  test('says where it listens, on stdout and in the ready file, and ends with 0', async () => {
    const server = await serve();
    const scheme = server.url.split(':')[0];
    assert.match(server.url, /^https?:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(server.readyLine, `mimus ready on ${server.url}`);
    assert.ok(scheme === 'http' && (await isHealthy(server)));
    assert.equal(await server.stop(), 0);
  });

  test('a busy port is an error that names it', async () => {
    const other = createServer();
    await new Promise((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address();
    const { status, stderr } = run(['serve', '--port', String(port)]);
    other.close();
    assert.notEqual(status, 0);
    assert.ok(stderr.includes(String(port)), stderr);
  });

  test('two servers do not share a port', async () => {
    const server = await serve();
    const { port } = new URL(server.url);
    const { status, stderr } = run(['serve', '--port', port]);
    assert.notEqual(status, 0);
    assert.ok(stderr.includes(port), stderr);
    assert.equal(await server.stop(), 0);
  });

  const models = (server, key) => fetch(`${server.baseURL}/models`, { headers: { authorization: `Bearer ${key}` } });

  test('a flag has a twin in the environment', async () => {
    const server = await serve([], { MIMUS_API_KEY: 'sk-from-environment' });
    assert.equal((await models(server, 'sk-other')).status, 401);
    assert.equal((await models(server, 'sk-from-environment')).status, 200);
    assert.equal(await server.stop(), 0);
  });

  test('a flag may stand in a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mimus-config-'));
    writeFileSync(join(folder, 'mimus.toml'), '[serve]\napi-key = ["sk-from-file"]\nchunk-tokens = 3\n');
    const server = await serve(['--config', join(folder, 'mimus.toml')]);
    assert.equal((await models(server, 'sk-other')).status, 401);
    assert.equal((await models(server, 'sk-from-file')).status, 200);
    assert.equal(await server.stop(), 0);
    rmSync(folder, { recursive: true });
  });

  test('one access line a request, as JSON, without key and prompt', async () => {
    const server = await serve(['--log-level', 'info', '--log-format', 'json']);
    const response = await fetch(`${server.baseURL}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-very-secret', 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'a private matter' }] }),
    });
    const id = response.headers.get('x-request-id');
    await response.text();
    assert.equal(await server.stop(), 0);
    const line = server.log().split('\n').find((text) => text.includes(id));
    assert.equal(JSON.parse(line).status, 200);
    assert.equal(JSON.parse(line).path, '/v1/chat/completions');
    assert.doesNotMatch(server.log(), /very-secret|private matter/);
  });
});
