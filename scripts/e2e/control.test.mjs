// The control API with the official client: what code sent is read back from the server that it was sent to.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { serve, serverFor } from './server.mjs';

const { default: OpenAI } = await import(process.env.MIMUS_E2E_CLIENT ?? 'openai7');

const folder = mkdtempSync(join(tmpdir(), 'mimus-control-'));
after(() => rmSync(folder, { recursive: true }));
function fixtureFile(name, ...fixtures) {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify({ mimus: 1, fixtures }));
  return file;
}
const when = (last_user) => ({ last_user });
const birds = [
  { name: 'retry', when: when('retry me'), replies: [{ error: 'rate_limited_requests', headers: { 'retry-after-ms': '1' } }, { text: 'second try' }] },
  { name: 'cut', when: when('cut'), reply: { text: 'one two three four five', fault: 'cut:after_chunks=3,end=reset' } },
  { name: 'fin', when: when('fin'), reply: { text: 'one two three four five', fault: 'cut:after_chunks=2' } },
  { name: 'silent', when: when('silent'), reply: { text: 'x', fault: 'hang' } },
  { name: 'slow', when: when('slow'), reply: { text: 'one two three four five', pace: { ttft: '0ms', token: '10s' } } },
  { name: 'never asked', when: when('never'), reply: { text: 'x' } },
];

async function control(server, method, path, body, headers = {}) {
  const response = await fetch(`${server.url}/_mimus/${path}`, { method, headers, body: body && JSON.stringify(body) });
  const text = await response.text();
  return { status: response.status, headers: response.headers, text, json: text.startsWith('{') ? JSON.parse(text) : undefined };
}
const clientOf = (server, name, options = {}) =>
  new OpenAI({ apiKey: 'sk-control-secret', baseURL: server.baseURL, maxRetries: 0, defaultHeaders: { 'x-mimus-test': name }, ...options });
const ask = (content, more = {}) => ({ model: 'gpt-4o', messages: [{ role: 'user', content }], ...more });

async function errorOf(call) {
  try {
    await call();
  } catch (error) {
    return error;
  }
  return assert.fail('it was accepted');
}
async function readAll(stream) {
  let text = '';
  for await (const chunk of stream) text += chunk.choices[0]?.delta?.content ?? '';
  return text;
}

// The events of the live journal, one by one; opened when it resolves.
async function tail(server, query = '') {
  const sent = request(`${server.url}/_mimus/journal/tail${query}`);
  sent.end();
  const [response] = await once(sent, 'response');
  assert.equal(response.statusCode, 200);
  assert.match(response.headers['content-type'], /^text\/event-stream/);
  response.setEncoding('utf8');
  async function* events() {
    let text = '';
    for await (const piece of response) {
      text += piece;
      for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
        const fields = Object.fromEntries(text.slice(0, end).split('\n').map((line) => line.split(/: (.*)/s)));
        yield { ...fields, data: JSON.parse(fields.data) };
      }
    }
  }
  const iterator = events();
  return { next: async () => (await iterator.next()).value, close: () => sent.destroy() };
}

