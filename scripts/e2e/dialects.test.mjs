// mimus dialects, and the dialects together: each at its own paths below its name.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { binary, root, serverFor } from './server.mjs';

const run = (args) => spawnSync(binary, args, { encoding: 'utf8', timeout: 20_000 });

test('mimus dialects lists each with its sources and plans', () => {
  const { status, stdout } = run(['dialects']);
  assert.equal(status, 0);
  for (const name of ['choreo', 'gemini', 'openai', 'ozwell', 'platform', 'ramclouds']) assert.match(stdout, new RegExp(`^${name} +\\S.*, \\d+ endpoints below /`, 'm'));
  assert.match(stdout, /plans: enterprise, free, pro, standard/);
  assert.match(stdout, /source: 003, Backend API Documentation \(Ozwell\)/);
});

test('show prints the whole as JSON, and --raw the file as it stands', () => {
  const shown = JSON.parse(run(['dialects', 'show', 'ozwell']).stdout);
  assert.equal(shown.extends, undefined);
  assert.equal(shown.errors.invalid_api_key.message, 'Invalid API key provided');
  assert.equal(shown.auth.scheme, 'Bearer'); // of what it extends
  assert.equal(run(['dialects', 'show', 'ozwell', '--raw']).stdout, readFileSync(join(root, 'fixtures/dialects/ozwell.json'), 'utf8'));
});

test('a wrong file is told with place, expectation and finding', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mimus-dialects-'));
  const file = join(folder, 'mine.json');
  for (const [text, says] of [
    ['{"extends":"openai",\n "titel":"x"}', /mine\.json:2:\d+: \/titel: unknown key, did you mean "title"\?/],
    ['{"extends":"openai", "endpoints": {"embedings": {"method":"POST","path":"/e"}}}', /\/endpoints\/embedings: .*did you mean "embeddings"\?/],
    ['{"extends":"openai", "auth": {"required": "no"}}', /\/auth\/required: expected true or false, found "no"/],
    ['{"extends":"openia"}', /mine\.json:1:\d+: \/extends: openia: no such dialect: expected choreo, gemini, openai, /],
    ['{', /mine\.json:1:\d+: not valid JSON/],
  ]) {
    writeFileSync(file, text);
    for (const args of [['dialects', 'show', file], ['serve', '--port', '0', '--dialect', file]]) {
      const { status, stdout, stderr } = run(args);
      assert.equal(status, 3, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, says);
    }
  }
  rmSync(folder, { recursive: true });
});

for (const args of [['dialects', 'shwo'], ['dialects', 'show']]) {
  test(`${args.join(' ')}: exit 2`, () => assert.equal(run(args).status, 2));
}

const all = serverFor({ before, after }, ['openai', 'ramclouds', 'platform', 'ozwell', 'choreo'].flatMap((name) => ['--dialect', name]));

test('all of them together, each below its name and the first also at home', async () => {
  const body = JSON.stringify({ model: 'gpt-5', messages: [{ role: 'user', content: 'Hi' }] });
  const headers = { authorization: 'Bearer k', 'content-type': 'application/json' };
  for (const path of ['/v1', '/openai/v1', '/ramclouds/v1', '/platform/api/v1', '/ozwell/v1', '/choreo/v1']) {
    const reply = await fetch(`${all.url}${path}/chat/completions`, { method: 'POST', headers, body });
    assert.equal(reply.status, 200, path);
    await reply.arrayBuffer();
    const refused = await fetch(`${all.url}${path}/chat/completions`, { method: 'POST', body });
    const { error } = await refused.json();
    assert.equal(refused.status, 401, path);
    assert.equal(error.type, path.endsWith('openai/v1') || path === '/v1' ? 'invalid_request_error' : 'authentication_error', path);
  }
  assert.equal((await fetch(`${all.url}/choreo/health`)).status, 200);
  assert.equal((await fetch(`${all.url}/api/v1/models`, { headers })).status, 404);
});
