// Runs the examples of docs/control.md in their order: each curl line against a server, its answer compared with the
// comment below it, in which a * stands for anything.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root, serve } from './server.mjs';

const page = readFileSync(join(root, 'docs/control.md'), 'utf8');
const [, flags] = page.match(/^mimus serve (.*)$/m);
const [, fixtures] = page.match(/^```jsonc\n([^]*?)^```$/m);
const examples = [...page.matchAll(/^```sh\n([^]*?)^```$/gm)].flatMap(([, block]) =>
  [...block.matchAll(/^(curl .*)\n# (\d{3}) (.*)$/gm)].map(([, command, status, body]) => ({ command, status, body })));

const folder = mkdtempSync(join(tmpdir(), 'mimus-manual-'));
let server;
before(async () => {
  writeFileSync(join(folder, 'birds.json'), fixtures);
  server = await serve(flags.replace('birds.json', join(folder, 'birds.json')).split(' '));
  for (const content of ['Hello', 'Retry me', 'Retry me']) {
    const response = await fetch(`${server.baseURL}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-manual', 'content-type': 'application/json', 'x-mimus-test': 't1' },
      body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content }] }),
    });
    await response.text();
  }
});
after(async () => {
  assert.equal(await server.stop(), 0);
  rmSync(folder, { recursive: true });
});

test('the page has examples, each with its answer', () => {
  assert.ok(examples.length >= 14);
  assert.equal(examples.length, [...page.matchAll(/^curl /gm)].length);
});

const pattern = (text) => new RegExp(`^${text.split('*').map((part) => part.replaceAll(/[.?+^${}()|[\]\\]/g, '\\$&')).join('[^]*')}$`);

for (const { command, status, body } of examples) {
  test(command, () => {
    const script = `${command.replace(/^curl/, "curl -s -w '\\n%{http_code}'")}`;
    const { stdout } = spawnSync('bash', ['-c', script], { encoding: 'utf8', timeout: 20_000, env: { ...process.env, M: server.url } });
    const lines = stdout.trimEnd().split('\n');
    assert.equal(lines.pop(), status, stdout);
    assert.match(lines.join('\n').trimEnd(), pattern(body));
  });
}
