// mimus serve --record: a second mimus plays the real API. What the client got while recording, it gets again from the
// file, byte for byte and chunk by chunk, without the real API.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import OpenAI from 'openai';
import { binary, root, serve } from './server.mjs';

const folder = mkdtempSync(join(tmpdir(), 'mimus-record-'));
after(() => rmSync(folder, { recursive: true }));
const dummyKey = 'sk-dummy-of-the-client';
const realKey = 'sk-real-key-0123456789';
const clientOf = (server, options = {}) => new OpenAI({ apiKey: dummyKey, baseURL: server.baseURL, maxRetries: 0, ...options });
const user = (content) => ({ role: 'user', content });
const weatherTool = { type: 'function', function: { name: 'get_weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } } };

// A tenth of a second of silence.
const wav = Buffer.alloc(44 + 1600);
wav.write('RIFF\x64\x06\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\x40\x1f\0\0\x80\x3e\0\0\x02\0\x10\0data\x40\x06\0\0', 'latin1');

// The fixtures of the "real" API, where they matter.
const realFixtures = join(folder, 'real.json');
writeFileSync(realFixtures, JSON.stringify({ mimus: 1, fixtures: [
  { when: { last_user: 'too fast' }, replies: [{ error: 'rate_limited_requests', headers: { 'retry-after': '1' } }, { text: 'Now it is fine.' }] },
  { when: { last_user: 'broken' }, reply: { text: 'This one breaks off in the middle of it.', fault: 'cut:after_chunks=2,end=reset' } },
  { when: { last_user: 'weather?', has_tool_result: false }, reply: { tool_calls: [{ name: 'get_weather', arguments: { city: 'Paris' } }] } },
  { when: { tool_result_of: 'get_weather' }, reply: { text: 'It is sunny in {{tool_result}}.' } },
] }));

// Sends one request over a connection of its own: status, headers, the chunks as they were framed, and the whole body.
function raw(server, body, path = '/v1/chat/completions', method = 'POST') {
  const text = body === undefined ? '' : JSON.stringify(body);
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    const parts = [];
    const socket = connect(Number(port), hostname, () => socket.write(
      `${method} ${path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${dummyKey}\r\nContent-Type: application/json\r\n` +
      `Content-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`));
    socket.on('data', (data) => parts.push(data));
    socket.on('error', reject);
    socket.on('close', () => resolve(taken(Buffer.concat(parts))));
  });
}

function taken(bytes) {
  const end = bytes.indexOf('\r\n\r\n');
  const [statusLine, ...lines] = bytes.subarray(0, end).toString().split('\r\n');
  const headers = new Headers(lines.map((line) => line.split(/: (.*)/s).slice(0, 2)));
  const rest = bytes.subarray(end + 4);
  const status = Number(statusLine.split(' ')[1]);
  if (headers.get('transfer-encoding') !== 'chunked') return { status, headers, body: rest.toString('latin1'), chunks: null };
  const chunks = [];
  let at = 0;
  let size;
  do {
    const line = rest.indexOf('\r\n', at);
    if (line < 0) return { status, headers, chunks, body: chunks.join(''), isCut: true };
    size = parseInt(rest.subarray(at, line).toString(), 16);
    if (size > 0) chunks.push(rest.subarray(line + 2, line + 2 + size).toString('latin1'));
    at = line + 2 + size + 2;
  } while (size > 0);
  return { status, headers, chunks, body: chunks.join(''), isCut: false };
}

const questions = {
  whole: { model: 'gpt-4o', messages: [user('Sing "{{now}}" to me, é')] },
  streamed: { model: 'gpt-4o', messages: [user('Sing to me')], stream: true, stream_options: { include_usage: true } },
  'unknown model': { model: 'no-such-model', messages: [user('Hi')] },
  refused: { model: 'gpt-4o', messages: [user('Hi')], temperature: 17 },
};
const others = { models: ['/v1/models', 'GET'], 'one model': ['/v1/models/gpt-4o', 'GET'], 'no model': ['/v1/models/nope', 'GET'], files: ['/v1/files?limit=2', 'GET'] };

