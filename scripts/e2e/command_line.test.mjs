// What the command line promises: help, version, exit codes, the ways to set a flag, and that docs/cli.md names them all.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
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

for (const name of ['serve', 'lint', 'convert']) {
  test(`${name} --help tells the exit codes`, () => assert.match(run([name, '--help']).stdout, /^ *Exit codes: 0 .*, 2 wrong usage, 3 /m));
}

for (const args of [['serve', '--no-such-flag'], ['no-such-command'], ['serve', '--port', 'http'], ['serve', '--ttft', '5 parsecs']]) {
  test(`${args.join(' ')}: exit 2, and the message names it`, () => {
    const { status, stdout, stderr } = run(args);
    assert.equal(status, 2, stderr);
    assert.equal(stdout, '');
    assert.ok(stderr.includes(args.at(-1)) || stderr.includes(args[1]), stderr);
  });
}

describe('serve refuses what can only be a mistake', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mimus-mistakes-'));
  after(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'birds.json');
  writeFileSync(file, '{"mimus":1,"fixtures":[]}');
  const config = (text) => {
    const name = join(folder, 'mimus.toml');
    writeFileSync(name, text);
    return name;
  };
  const mistakes = [
    [['--dialect', 'openai', '--dialect', 'openai'], /^mimus: --dialect: "openai" is given twice$/m],
    [['--fixtures', file, '--fixtures', `${folder}/./birds.json`], /^mimus: --fixtures: ".*birds\.json" is given twice$/m],
    [['--fixtures', folder, '--fixtures', `${folder}/`], /^mimus: --fixtures: ".*" is given twice$/m],
    [['--api-key', ''], /^mimus: --api-key: expected a key, found an empty one$/m],
    [['--api-key', 'sk-one', '--api-key', 'sk-one'], /^mimus: --api-key: the same key is given twice$/m],
    [['--max-connections', '0'], /^--max-connections: Value 0 not in range 1 to 1000000$/m],
    [['--watch'], /^mimus: --watch: expected only together with --fixtures/m],
    [['--tls-cert', join(folder, 'none.pem'), '--tls-key', file], /^--tls-cert: File does not exist: .*none\.pem$/m],
    [['--tls-cert', file, '--tls-key', join(folder, 'none.pem')], /^--tls-key: File does not exist: .*none\.pem$/m],
  ];
  for (const [args, message] of mistakes) {
    test(args.join(' ').replaceAll(folder, ''), () => {
      const { status, stderr } = run(['serve', '--port', '0', ...args]);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /sk-one/);
      assert.equal(status, 2);
    });
  }

  const texts = {
    '[serve]\nprot = 1\n': /^mimus: --config .*mimus\.toml: there is no option "serve\.prot", did you mean "serve\.port"\?$/m,
    '[sreve]\nport = 1\n': /^mimus: --config .*mimus\.toml: there is no section "sreve", did you mean "serve"\?$/m,
    'entirely = "else"\n': /^mimus: --config .*mimus\.toml: there is no option "entirely"$/m,
    '[serve]\nrpm = "many"\n': /^mimus: --config .*mimus\.toml: .*--rpm/m,
    '[serve]\nreactors = 65\n': /^mimus: --config .*mimus\.toml: --reactors: Value 65 not in range 0 to 64$/m,
    '[serve]\nttft = "5 parsecs"\n': /^mimus: --config .*mimus\.toml: --ttft: expected a duration/m,
    '[serve]\nstrict = true\nrecord = "a.json"\nupstream = "http://127.0.0.1:1"\n': /^mimus: --config .*mimus\.toml: --strict, --record: /m,
    '[serve]\nport = 70001\nrpm = 0\n': /^mimus: --config .*mimus\.toml: .*--rpm/m,
  };
  for (const [text, message] of Object.entries(texts)) {
    test(`--config with ${JSON.stringify(text)}`, () => {
      const { status, stderr } = run(['--config', config(text), 'serve', '--port', '0']);
      assert.match(stderr, message);
      assert.equal(status, 2);
    });
  }
});

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

  test('the environment wins over the file, the command line over both', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mimus-config-'));
    const file = join(folder, 'mimus.toml');
    writeFileSync(file, '[serve]\napi-key = "sk-from-file"\n');
    const keys = { file: 'sk-from-file', environment: 'sk-from-environment', line: 'sk-from-line' };
    for (const winner of ['environment', 'line']) {
      const server = await serve(['--config', file, ...(winner === 'line' ? ['--api-key', keys.line] : [])], { MIMUS_API_KEY: keys.environment });
      for (const [name, key] of Object.entries(keys)) assert.equal((await models(server, key)).status, name === winner ? 200 : 401, `${winner}: ${name}`);
      assert.equal(await server.stop(), 0);
    }
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
