// mimus check --loopback: gateways between mimus and mimus. One that passes bytes on is not complained of, each known bug
// is reported by its own check, and a real gateway is judged as docs/conformance.md says.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRequire } from 'node:module';
import { after, describe, test } from 'node:test';
import { freePort, gateway, listening } from './gateway.mjs';
import { binary, root, serve } from './server.mjs';

const folder = mkdtempSync(join(tmpdir(), 'mimus-loopback-'));
after(() => rmSync(folder, { recursive: true }));

const key = 'sk-loopback0123456789';
let reports = 0;

// Runs `mimus check` and gives its exit code, what it printed, and its JSON report.
async function check(args) {
  const report = join(folder, `report${++reports}.json`);
  const child = spawn(binary, ['check', ...args, '--api-key', key, '--report', 'console', '--report', `json=${report}`], { stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, err] = [[], []];
  child.stdout.on('data', (piece) => out.push(piece));
  child.stderr.on('data', (piece) => err.push(piece));
  const [status] = await once(child, 'close');
  const stderr = Buffer.concat(err).toString();
  const json = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : {};
  return { status, stdout: Buffer.concat(out).toString(), stderr, ...json };
}

const verdicts = ({ checks }) => Object.fromEntries(checks.map(({ id, verdict }) => [id, verdict]));
const findings = ({ checks }, which = ['fail', 'warn', 'error']) =>
  checks.filter(({ verdict }) => which.includes(verdict)).map(({ id, verdict }) => `${verdict} ${id}`).sort();

// A page of HTML is passed on as it is by a gateway that passes everything on.
const passedOn = ['warn resilience.upstream-html.json'];

// Each run waits most of its time: for a slow upstream, and for gateways that do not hang up.
describe('mimus check --loopback', { concurrency: 4 }, () => {
  test('has nothing but HTML to say of a relay, with every check there is, and says it again from the evidence', async () => {
    const port = await freePort();
    const relay = await serve(['--record', join(folder, 'relayed.json'), '--upstream', `http://127.0.0.1:${port}/v1`]);
    try {
      const evidence = join(folder, 'evidence');
      const run = await check([relay.baseURL, '--all', '--loopback', `${port}`, '--evidence', evidence]);
      assert.deepEqual(findings(run), passedOn, run.stdout);
      assert.equal(run.status, 0);
      assert.equal(run.areas.loopback.pass, run.checks.filter(({ class: name }) => name === 'loopback').length - passedOn.length);
      const again = await check(['--replay', evidence, '--all']);
      assert.deepEqual(verdicts(again), verdicts(run));
      for (const file of readdirSync(evidence)) assert.ok(!readFileSync(join(evidence, file)).includes(key), file);
    } finally {
      await relay.stop();
    }
  });

  test('does the same for Gemini', async () => {
    const port = await freePort();
    const relay = await serve(['--dialect', 'gemini', '--record', join(folder, 'gemini.json'), '--upstream', `http://127.0.0.1:${port}/v1beta`]);
    try {
      const run = await check([`${relay.url}/v1beta`, '--dialect', 'gemini', '--loopback', `${port}`]);
      assert.deepEqual(findings(run), [], run.stdout);
      assert.equal(run.areas['gemini.loopback'].pass, 4, run.stdout);
    } finally {
      await relay.stop();
    }
  });

  // What a gateway does wrong, and the checks that must say so, and no others.
  const bugs = {
    'asks six times': [{ tries: 6 }, ['warn ratelimit.no-amplify', 'warn resilience.no-amplify']],
    'drops seed': [{ change: ({ seed, ...rest }) => rest }, ['warn forwarded.sampling']],
    'drops tools': [{ change: ({ tools, ...rest }) => rest }, ['fail forwarded.responses', 'fail forwarded.tools']],
    'asks for another prompt': [{ change: (body) => ({ ...body, messages: body.messages && [{ role: 'system', content: 'Be brief.' }, ...body.messages] }) }, ['fail forwarded.messages']],
    'stays when its client leaves': [{ stays: true }, ['warn resilience.disconnect', 'warn resilience.disconnect.waiting']],
    'makes 500 of 429': [{ status: (code) => (code === 429 ? 500 : code) }, ['fail ratelimit.relay']],
    'makes 502 of 400': [{ status: (code) => (code === 400 ? 502 : code) }, ['fail resilience.upstream-400']],
    'makes 200 of 500': [{ status: (code) => (code >= 500 ? 200 : code) }, ['fail resilience.upstream-5xx', 'fail resilience.upstream-html']],
    'ends what broke off': [{ finishes: true }, ['fail chat.stream.error.visible']],
    'cuts characters': [{ spoil: (piece) => piece.toString('utf8') }, ['fail resilience.split-utf8']],
    'counts tokens itself': [{ spoil: (piece) => Buffer.from(piece.toString('latin1').replaceAll('4711', '4712'), 'latin1') }, ['fail usage.relay']],
  };
  for (const [name, [faults, expected]] of Object.entries(bugs)) {
    test(`notices a gateway that ${name}`, async () => {
      const port = await freePort();
      const wrong = await gateway(port, faults);
      try {
        const run = await check([wrong.url, '--select', 'loopback', '--loopback', `${port}`, '--model', 'gpt-4o']);
        // A page of HTML that came with 200 is another check's matter.
        const found = findings(run).filter((line) => !passedOn.includes(line));
        assert.deepEqual(found, expected, run.stdout);
        assert.equal(run.status, expected.some((line) => line.startsWith('fail')) ? 1 : 0);
      } finally {
        await wrong.stop();
      }
    });
  }

  // The two commands of the manual, on ports that are free.
  test('runs as docs/conformance.md shows it', async () => {
    const manual = readFileSync(join(root, 'docs/conformance.md'), 'utf8');
    const [, block] = manual.match(/<!-- loopback example -->\n```\n([^]*?)```/);
    const ports = { 8090: await freePort(), 9009: await freePort() };
    const [server, checker] = block.trim().split('\n').map((line) =>
      line.replace(/#.*$/, '').replaceAll(/8090|9009/g, (port) => ports[port]).replace('relayed.json', join(folder, 'example.json')).trim().split(/ +/));
    assert.deepEqual([server.slice(0, 2), checker.slice(0, 2)], [['mimus', 'serve'], ['mimus', 'check']]);
    const child = spawn(binary, server.slice(1), { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      await once(child.stdout, 'data'); // the ready line
      const run = await check([...checker.slice(2).filter((word, i, all) => word !== '--api-key' && all[i - 1] !== '--api-key'), '--select', 'loopback']);
      assert.equal(run.status, 0, run.stdout);
      assert.deepEqual(findings(run), passedOn);
    } finally {
      child.kill();
      await once(child, 'exit');
    }
  });

  test('tells that no request reached it', async () => {
    const port = await freePort();
    const elsewhere = await serve();
    try {
      const run = await check([elsewhere.baseURL, '--select', 'loopback', '--loopback', `${port}`]);
      assert.equal(run.status, 3);
      assert.match(run.stdout, new RegExp(`Nothing was measured: no request reached the upstream on port ${port}: is the gateway's route pointed at it\\?`));
      assert.equal(run.summary.inconclusive, run.checks.length);
      assert.ok(run.requests <= 2, `${run.requests}`); // the models, and one that went astray
    } finally {
      await elsewhere.stop();
    }
  });

  test('says that its checks need it', async () => {
    const run = await check(['http://127.0.0.1:1/v1', '--select', 'resilience.disconnect']);
    assert.equal(run.status, 3);
    assert.match(run.stdout, /needs mimus as the upstream of the target \(--loopback\)/);
    assert.equal(run.requests, 0);
    const all = await check(['http://127.0.0.1:1/v1', '--list']);
    assert.doesNotMatch(all.stdout, / loopback /);
  });

  test('refuses a port that is none or taken, and a header that is none', async () => {
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const busy = await check(['http://127.0.0.1:1/v1', '--loopback', `${taken.address().port}`]);
    assert.equal(busy.status, 3);
    assert.match(busy.stderr, /--loopback \d+: .*in use/);
    taken.close();
    for (const port of ['abc', '0', '65536']) {
      const wrong = await check(['http://127.0.0.1:1/v1', '--loopback', port]);
      assert.equal(wrong.status, 2);
      assert.match(wrong.stderr, /--loopback.*1 to 65535/);
    }
    const headers = { 'no colon': /expected 'Name: value'/, 'Content-Length: 3': /frames its requests itself/, 'Authorization: Bearer x': /expected --api-key/ };
    for (const [text, message] of Object.entries(headers)) {
      const header = await check(['http://127.0.0.1:1/v1', '--header', text]);
      assert.equal(header.status, 2, text);
      assert.match(header.stderr, message);
      assert.match(header.stderr, /--header/);
    }
  });

  test('keeps the values of headers that look like keys to itself', async () => {
    const port = await freePort();
    const fine = await gateway(port);
    try {
      const evidence = join(folder, 'headers');
      const run = await check([fine.url, '--select', 'loopback.answer', '--loopback', `${port}`, '--model', 'gpt-4o', '-v',
        '--header', 'x-route: swans', '--header', 'x-gateway-api-key: topsecret-0123456789', '--evidence', evidence]);
      assert.equal(run.status, 0, run.stdout);
      const request = readFileSync(join(evidence, 'loopback.route.json'), 'utf8');
      assert.match(request, /\["x-route","swans"\]/);
      assert.match(readFileSync(join(evidence, 'loopback.route.upstream'), 'utf8'), /\["x-route","swans"\]/);
      for (const file of readdirSync(evidence)) assert.ok(!readFileSync(join(evidence, file)).includes('topsecret'), file);
    } finally {
      await fine.stop();
    }
  });
});

// With its defaults nginx speaks HTTP/1.0 upstream, where the end of a connection is the end of a reply, and collects.
const nginx = ['/usr/sbin/nginx', '/usr/bin/nginx', '/usr/local/bin/nginx'].find((file) => existsSync(file));
describe('nginx', { skip: nginx === undefined && 'there is no nginx here', concurrency: 2 }, () => {
  const settings = {
    'as it comes': ['', ['warn chat.stream.error.visible', 'warn chat.stream.unbuffered', ...passedOn]],
    'that does not buffer': ['proxy_http_version 1.1; proxy_buffering off;', passedOn],
  };
  for (const [name, [directives, expected]] of Object.entries(settings)) {
    test(name, async () => {
      const [own, port] = [await freePort(), await freePort()];
      const place = mkdtempSync(join(folder, 'nginx-'));
      const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${place}/${kind};`).join(' ');
      writeFileSync(join(place, 'nginx.conf'), `daemon off; master_process off; pid ${place}/pid; error_log stderr;
        events { } http { access_log off; ${paths} server { listen 127.0.0.1:${own};
        location / { proxy_pass http://127.0.0.1:${port}; ${directives} } } }`);
      const child = spawn(nginx, ['-p', place, '-c', join(place, 'nginx.conf'), '-e', 'stderr'], { stdio: 'ignore' });
      try {
        await listening(own);
        const run = await check([`http://127.0.0.1:${own}/v1`, '--select', 'loopback', '--loopback', `${port}`, '--model', 'gpt-4o']);
        assert.deepEqual(findings(run), expected, run.stdout);
      } finally {
        child.kill();
        await once(child, 'exit');
      }
    });
  }
});

// Each finding was read at the wire; docs/conformance.md tells about them.
describe('@portkey-ai/gateway', () => {
  const program = join(createRequire(import.meta.url).resolve('@portkey-ai/gateway/package.json'), '../build/start-server.js');

  async function portkey(port) {
    const child = spawn(process.execPath, [program, '--headless', `--port=${port}`], { stdio: ['ignore', 'pipe', 'ignore'], env: { ...process.env, NODE_ENV: 'production' } });
    const said = [];
    for await (const piece of child.stdout) {
      said.push(piece);
      if (Buffer.concat(said).includes('Ready for connections')) break;
    }
    child.stdout.resume();
    return child;
  }

  test('in front of mimus is judged as the manual says', { timeout: 90_000 }, async () => {
    const [own, port] = [await freePort(), await freePort()];
    const child = await portkey(own);
    try {
      const run = await check([`http://127.0.0.1:${own}/v1`, '--all', '--loopback', `${port}`, '--model', 'gpt-4o',
        '--header', 'x-portkey-provider: openai', '--header', `x-portkey-custom-host: http://127.0.0.1:${port}/v1`]);
      const found = findings(run);
      assert.deepEqual(found, [
        'fail errors.envelope.object',
        'fail errors.json.malformed',
        'fail transcriptions.text',
        'warn chat.stream.error.visible',
        'warn resilience.disconnect',
        'warn resilience.disconnect.waiting',
        'warn resilience.empty-body',
        'warn resilience.upstream-html.json',
      ], run.stdout);
      const manual = readFileSync(join(root, 'docs/conformance.md'), 'utf8');
      const { version } = JSON.parse(readFileSync(join(program, '../../package.json'), 'utf8'));
      assert.ok(manual.includes(`\`@portkey-ai/gateway\` ${version}`));
    } finally {
      child.kill();
      await once(child, 'exit');
    }
  });
});