async function converse(server) {
  const client = clientOf(server);
  const said = [];
  const messages = [user('weather?')];
  for (let turn = 0; turn < 2; ++turn) {
    const { choices: [{ message }] } = await client.chat.completions.create({ model: 'gpt-4o', messages, tools: [weatherTool] });
    said.push(message);
    messages.push(message);
    for (const call of message.tool_calls ?? []) messages.push({ role: 'tool', tool_call_id: call.id, content: JSON.parse(call.function.arguments).city });
  }
  const retried = await clientOf(server, { maxRetries: 2 }).chat.completions.create({ model: 'gpt-4o', messages: [user('too fast')] });
  said.push(retried.choices[0].message);
  const response = await client.responses.create({ model: 'gpt-4o', input: 'Who sings?' });
  said.push({ id: response.id, text: response.output_text });
  const events = [];
  for await (const event of await client.responses.create({ model: 'gpt-4o', input: 'Who sings?', stream: true })) events.push(event);
  said.push(events);
  said.push(await client.embeddings.create({ model: 'text-embedding-3-small', input: ['a bird', 'a fish'] }));
  const transcript = await client.audio.transcriptions.create({ model: 'whisper-1', file: new File([wav], 'bird.wav') });
  said.push(transcript.text);
  const file = await client.files.create({ purpose: 'user_data', file: new File(['text'], 'notes.txt') });
  said.push({ id: file.id });
  return said;
}

async function askAll(server) {
  const answers = {};
  for (const [name, body] of Object.entries(questions)) answers[name] = await raw(server, body);
  for (const [name, [path, method]] of Object.entries(others)) answers[name] = await raw(server, undefined, path, method);
  return answers;
}

describe('a recording', () => {
  const file = join(folder, 'recording.json');
  let said, answers, log;

  before(async () => {
    const real = await serve(['--fixtures', realFixtures, '--token-delay', '3ms', '--api-key', realKey]);
    const recorder = await serve(['--record', file, '--upstream', real.baseURL, '--upstream-key-env', 'REAL_KEY'], { REAL_KEY: realKey });
    said = await converse(recorder);
    answers = await askAll(recorder);
    assert.equal(await recorder.stop(), 0);
    assert.equal(await real.stop(), 0);
    log = recorder.log();
  });

  test('gave the answers of the real API', () => {
    assert.equal(said[1].content, 'It is sunny in Paris.');
    assert.equal(said[2].content, 'Now it is fine.');
    assert.equal(answers['unknown model'].status, 404);
    assert.equal(answers.refused.status, 400);
    assert.ok(answers.streamed.chunks.length > 3);
    assert.equal(answers.whole.chunks, null);
  });

  test('is replayed without the real API, byte for byte and chunk by chunk', async () => {
    const replay = await serve(['--fixtures', file]);
    assert.deepEqual(await converse(replay), said);
    const again = await askAll(replay);
    for (const [name, answer] of Object.entries(answers)) {
      assert.equal(again[name].body, answer.body, name);
      assert.deepEqual(again[name].chunks, answer.chunks, name);
      assert.equal(again[name].status, answer.status, name);
      assert.equal(again[name].headers.get('content-type'), answer.headers.get('content-type'), name);
    }
    assert.equal(await replay.stop(), 0);
  });

  test('holds no key, and nothing was logged that should not have happened', () => {
    const text = readFileSync(file, 'utf8');
    assert.doesNotMatch(text, /sk-|proj_mimus|cookie|openai-organization/i);
    assert.equal(log, '');
  });

  test('takes the time that it took', async () => {
    const { fixtures } = JSON.parse(readFileSync(file, 'utf8'));
    const stream = fixtures.find(({ when }) => when.stream && when.endpoint === 'chat.completions').replies[0].raw.chunks;
    const times = stream.map(({ at }) => Number(at.replace('ms', '')));
    assert.deepEqual([...times].sort((a, b) => a - b), times);
    assert.ok(times.at(-1) - times[0] >= 3 * 5, `${times}`);
  });

  test('has no fault that mimus lint would find', () => {
    const { status, stdout, stderr } = spawnSync(binary, ['lint', file], { encoding: 'utf8' });
    assert.equal(status, 0, stdout + stderr);
  });

  test('is added to, and what it has already is not asked again when it is a fixture file as well', async () => {
    const before = readFileSync(file, 'utf8');
    const real = await serve(['--fixtures', realFixtures]);
    const recorder = await serve(['--fixtures', file, '--record', file, '--upstream', real.url]);
    assert.equal((await raw(recorder, questions.whole)).body, answers.whole.body);
    assert.equal(readFileSync(file, 'utf8'), before);
    await raw(recorder, { model: 'gpt-4o', messages: [user('Something new')] });
    assert.equal(JSON.parse(readFileSync(file, 'utf8')).fixtures.length, JSON.parse(before).fixtures.length + 1);
    await recorder.stop();
    await real.stop();
  });
});

