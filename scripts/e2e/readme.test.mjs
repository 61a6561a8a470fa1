// Runs the README's commands literally, block by block, in a copy of its order. Only the port is another: the README's
// 8080 may be taken, so the server is asked for a free one (MIMUS_PORT) and the later commands go there.
// A block that starts a server runs until the end; a js block runs where the client packages are installed.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, test } from 'node:test';
import { judge, watch } from './recorder.mjs';
import { binary, root } from './server.mjs';

const blocks = [...readFileSync(join(root, 'README.md'), 'utf8').matchAll(/^```(sh|js)\n([^]*?)^```$/gm)]
  .map(([, language, text]) => ({ language, text }));
const servers = [];
let port = '8080';

after(async () => {
  for (const { server, folder } of servers) {
    server.kill('SIGTERM');
    if (server.exitCode === null) await once(server, 'exit');
    judge(folder);
    rmSync(folder, { recursive: true });
  }
});

// scripts/mimus replaces itself with the binary, so ending this process ends the server.
async function startServer(command) {
  const folder = mkdtempSync(join(tmpdir(), 'mimus-readme-'));
  const tap = watch(binary, folder, command.trim().split(/\s+/));
  const server = spawn('bash', ['-c', `exec ${command.trim()}`], { cwd: root, env: { ...process.env, ...tap, MIMUS_PORT: '0' }, stdio: ['ignore', 'pipe', 'inherit'] });
  servers.push({ server, folder });
  const [line] = await once(createInterface({ input: server.stdout }), 'line');
  assert.match(line, /^mimus ready on http:\/\/127\.0\.0\.1:\d+$/);
  port = line.split(':').at(-1);
}

function runShell(text) {
  const { status, stdout, stderr } = spawnSync('bash', ['-euc', text], { cwd: root, encoding: 'utf8', timeout: 60_000 });
  assert.equal(status, 0, stderr);
  assert.ok(stdout.length > 0, 'it printed nothing');
  assert.doesNotMatch(stdout, /"error"/);
}

function runScript(text) {
  const file = join(root, 'scripts/e2e/.readme.mjs');
  writeFileSync(file, text);
  const { status, stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8', timeout: 60_000 });
  rmSync(file);
  assert.equal(status, 0, stderr);
  assert.ok(stdout.length > 0, 'it printed nothing');
}

test('the README has commands', () => assert.ok(blocks.length >= 3));

for (const { language, text } of blocks) {
  test(text.split('\n')[0], async () => {
    // These run this very test, or for minutes: that they exist and explain themselves has to do.
    if (/^scripts\/(test|bench)\b/.test(text)) return runShell(text.replaceAll(/^(scripts\/\w+).*$/gm, '$1 --help'));
    if (/^scripts\/mimus serve/.test(text)) return startServer(text);
    const here = text.replaceAll('8080', port);
    return language === 'js' ? runScript(here) : runShell(here);
  });
}
