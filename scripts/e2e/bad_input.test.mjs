// Nonsense for every endpoint of the dialect openai, over the wire: each gets a clear refusal in the vendor's shape, and the
// server goes on. What exactly the vendor says to a mistake is told by the tables in fixtures/golden and the unit tests.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { binary, isHealthy, serve, serverFor } from './server.mjs';

const server = serverFor({ before, after }, ['--state-max-bytes', '512mb']);
const { endpoints } = JSON.parse(spawnSync(binary, ['dialects', 'show', 'openai'], { encoding: 'utf8' }).stdout);
const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'multipart/form-data; boundary=b' };
const part = (name, value, more = '') => `--b\r\ncontent-disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;

async function ask({ method, path, headers = {}, body, at = server }) {
  const response = await fetch(`${at.url}${path}`, { method, body, headers: { authorization: 'Bearer sk-e2e', ...headers } });
  const text = await response.text();
  return { status: response.status, type: response.headers.get('content-type'), allow: response.headers.get('allow'), text };
}

// A refusal as the vendor words one: four members, a message that says something.
function assertRefused(reply, statuses, what) {
  const shown = `${what}: ${reply.status} ${reply.text.slice(0, 200)}`;
  assert.ok(statuses.includes(reply.status), `${shown}, expected ${statuses}`);
  assert.equal(reply.type, 'application/json', shown);
  const { error } = JSON.parse(reply.text);
  assert.deepEqual(Object.keys(error).sort(), ['code', 'message', 'param', 'type'], shown);
  assert.ok(error.message.length > 10 && error.message.length < 20_000, shown);
  assert.ok(error.code === null || typeof error.code === 'string', shown);
}

const listed = Object.entries(endpoints).map(([name, { method, base_path = '/v1', path }]) => ({ name, method, path: base_path + path }));
const withIds = (path, id) => path.replace(/\{\w+\}/g, id);
const hasId = ({ path }) => path.includes('{');
const isOwn = ({ name }) => name === 'images.file'; // what the url of a picture points to: no key, no JSON

// Endpoints whose body is optional: without one they do their work, and here find no such id.
const bodiless = ['responses.cancel', 'uploads.cancel', 'batches.cancel', 'conversations.create'];
const forms = ['files.create', 'uploads.parts', 'images.edits', 'images.variations', 'audio.transcriptions', 'audio.translations'];
const takesForm = ({ name }) => forms.includes(name);

const badJson = {
  'no JSON': '{"model": ',
  'nothing': '',
  'a number': '7',
  'a list': '[]',
  'null': 'null',
  'nested 20,000 deep': '['.repeat(20_000) + ']'.repeat(20_000),
  'no UTF-8': Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]),
  'an empty object': '{}',
  'wrong types everywhere': JSON.stringify(Object.fromEntries(['model', 'messages', 'input', 'prompt', 'file', 'items', 'metadata', 'purpose',
    'part_ids', 'input_file_id', 'endpoint', 'voice', 'image', 'filename', 'bytes', 'mime_type'].map((key) => [key, { a: [1] }]))),
};
const badForms = {
  'no form at all': [form, 'hello'],
  'no boundary': [{ 'content-type': 'multipart/form-data' }, `${part('purpose', 'batch')}--b--\r\n`],
  'nothing': [form, ''],
  'no parts': [form, '--b--\r\n'],
  'cut in the middle': [form, part('purpose', 'user_data', '').slice(0, -9)],
  'a part without a name': [form, '--b\r\ncontent-disposition: form-data\r\n\r\nx\r\n--b--\r\n'],
  'a part without a head': [form, '--b\r\n\r\nx\r\n--b--\r\n'],
  'another boundary': [{ 'content-type': 'multipart/form-data; boundary=other' }, `${part('purpose', 'batch')}--b--\r\n`],
  'no file': [form, `${part('purpose', 'batch')}${part('model', 'whisper-1')}${part('prompt', 'x')}--b--\r\n`],
  'only a file': [form, `${part('other', 'x', '; filename="x.bin"')}--b--\r\n`],
  'plain text': [{ 'content-type': 'text/plain' }, 'purpose=batch'],
};
const badIds = ['none', 'x'.repeat(8000), '..', '%2e%2e%2f%2e%2e%2fetc%2fpasswd', '%00', '%ff%fe', '%', '%C3%A9', "';drop--", '{}', '%F0%9F%90%A6'];
const badPages = ['limit=0', 'limit=-1', 'limit=abc', 'limit=1e3', 'limit=99999999999999999999', 'limit=', 'order=sideways'];

describe('every endpoint refuses', () => {
  test('a missing key', async () => {
    for (const each of listed.filter((one) => !isOwn(one))) {
      const reply = await ask({ method: each.method, path: withIds(each.path, 'none'), headers: { authorization: '' } });
      assertRefused(reply, [401], each.name);
    }
  });

  test('another method', async () => {
    for (const each of listed) {
      const reply = await ask({ method: 'PATCH', path: withIds(each.path, 'none') });
      assertRefused(reply, [405], each.name);
      assert.match(reply.allow, new RegExp(each.method), each.name);
    }
  });

  for (const [name, body] of Object.entries(badJson)) {
    test(`${name} instead of its JSON`, async () => {
      for (const each of listed.filter((one) => one.method === 'POST' && !bodiless.includes(one.name))) {
        const reply = await ask({ ...each, path: withIds(each.path, 'none'), headers: json, body });
        assertRefused(reply, hasId(each) ? [400, 404] : [400], each.name);
      }
    });
  }

  for (const [name, [headers, body]] of Object.entries(badForms)) {
    test(`a form with ${name}`, async () => {
      for (const each of listed.filter((one) => one.method === 'POST' && !bodiless.includes(one.name))) {
        const reply = await ask({ ...each, path: withIds(each.path, 'none'), headers, body });
        assertRefused(reply, hasId(each) ? [400, 404] : [400], each.name);
      }
    });
  }

  test('an empty file', async () => {
    const fields = { 'files.create': part('purpose', 'user_data'), 'images.edits': part('prompt', 'x'), 'images.variations': '' };
    for (const each of listed.filter((one) => takesForm(one) && !hasId(one))) {
      const name = each.name.startsWith('images') ? 'image' : 'file';
      const body = `${fields[each.name] ?? part('model', 'whisper-1')}${part(name, '', '; filename="a.png"')}--b--\r\n`;
      const reply = await ask({ ...each, headers: form, body });
      if (each.name === 'files.create') assert.equal(JSON.parse(reply.text).bytes, 0); // a file of no bytes is a file
      else assertRefused(reply, [400], each.name);
    }
  });

  test('ids that nobody has', async () => {
    for (const each of listed.filter((one) => hasId(one) && !isOwn(one))) {
      for (const id of badIds) {
        const reply = await ask({ ...each, path: withIds(each.path, id), headers: each.method === 'POST' ? json : {}, body: each.method === 'POST' ? '{}' : undefined });
        assertRefused(reply, [400, 404, 405, 414], `${each.name} of ${id.slice(0, 40)}`);
      }
    }
  });

  test('pages that are none', async () => {
    const made = async (path, body) => JSON.parse((await ask({ method: 'POST', path, headers: json, body: JSON.stringify(body) })).text).id;
    const [completion_id, response_id, conversation_id] = [
      await made('/v1/chat/completions', { model: 'gpt-4o', messages: [{ role: 'user', content: 'x' }], store: true }),
      await made('/v1/responses', { model: 'gpt-4o', input: 'x' }),
      await made('/v1/conversations', {}),
    ];
    const ids = { completion_id, response_id, conversation_id };
    const lists = ['chat.completions.list', 'chat.completions.messages', 'responses.input_items', 'conversations.items.list', 'files.list', 'batches.list'];
    for (const name of lists) {
      const path = `/v1${endpoints[name].path.replace(/\{(\w+)\}/, (_, id) => ids[id])}`;
      assert.equal((await ask({ method: 'GET', path })).status, 200, path);
      for (const query of badPages.filter((one) => name !== 'batches.list' || !one.startsWith('order'))) {
        assertRefused(await ask({ method: 'GET', path: `${path}?${query}` }), [400], `${name}?${query}`);
      }
      assertRefused(await ask({ method: 'GET', path: `${path}?after=nothing` }), [400, 404], `${name}, after nothing`);
    }
  });
});

// The same bodies for the other dialects, in their own shapes.
for (const dialect of ['ramclouds', 'platform', 'ozwell', 'choreo', 'gemini']) {
  describe(`${dialect} refuses`, () => {
    const other = serverFor({ before, after }, ['--dialect', dialect]);
    const shown = JSON.parse(spawnSync(binary, ['dialects', 'show', dialect], { encoding: 'utf8' }).stdout);
    const posts = Object.values(shown.endpoints).filter(({ method }) => method === 'POST');
    const isGoogle = (endpoint) => (endpoint.error_form ?? shown.error_form) === 'google';
    for (const [name, body] of Object.entries(badJson)) {
      test(`${name} instead of its JSON`, async () => {
        for (const endpoint of posts) {
          const path = `${endpoint.base_path ?? shown.base_path}${endpoint.path.replace('{model}', 'gemini-2.5-pro').replace(/\{\w+\}/g, 'none')}`;
          const reply = await ask({ method: 'POST', path, headers: { ...json, 'x-goog-api-key': 'k' }, body, at: other });
          const what = `${path}: ${reply.status} ${reply.text.slice(0, 200)}`;
          assert.ok([400, 404].includes(reply.status), what);
          const members = isGoogle(endpoint) ? ['code', 'message', 'status'] : shown.error_members;
          const { details, ...error } = JSON.parse(reply.text).error;
          assert.deepEqual(Object.keys(error).sort(), members.toSorted(), what);
        }
      });
    }
  });
}

test('base64 that is none, wherever it may stand', async () => {
  const png = 'data:image/png;base64,####';
  const rows = [
    ['/v1/images/edits', { model: 'gpt-image-1', prompt: 'x', images: [{ image_url: png }] }],
    ['/v1/chat/completions', { model: 'gpt-4o', messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: png } }] }] }],
    ['/v1/chat/completions', { model: 'gpt-4o-audio-preview', messages: [{ role: 'user', content: [{ type: 'input_audio', input_audio: { data: '####', format: 'wav' } }] }] }],
    ['/v1/responses', { model: 'gpt-4o', input: [{ role: 'user', content: [{ type: 'input_image', image_url: png }] }] }],
    ['/v1/moderations', { model: 'omni-moderation-latest', input: [{ type: 'image_url', image_url: { url: png } }] }],
  ];
  for (const [path, body] of rows) assertRefused(await ask({ method: 'POST', path, headers: json, body: JSON.stringify(body) }), [400], JSON.stringify(body));
});

test('100 MB: refused as too large, and taken where that much is allowed', async () => {
  const large = await serve(['--max-body', '128mb']);
  const file = new Blob([Buffer.alloc(100 * 1024 * 1024, 'x')]);
  const bodyOf = (name, fields) => {
    const body = new FormData();
    for (const [key, value] of Object.entries(fields)) body.append(key, value);
    body.append(name, file, 'large.wav');
    return body;
  };
  assertRefused(await ask({ method: 'POST', path: '/v1/files', body: bodyOf('file', { purpose: 'user_data' }) }), [413], 'files');
  const kept = await ask({ method: 'POST', path: '/v1/files', body: bodyOf('file', { purpose: 'user_data' }), at: large });
  assert.equal(JSON.parse(kept.text).bytes, 100 * 1024 * 1024);
  for (const [path, name, fields] of [
    ['/v1/audio/transcriptions', 'file', { model: 'whisper-1' }],
    ['/v1/audio/translations', 'file', { model: 'whisper-1' }],
    ['/v1/images/edits', 'image', { model: 'gpt-image-1', prompt: 'x' }],
    ['/v1/images/variations', 'image', {}],
    ['/v1/embeddings', 'file', {}],
  ]) {
    assertRefused(await ask({ method: 'POST', path, body: bodyOf(name, fields), at: large }), [400, 413], path);
  }
  assert.equal(await large.stop(), 0);
});

test('and the server goes on', async () => assert.ok(await isHealthy(server)));
