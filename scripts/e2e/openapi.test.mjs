// Everything that mimus says in the dialect openai, against OpenAI's own description of it: each operation, whole and
// streamed (openapi_requests.mjs). The servers of the other tests are judged by what they happened to be asked (recorder.mjs).
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { documentFile, exceptions, judgeOf, loadDocument } from './openapi_judge.mjs';
import { fixtures, ownEndpoints, requests } from './openapi_requests.mjs';
import { endpoints, requestOf, rowName, send } from './openapi_walk.mjs';
import { exchanges } from './recorder.mjs';
import { serverFor } from './server.mjs';

const folder = mkdtempSync(join(tmpdir(), 'mimus-openapi-'));
writeFileSync(join(folder, 'fixtures.json'), JSON.stringify(fixtures));
const server = serverFor({ before, after }, ['--clock', 'frozen', '--fixtures', join(folder, 'fixtures.json')]);
after(() => rmSync(folder, { recursive: true }));

const why = documentFile ? false : 'left out: MIMUS_OPENAPI names no OpenAPI document';

test('each endpoint of the dialect has a request', () => {
  const asked = new Set(requests.map(({ endpoint }) => endpoint));
  assert.deepEqual(Object.keys(endpoints).filter((name) => !asked.has(name) && !ownEndpoints.includes(name)), []);
});

describe('every reply and event is what its operation declares', { skip: why }, () => {
  const seen = new Map();
  const operations = new Set();
  const judge = documentFile && judgeOf(loadDocument());
  let events = 0;
  let kept = {};

  for (const row of requests) {
    test(rowName(row), async () => {
      const reply = await send(server, requestOf(row, kept));
      seen.set(rowName(row), reply);
      assert.equal(reply.status, row.status ?? 200, reply.body);
      if (row.keep) kept = { ...kept, ...row.keep(JSON.parse(reply.body)) };
      const verdict = judge.judge(reply);
      assert.ok(verdict.operation, `the document does not know ${reply.method} ${reply.path}`);
      assert.deepEqual(verdict.errors.slice(0, 10), []);
      if (row.batch) assert.deepEqual(judge.judgeBatchOutput(row.batch, reply.body), []);
      operations.add(verdict.operation);
      events += verdict.events;
    });
  }

  // A judge that finds nothing would pass all of the above: each of these spoils a reply that was good.
  const change = (reply, edit) => {
    const body = JSON.parse(reply.body);
    edit(body);
    return { ...reply, body: JSON.stringify(body) };
  };
  const spoilt = {
    'a missing member': ['chat.completions: a text', (reply) => change(reply, (body) => delete body.choices[0].message.refusal)],
    'a misspelt member': ['chat.completions: a text', (reply) => change(reply, (body) => (body.usage.totl_tokens = 3))],
    'a wrong type': ['embeddings: a text', (reply) => change(reply, (body) => (body.data[0].index = '0'))],
    'a wrong word': ['batches.create: good', (reply) => change(reply, (body) => (body.status = 'done'))],
    'a member of another item': ['responses: a tool call', (reply) => change(reply, (body) => (body.output[0].text = 'x'))],
    'no JSON': ['models.list: all', (reply) => ({ ...reply, body: reply.body.slice(0, -3) })],
    'an error without a code': ['responses: refused: a wrong value', (reply) => change(reply, (body) => delete body.error.code)],
    'one wrong event': ['chat.completions: a text, streamed', (reply) => ({ ...reply, body: reply.body.replace('"finish_reason":"stop"', '"finish_reason":"end"') })],
    'an event of no known type': ['responses: a text, streamed', (reply) => ({ ...reply, body: reply.body.replaceAll('response.output_item.done', 'response.item.done') })],
    'an event that is named as another': ['responses: a text, streamed', (reply) => ({ ...reply, body: reply.body.replace('event: response.created', 'event: response.queued') })],
    'a stream of an operation that has none': ['models.list: all', (reply) => ({ ...reply, contentType: 'text/event-stream' })],
  };
  for (const [name, [row, spoil]] of Object.entries(spoilt)) {
    test(`the judge sees ${name}`, () => {
      const reply = spoil(seen.get(row));
      assert.notEqual(JSON.stringify(reply), JSON.stringify(seen.get(row)), 'nothing was spoilt');
      assert.notDeepEqual(judge.judge(reply).errors, []);
    });
  }

  test('the tap has seen all of it', () => {
    const tapped = new Set(exchanges(server.folder).map(({ method, target, reply }) => `${method} ${target.replace(/\?.*/, '')} ${reply.status} ${reply.whole} ${reply.body}`));
    for (const [name, { method, path, status, body, contentType }] of seen) {
      if (/^(application\/json|text)/.test(contentType)) assert.ok(tapped.has(`${method} /v1${path} ${status} true ${body}`), name);
    }
  });

  test('how much was judged', (context) => {
    context.diagnostic(`${operations.size} operations, ${seen.size} replies, ${events} events`);
    assert.equal(operations.size, Object.keys(endpoints).length - ownEndpoints.length);
    assert.ok(events > 500);
  });

  for (const exception of exceptions) {
    test(`the exception at ${exception.at} is still needed`, () => {
      const strict = judgeOf(loadDocument(), exceptions.filter((each) => each !== exception));
      const reply = seen.get(exception.seen_in);
      assert.ok(reply, `no request is called ${exception.seen_in}`);
      assert.notDeepEqual(strict.judge(reply).errors, [], 'stale: the reply is valid without it');
    });
  }
});
