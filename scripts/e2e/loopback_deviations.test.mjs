// The confusion matrix between two servers: a relay that commits a deviation of class loopback on what it passes on, and
// mimus check at both its ends, whose own check must report it. Those that are not served are in loopback.test.mjs.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { freePort } from './gateway.mjs';
import { binary, root, serve } from './server.mjs';

const folder = mkdtempSync(join(tmpdir(), 'mimus-loopback-deviations-'));
after(() => rmSync(folder, { recursive: true }));

const rows = ['loopback', 'gemini.loopback'].flatMap((area) =>
  JSON.parse(readFileSync(join(root, `fixtures/deviations/${area}.json`), 'utf8')).deviations.map((row) => ({ ...row, area })));
const key = 'AIzaLoopback0123456789';

// The verdicts on a relay that commits the deviation.
async function verdicts({ check: id, area }) {
  const dialect = area.startsWith('gemini') ? 'gemini' : 'openai';
  const port = await freePort();
  const base = dialect === 'gemini' ? 'v1beta' : 'v1';
  const relay = await serve(['--dialect', dialect, '--record', join(folder, `${id}.json`), '--upstream', `http://127.0.0.1:${port}/${base}`, '--deviate', id]);
  try {
    const report = join(folder, `${id}.report.json`);
    const child = spawn(binary, ['check', `${relay.url}/${base}`, '--dialect', dialect, '--api-key', key, '--select', area, '--loopback', `${port}`,
      '--report', `json=${report}`], { stdio: 'ignore' });
    await once(child, 'close');
    return JSON.parse(readFileSync(report, 'utf8')).checks;
  } finally {
    await relay.stop();
  }
}

test('each is reported by its own check', { timeout: 280_000 }, async () => {
  const waiting = rows.filter(({ not_served }) => !not_served);
  assert.ok(waiting.length >= 40, `${waiting.length}`);
  const missed = [];
  // Most of a run is waiting for the slow upstream.
  await Promise.all(Array.from({ length: 16 }, async () => {
    for (let row = waiting.shift(); row !== undefined; row = waiting.shift()) {
      const complaints = (await verdicts(row)).filter(({ verdict }) => ['fail', 'warn', 'info'].includes(verdict)).map(({ id }) => id);
      if (!complaints.includes(row.check)) missed.push(`${row.check}: ${complaints.join(', ') || 'nothing'}`);
    }
  }));
  assert.deepEqual(missed.sort(), []);
});