describe('one server', () => {
  const server = serverFor({ before, after }, ['--fixtures', fixtureFile('birds.json', ...birds), '--clock', 'frozen']);
  const journal = async (query) => (await control(server, 'GET', `journal?${query}`)).json.entries;

  test('a retried call stands in the journal twice, in its order', async () => {
    const reply = await clientOf(server, 'retry', { maxRetries: 2 }).chat.completions.create(ask('retry me'));
    assert.equal(reply.choices[0].message.content, 'second try');
    const entries = await journal('test=retry');
    assert.deepEqual(entries.map((entry) => entry.reply.status), [429, 200]);
    assert.deepEqual(entries.map((entry) => entry.fixture.nth), [1, 2]);
    assert.deepEqual(entries.map((entry) => entry.headers['x-stainless-retry-count']), ['0', '1']);
    assert.deepEqual(JSON.parse(entries[0].body), ask('retry me'));
    assert.equal(entries[1].request_id, reply._request_id);
    assert.equal(entries[1].reply.completion_tokens, reply.usage.completion_tokens);
    const order = { order: [{ last_user: 'retry me' }, { last_user: 'retry me' }], test: 'retry' };
    assert.equal((await control(server, 'POST', 'verify', order)).status, 200);
    const wrong = await control(server, 'POST', 'verify', { when: when('retry me'), exactly: 1, test: 'retry' });
    assert.equal(wrong.status, 409);
    assert.match(wrong.json.reason, /expected exactly 1, found 2/);
  });

  test('the live journal tells how each reply ended', async () => {
    const live = await tail(server, '?test=endings');
    const client = clientOf(server, 'endings');
    const streamed = (content) => client.chat.completions.create(ask(content, { stream: true }));
    await errorOf(async () => readAll(await streamed('cut')));
    await errorOf(async () => readAll(await streamed('fin')));
    await readAll(await streamed('hello'));
    await client.chat.completions.create(ask('hello'));
    for await (const chunk of await streamed('slow')) {
      assert.ok(chunk.id);
      break;
    }
    await client.models.list();
    await errorOf(() => client.chat.completions.create(ask('x', { n: 0 })));
    const found = [];
    while (found.length < 7) found.push((await live.next()).data);
    live.close();
    found.sort((a, b) => a.id - b.id);
    assert.deepEqual(found.map((entry) => [entry.fixture?.name ?? entry.script, entry.reply.status, entry.reply.ended]), [
      ['cut', 200, 'reset'],
      ['fin', 200, 'cut'],
      ['synthesised', 200, 'whole'],
      ['synthesised', 200, 'whole'],
      ['slow', 200, 'client_left'],
      ['not_asked', 200, 'whole'],
      ['not_asked', 400, 'whole'],
    ]);
    assert.deepEqual(found.map((entry) => entry.stream), [true, true, true, false, true, false, false]);
    assert.ok(found.every((entry) => entry.reply.bytes > 0));
  });

  test('a reply without a byte has an end, too', async () => {
    const live = await tail(server, '?test=silent');
    const controller = new AbortController();
    const refused = errorOf(() => clientOf(server, 'silent').chat.completions.create(ask('silent'), { signal: controller.signal }));
    const count = async () => (await journal('test=silent')).length;
    while ((await count()) === 0);
    controller.abort();
    await refused;
    const { data } = await live.next();
    live.close();
    assert.equal(data.reply.ended, 'hung');
    assert.equal(data.reply.bytes, 0);
  });

  test('no credential appears anywhere', async () => {
    const headers = { cookie: 'session=cookie-secret', 'x-api-key': 'x-secret', 'api-key': 'azure-secret', 'x-goog-api-key': 'g-secret' };
    await clientOf(server, 'secrets', { defaultHeaders: { ...headers, 'x-mimus-test': 'secrets' } }).chat.completions.create(ask('hi'));
    await fetch(`${server.url}/v1/models?key=query-secret`, { headers: { 'x-mimus-test': 'secrets' } });
    await fetch(`${server.baseURL}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-control-secret', 'content-type': 'application/json', 'x-mimus-test': 'secrets' },
      body: JSON.stringify(ask('hi', { metadata: { authorization: 'body-secret' } })),
    });
    const entries = await journal('test=secrets');
    assert.equal(entries.length, 3);
    assert.equal(entries[0].headers['x-goog-api-key'], '[redacted]');
    for (const path of ['journal', 'metrics', 'fixtures', `journal/${entries[0].id}`]) {
      assert.doesNotMatch((await control(server, 'GET', path)).text, /secret(?!s)/);
    }
    assert.doesNotMatch(server.log(), /secret(?!s)/);
  });

  test('advancing the clock moves what replies show', async () => {
    const client = clientOf(server, 'clock');
    const { created } = await client.chat.completions.create(ask('hi'));
    assert.equal((await control(server, 'POST', 'clock', { advance: '61s' })).status, 200);
    assert.equal((await client.chat.completions.create(ask('hi'))).created, created + 61);
  });

  test('resetting a test gives it a fresh script and leaves the others alone', async () => {
    const status = async (name) => {
      try {
        await clientOf(server, name).chat.completions.create(ask('retry me'));
        return 200;
      } catch (error) {
        return error.status;
      }
    };
    for (const name of ['one', 'two']) assert.equal(await status(name), 429);
    await control(server, 'POST', 'reset', { test: 'one' });
    assert.equal(await status('one'), 429);
    assert.equal(await status('two'), 200);
    assert.deepEqual((await journal('test=one')).map((entry) => entry.reply.status), [429]);
  });

  test('a fixture added at run time answers at once; a wrong one changes nothing', async () => {
    const added = await control(server, 'POST', 'fixtures', { name: 'new', when: when('new'), reply: { text: 'added' } });
    assert.equal(added.status, 201);
    assert.equal((await clientOf(server, 'new').chat.completions.create(ask('new'))).choices[0].message.content, 'added');
    const { total } = (await control(server, 'GET', 'fixtures')).json;
    const wrong = await control(server, 'PUT', 'fixtures', { mimus: 1, fixtures: [{ reply: { txt: 'x' } }] });
    assert.equal(wrong.status, 400);
    assert.match(wrong.json.error.findings[0].message, /did you mean "text"/);
    assert.equal((await control(server, 'GET', 'fixtures')).json.total, total);
    assert.equal((await control(server, 'DELETE', `fixtures/${added.json.ids[0]}`)).status, 200);
    const { unused } = (await control(server, 'GET', 'unused')).json;
    assert.ok(unused.some((fixture) => fixture.name === 'never asked'));
    assert.ok(!unused.some((fixture) => fixture.name === 'retry'));
  });

  test('metrics count what was asked', async () => {
    const count = async () =>
      Number((await control(server, 'GET', 'metrics')).text.match(/^mimus_replies_total\{endpoint="embeddings",status="200"\} (\d+)$/m)?.[1] ?? 0);
    const live = await tail(server, '?endpoint=embeddings');
    const earlier = await count();
    await clientOf(server, 'metrics').embeddings.create({ model: 'text-embedding-3-small', input: 'a bird' });
    await live.next();
    live.close();
    assert.equal(await count(), earlier + 1);
  });
});

describe('flags', () => {
  test('a token opens the control API, health needs none', async () => {
    const server = await serve(['--control', 'letmein']);
    assert.equal((await control(server, 'GET', 'health')).status, 200);
    const refused = await control(server, 'GET', 'journal');
    assert.equal(refused.status, 401);
    assert.match(refused.json.error.message, /needs its token/);
    assert.equal((await control(server, 'GET', 'journal', undefined, { authorization: 'Bearer letmein' })).status, 200);
    assert.equal(await server.stop(), 0);
  });

  test('off leaves nothing of it', async () => {
    const server = await serve(['--control', 'off']);
    assert.equal((await control(server, 'GET', 'health')).status, 404);
    assert.equal(await server.stop(), 0);
  });

  test('the journal keeps to its caps', async () => {
    const server = await serve(['--journal', '50', '--journal-body', '200']);
    const client = clientOf(server, 'caps');
    for (let i = 0; i < 6; i++) {
      await Promise.all(Array.from({ length: 20 }, (_, k) => client.chat.completions.create(ask(`${i} ${k} ${'long '.repeat(100)}`, { max_tokens: 1 }))));
    }
    const { json } = await control(server, 'GET', 'journal?limit=1000');
    assert.equal(json.entries.length, 50);
    assert.equal(json.evicted, 70);
    assert.ok(json.entries.every((entry) => entry.body_cut && entry.body.length <= 200 && entry.body_bytes > 500));
    assert.equal(await server.stop(), 0);
  });

  test('a live journal does not hold up the end of the server', async () => {
    const server = await serve(['--grace', '60s']);
    const live = await tail(server);
    assert.equal(await server.stop(), 0);
    assert.equal(await live.next(), undefined);
  });

  test('--fail-unused ends with 1 and names the fixtures', async () => {
    const file = fixtureFile('unused.json', { name: 'used', when: when('hi'), reply: { text: 'x' } }, { name: 'forgotten', when: when('ho'), reply: { text: 'x' } });
    const server = await serve(['--fixtures', file, '--fail-unused']);
    await clientOf(server, 't').chat.completions.create(ask('hi'));
    assert.equal(await server.stop(), 1);
    assert.match(server.log(), /never hit: "forgotten" \(.*unused\.json: \/fixtures\/1\)/);
    assert.doesNotMatch(server.log(), /"used"/);
    const other = await serve(['--fixtures', file, '--fail-unused']);
    for (const text of ['hi', 'ho']) await clientOf(other, 't').chat.completions.create(ask(text));
    assert.equal(await other.stop(), 0);
  });

  test('--watch loads a changed file, and keeps the old fixtures when it is wrong', async () => {
    const file = fixtureFile('watched.json', { when: when('hi'), reply: { text: 'first' } });
    const server = await serve(['--fixtures', file, '--watch', '--log-level', 'info']);
    const text = async () => (await clientOf(server, 't').chat.completions.create(ask('hi'))).choices[0].message.content;
    const replaceBy = (content) => {
      writeFileSync(`${file}.new`, content);
      renameSync(`${file}.new`, file);
    };
    assert.equal(await text(), 'first');
    replaceBy(JSON.stringify({ mimus: 1, fixtures: [{ when: when('hi'), reply: { text: 'second' } }] }));
    await server.logged(/loaded again; there are 1 now/);
    assert.equal(await text(), 'second');
    replaceBy('{"mimus": 1, "fixtures": [{"reply": {"txt": "third"}}]}');
    await server.logged(/cannot be loaded, the old ones stay: .*watched\.json:1:\d+: \/fixtures\/0\/reply\/txt/);
    assert.equal(await text(), 'second');
    assert.equal(await server.stop(), 0);
  });
});
