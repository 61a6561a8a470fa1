// The checker against the mock, in every dialect: nothing to complain of, quickly, and in little memory. A finding here
// is a false alarm of the one or a mistake of the other.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { Ajv } from 'ajv';
import { binary, serve } from './server.mjs';

const folder = mkdtempSync(join(tmpdir(), 'mimus-check-'));
after(() => rmSync(folder, { recursive: true }));

const keys = { gemini: 'AIzaMimusCheck0123456789', ozwell: 'ozw_check0123456789' };
const keyOf = (dialect) => keys[dialect] ?? 'sk-check0123456789abcdef';

// Whether a command can tell how much memory another took.
const gnuTime = existsSync('/usr/bin/time');

const schema = JSON.parse(spawnSync(binary, ['report-schema'], { encoding: 'utf8' }).stdout);
const conforms = new Ajv({ allErrors: true }).compile(schema);

// Runs `mimus check` and gives its exit code, its JSON report, and what it cost.
function check(url, dialect, flags = []) {
  const report = join(folder, 'report.json');
  const own = [binary, 'check', url, '--dialect', dialect, '--api-key', keyOf(dialect), '--report', `json=${report}`, ...flags];
  const [command, ...args] = gnuTime ? ['/usr/bin/time', '-f', 'kilobytes %M', ...own] : own;
  const start = performance.now();
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8', timeout: 60_000 });
  const milliseconds = performance.now() - start;
  const kilobytes = Number(stderr.match(/^kilobytes (\d+)$/m)?.[1] ?? 0);
  const json = JSON.parse(readFileSync(report, 'utf8'));
  assert.ok(conforms(json), JSON.stringify(conforms.errors));
  return { status, stderr, milliseconds, kilobytes, ...json };
}

const findings = ({ checks }) =>
  checks
    .filter(({ verdict, known }) => ['fail', 'warn', 'error'].includes(verdict) && !known)
    .map(({ id, verdict, evidence, expected, found, reason }) => `${verdict} ${id} [${evidence?.probe}]: expected ${expected}, found ${found} ${reason ?? ''}`);

// How many checks must at least apply: each document offers another part of the API.
const dialects = { openai: 300, ramclouds: 200, platform: 190, ozwell: 250, choreo: 200, gemini: 20 };

for (const [dialect, least] of Object.entries(dialects)) {
  describe(`the mock as ${dialect}`, () => {
    test('passes every check that applies', async () => {
      const server = await serve(['--dialect', dialect, '--api-key', keyOf(dialect)]);
      try {
        const run = check(server.url, dialect, ['--expect-auth', '--all']);
        assert.deepEqual(findings(run), []);
        assert.equal(run.status, 0, run.stderr);
        assert.ok(run.summary.pass >= least, JSON.stringify(run.summary));
        console.log(`${dialect}: ${run.requests} requests, ${run.summary.pass} checks passed, ${Math.round(run.milliseconds)} ms, ${run.kilobytes} kB`);
        assert.ok(run.milliseconds < 15_000, `${run.milliseconds} ms`); // 5 s are promised, of a machine of its own
        assert.ok(run.kilobytes < 30 * 1024, `${run.kilobytes} kB`);
      } finally {
        await server.stop();
      }
    });
  });
}