test('directives are for mimus itself, and are not relayed', async () => {
  const file = join(folder, 'directives.json');
  const recorder = await serve(['--record', file, '--upstream', 'http://127.0.0.1:9']);
  const reply = await clientOf(recorder).chat.completions.create({ model: 'gpt-4o;echo', messages: [user('Echo')] });
  assert.equal(reply.choices[0].message.content, 'Echo');
  await recorder.stop();
});

test('a stream passes as it arrives, and one that nobody reads any more is given up', async () => {
  const upstream = createServer();
  await new Promise((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  const file = join(folder, 'live.json');
  const recorder = await serve(['--record', file, '--upstream', `http://127.0.0.1:${upstream.address().port}/base`]);
  const asked = new Promise((resolve) => upstream.once('request', (request, response) => resolve({ request, response })));
  const abort = new AbortController();
  const answering = fetch(`${recorder.baseURL}/chat/completions`, {
    method: 'POST', signal: abort.signal, body: JSON.stringify({ model: 'm', stream: true, messages: [] }),
    headers: { authorization: `Bearer ${dummyKey}`, 'content-type': 'application/json', 'accept-encoding': 'gzip', 'x-mimus-test': 't' } });
  const { request, response } = await asked;
  assert.equal(request.url, '/base/chat/completions');
  assert.equal(request.headers.authorization, `Bearer ${dummyKey}`);
  assert.equal(request.headers['accept-encoding'], undefined);
  assert.equal(request.headers['x-mimus-test'], undefined);
  assert.equal(request.headers.host, `127.0.0.1:${upstream.address().port}`);
  response.writeHead(200, { 'content-type': 'text/event-stream', 'set-cookie': 'a=b' });
  response.write('data: 1\n\n');
  const reader = (await answering).body.getReader();
  for (const next of ['data: 1\n\n', 'data: 2\n\n']) {  // the second is sent only when the first has come through
    assert.equal(Buffer.from((await reader.read()).value).toString(), next);
    if (next.includes('1')) response.write('data: 2\n\n');
  }
  const gone = new Promise((resolve) => request.socket.once('close', resolve));
  abort.abort();
  await gone;
  assert.equal(JSON.parse(readFileSync(file, 'utf8')).fixtures.length, 0);
  await recorder.stop();
  await new Promise((resolve) => upstream.close(resolve));
});

describe('trouble with the real API is told as it is', () => {
  const unused = join(folder, 'trouble.json');
  const messageOf = (answer) => JSON.parse(answer.body).error.message;

  // A real API that does `what` with each connection.
  async function troubled(what, flags = [], ask = raw) {
    const upstream = createTcpServer(what);
    await new Promise((resolve) => upstream.listen(0, '127.0.0.1', resolve));
    const recorder = await serve(['--record', unused, '--upstream', `http://127.0.0.1:${upstream.address().port}`, ...flags]);
    try {
      return await ask(recorder, questions.streamed);
    } finally {
      await recorder.stop();
      upstream.close();
      assert.equal(JSON.parse(readFileSync(unused, 'utf8')).fixtures.length, 0);
    }
  }

  test('unreachable: 502', async () => {
    const recorder = await serve(['--record', unused, '--upstream', 'http://127.0.0.1:1']);
    const answer = await raw(recorder, questions.whole);
    assert.equal(answer.status, 502);
    assert.match(messageOf(answer), /^The request could not be relayed to http:\/\/127\.0\.0\.1:1: Connection refused\.$/);
    assert.match(recorder.log(), /not recorded: POST \/v1\/chat\/completions: http:\/\/127.0.0.1:1: Connection refused/);
    await recorder.stop();
  });

  test('closes without a word: 502', async () => {
    const answer = await troubled((socket) => socket.once('data', () => socket.end()));
    assert.equal(answer.status, 502);
    assert.match(messageOf(answer), /closed the connection without a reply/);
  });

  test('no HTTP: 502', async () => {
    const answer = await troubled((socket) => socket.end('SSH-2.0-OpenSSH_9.2\r\n'));
    assert.equal(answer.status, 502);
    assert.match(messageOf(answer), /not an HTTP\/1\.1 reply/);
  });

  test('silent: 504', async () => {
    const answer = await troubled(() => {}, ['--upstream-timeout', '50ms']);
    assert.equal(answer.status, 504);
    assert.match(messageOf(answer), /sent nothing for 50 ms/);
  });

  test('breaks a stream off: the client sees it cut', async () => {
    const answer = await troubled((socket) => socket.once('data', () =>
      socket.end('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n')));
    assert.deepEqual([answer.status, answer.chunks, answer.isCut], [200, ['hello'], true]);
  });
});

describe('HTTPS', () => {
  let real;
  before(async () => {
    assert.equal(spawnSync(join(root, 'scripts/e2e/make_certificate'), [folder]).status, 0);
    real = await serve(['--tls-cert', join(folder, 'cert.pem'), '--tls-key', join(folder, 'key.pem')]);
  });
  after(() => real.stop());

  test('with a certificate that is trusted', async () => {
    const recorder = await serve(['--record', join(folder, 'tls.json'), '--upstream', real.baseURL, '--upstream-ca', join(folder, 'cert.pem')]);
    const answer = await raw(recorder, questions.streamed);
    assert.equal(answer.status, 200);
    assert.match(answer.body, /\[DONE\]/);
    await recorder.stop();
  });

  test('not with a certificate of nobody known', async () => {
    const recorder = await serve(['--record', join(folder, 'tls_refused.json'), '--upstream', real.baseURL]);
    const answer = await raw(recorder, questions.whole);
    assert.equal(answer.status, 502);
    assert.match(JSON.parse(answer.body).error.message, /certificate is not accepted: self-signed certificate/);
    await recorder.stop();
  });

  test('not with a certificate for another name', async () => {
    const elsewhere = await serve(['--host', '127.0.0.2', '--tls-cert', join(folder, 'cert.pem'), '--tls-key', join(folder, 'key.pem')]);
    const recorder = await serve(['--record', join(folder, 'tls_refused.json'), '--upstream', elsewhere.baseURL, '--upstream-ca', join(folder, 'cert.pem')]);
    const answer = await raw(recorder, questions.whole);
    assert.equal(answer.status, 502);
    assert.match(JSON.parse(answer.body).error.message, /certificate is not accepted: .*mismatch/i);
    await recorder.stop();
    await elsewhere.stop();
  });
});

test('kill -9 while recording leaves a file that loads, with all that was complete', async () => {
  const file = join(folder, 'killed.json');
  const real = await serve();
  const recorder = await serve(['--record', file, '--upstream', real.url]);
  let complete = 0;
  const asking = (async () => {
    for (let i = 0; ; ++i) {
      await raw(recorder, { model: 'gpt-4o', messages: [user(`Question ${i}`)] });
      if (++complete === 20) process.kill(recorder.pid, 'SIGKILL');
    }
  })().catch(() => {});
  await asking;
  assert.ok(JSON.parse(readFileSync(file, 'utf8')).fixtures.length >= complete - 1);
  const replay = await serve(['--fixtures', file]);
  assert.equal(await replay.stop(), 0);
  await recorder.stop();
  await real.stop();
});

test('what cannot work is said at once', () => {
  const notFixtures = join(folder, 'not_fixtures.json');
  writeFileSync(notFixtures, '{"mimus": 1, "fixture": []}');
  const file = join(folder, 'start.json');
  const url = 'http://127.0.0.1:1';
  for (const [flags, status, why] of [
    [['--record', file], 2, /--record, --upstream: expected both or neither/],
    [['--upstream', url], 2, /--record, --upstream: expected both or neither/],
    [['--upstream-ca', file], 2, /--upstream-ca: expected only together with --record/],
    [['--record', file, '--upstream', url, '--strict'], 2, /--strict, --record: one refuses/],
    [['--record', file, '--upstream', url, '--upstream-key-env', 'MIMUS_NO_SUCH'], 2, /--upstream-key-env: expected the name of a variable that holds a key in one line, found "MIMUS_NO_SUCH"/],
    [['--record', file, '--upstream', 'localhost:80'], 3, /--upstream: expected a URL such as/],
    [['--record', file, '--upstream', 'https://localhost', '--upstream-ca', notFixtures], 3, /--upstream-ca:.*not_fixtures\.json: expected certificates in PEM/],
    [['--record', notFixtures, '--upstream', url], 3, /--record:.*not_fixtures\.json:1:1: "fixtures" is missing/],
    [['--record', folder, '--upstream', url], 3, /--record:/],
    [['--record', join(folder, 'no/such/folder.json'), '--upstream', url], 3, /--record:.*cannot be written: No such file or directory/],
  ]) {
    const ended = spawnSync(binary, ['serve', '--port', '0', ...flags], { encoding: 'utf8', timeout: 10_000 });
    assert.match(ended.stderr, why);
    assert.equal(ended.status, status, flags.join(' '));
  }
  assert.ok(!existsSync(`${file}.tmp`));
});

describe('docs/record.md', () => {
  const page = readFileSync(join(root, 'docs/record.md'), 'utf8');

  test('its lines do what they say', async () => {
    const [, block] = page.match(/^```sh\n([^]*?)^```$/m);
    const file = join(folder, 'bird.json');
    const servers = [];
    for (const [, port, flags] of block.matchAll(/^mimus serve --port (\d+)(.*) &$/gm)) {
      const here = servers.reduce((text, { port: old, server }) => text.replaceAll(`127.0.0.1:${old}`, new URL(server.url).host), flags);
      servers.push({ port, server: await serve(here.replace('bird.json', file).trim().split(' ').filter(Boolean)) });
    }
    const rest = block.split('\n').filter((line) => !line.startsWith('mimus serve')).join('\n').replaceAll('bird.json', file)
      .replaceAll(/^mimus /gm, `${binary} `);
    const script = servers.reduce((text, { port, server }) => text.replaceAll(`127.0.0.1:${port}`, new URL(server.url).host), rest);
    const { status, stdout, stderr } = spawnSync('bash', ['-euc', script], { encoding: 'utf8', timeout: 20_000 });
    assert.equal(status, 0, stderr);
    assert.match(stdout, /"object":"chat.completion"/);
    assert.equal(JSON.parse(readFileSync(file, 'utf8')).fixtures.length, 1);
    for (const { server } of servers.reverse()) await server.stop();
  });

  test('its fixture is one', () => {
    const [, fixture] = page.match(/^```jsonc\n([^]*?)^```$/m);
    const file = join(folder, 'example.json');
    writeFileSync(file, `{"mimus": 1, "fixtures": [${fixture}]}`);
    const { status, stdout, stderr } = spawnSync(binary, ['lint', file], { encoding: 'utf8' });
    assert.equal(status, 0, stdout + stderr);
  });
});
