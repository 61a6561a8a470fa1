// The confusion matrix over the running mock: for each deviation a mimus serve that commits it, and mimus check, whose
// own check must report it. With MIMUS_UPDATE=1 the table in docs/conformance.md is written anew; else it must be current.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { binary, root, serve } from './server.mjs';

const folder = mkdtempSync(join(tmpdir(), 'mimus-deviations-'));
after(() => rmSync(folder, { recursive: true }));

async function run(args) {
  const child = spawn(binary, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err] = [[], []];
  child.stdout.on('data', (piece) => out.push(piece));
  child.stderr.on('data', (piece) => err.push(piece));
  const [status] = await once(child, 'close');
  return { status, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() };
}

const listed = (await run(['deviations'])).stdout;

// Those of class loopback are a gateway's between two servers: loopback_deviations.test.mjs.
const classes = (await run(['check', '--list', '--all'])).stdout + (await run(['check', '--list', '--all', '--dialect', 'gemini'])).stdout;
const ofLoopback = new Set([...classes.matchAll(/^(\S+) +\S+ +loopback /gm)].map(([, id]) => id));
const ids = [...listed.matchAll(/^(\S+)$/gm)].map(([, id]) => id).filter((id) => !ofLoopback.has(id));

// What `serve` cannot commit, with the reason.
const notServed = Object.fromEntries([...listed.matchAll(/^(\S+)\n    .*\n    not served: (.*)$/gm)].map(([, id, reason]) => [id, reason]));
const beyondTheServer = Object.fromEntries(Object.entries(notServed).filter(([id]) => !ofLoopback.has(id)));

const key = (id) => (id.startsWith('gemini') ? 'AIzaDeviations0123456789' : 'sk-deviations0123456789');
const flags = (id) => ['--api-key', key(id), '--dialect', id.startsWith('gemini') ? 'gemini' : 'openai', '--deviate', id];

// The checks that complain of a mock that commits `id`.
async function complaints(id) {
  const server = await serve([...flags(id), ...(id === 'chat.stream.incremental' ? ['--token-delay', '1ms'] : [])]);
  try {
    const report = join(folder, `${id}.json`);
    await run(['check', server.url, '--all', '--expect-auth', '--api-key', key(id), '--dialect', id.startsWith('gemini') ? 'gemini' : 'openai',
      '--report', `json=${report}`]);
    const { checks } = JSON.parse(readFileSync(report, 'utf8'));
    return checks.filter(({ verdict }) => ['fail', 'warn', 'info', 'error'].includes(verdict)).map((check) => check.id);
  } finally {
    await server.stop();
  }
}

const matrix = new Map(); // id -> the checks that complain
const always = new Set(); // those that complain of a mock without a deviation: facts worth knowing

describe('serve --deviate', () => {
  test('names are those of checks', async () => {
    assert.ok(ids.length > 300, `${ids.length}`);
    assert.equal(new Set(ids).size, ids.length);
    const wrong = await run(['serve', '--port', '0', '--deviate', 'chat.stream.role-twice']);
    assert.equal(wrong.status, 2);
    assert.match(wrong.stderr, /--deviate.*chat\.stream\.role-once/);
  });

  test('what cannot be served is refused at the start, with the reason', async () => {
    assert.deepEqual(Object.keys(beyondTheServer).sort(), ['transport.cors.on-errors', 'transport.cors.preflight']);
    for (const [id, reason] of Object.entries(notServed)) {
      const { status, stderr } = await run(['serve', '--port', '0', '--deviate', id]);
      assert.equal(status, 2);
      assert.ok(stderr.includes(`${id}: cannot be served: ${reason}`), stderr);
    }
  });

  test('a directive asks for one on one request', async () => {
    const server = await serve();
    try {
      const call = (directive, model = 'gpt-4o') =>
        fetch(`${server.baseURL}/chat/completions`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', authorization: 'Bearer sk-1', ...(directive ? { 'x-mimus': directive } : {}) },
          body: JSON.stringify({ model, messages: [{ role: 'user', content: 'hi' }] }),
        });
      assert.equal((await (await call()).json()).object, 'chat.completion');
      assert.equal((await (await call('deviate=chat.object')).json()).object, 'text_completion');
      assert.equal((await (await call('', 'gpt-4o;deviate=chat.object;deviate=chat.id')).json()).id, '');
      const wrong = await call('deviate=chat.objekt');
      assert.equal(wrong.status, 400);
      assert.match((await wrong.json()).error.message, /chat\.object/);
    } finally {
      await server.stop();
    }
  });

  test('each is reported by its own check', { timeout: 280_000 }, async () => {
    for (const id of await complaintsOfGood()) always.add(id);
    const waiting = ids.filter((id) => !(id in beyondTheServer));
    await Promise.all(Array.from({ length: 3 }, async () => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        matrix.set(id, (await complaints(id)).filter((other) => other === id || !always.has(other)));
      }
    }));
    const missed = [...matrix].filter(([id, found]) => !found.includes(id)).map(([id, found]) => `${id}: ${found.join(', ') || 'nothing'}`);
    assert.deepEqual(missed.sort(), []);
  });

  test('docs/conformance.md has the matrix as it is', () => {
    const page = join(root, 'docs/conformance.md');
    const text = readFileSync(page, 'utf8');
    const [begin, end] = ['<!-- matrix -->\n', '<!-- /matrix -->'];
    const [before, behind] = [text.slice(0, text.indexOf(begin) + begin.length), text.slice(text.indexOf(end))];
    const current = before + table() + behind;
    if (process.env.MIMUS_UPDATE) writeFileSync(page, current);
    assert.equal(text, process.env.MIMUS_UPDATE ? text : current);
  });
});

async function complaintsOfGood() {
  const server = await serve(['--api-key', key('')]);
  try {
    const report = join(folder, 'good.json');
    await run(['check', server.url, '--all', '--expect-auth', '--api-key', key(''), '--report', `json=${report}`]);
    return JSON.parse(readFileSync(report, 'utf8')).checks.filter(({ verdict }) => verdict === 'info').map(({ id }) => id);
  } finally {
    await server.stop();
  }
}

// One row for each area: deviations, reported by their own check, and by that alone; then what the rest met.
function table() {
  const areas = new Map();
  for (const id of ids) {
    const area = id.split('.')[0];
    const row = areas.get(area) ?? { all: 0, own: 0, alone: 0, beyond: 0 };
    areas.set(area, row);
    row.all += 1;
    if (id in beyondTheServer) row.beyond += 1;
    const found = matrix.get(id) ?? [];
    if (found.includes(id)) row.own += 1;
    if (found.length === 1 && found[0] === id) row.alone += 1;
  }
  const cells = (name, row) => `| ${name} | ${row.all} | ${row.own} | ${row.alone} | ${row.own - row.alone} | ${row.beyond} |\n`;
  const sum = { all: 0, own: 0, alone: 0, beyond: 0 };
  let text = '| checks of | deviations | reported by their own check | by it alone | by others too | beyond the server |\n|---|---|---|---|---|---|\n';
  for (const [name, row] of areas) {
    for (const column of Object.keys(sum)) sum[column] += row[column];
    text += cells(name, row);
  }
  text += cells('all', sum);
  const shared = [...matrix].filter(([id, found]) => found.includes(id) && found.length > 1).sort();
  for (const [id, found] of shared) text += `\n- \`${id}\` is seen by ${found.filter((other) => other !== id).map((other) => `\`${other}\``).join(', ')} as well`;
  for (const [id, reason] of Object.entries(beyondTheServer)) text += `\n- \`${id}\`: ${reason}`;
  return text + '\n';
}
