// The official client with what mimus keeps: files, uploads, batches. MIMUS_E2E_CLIENT names the package.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { serverFor } from './server.mjs';

const name = process.env.MIMUS_E2E_CLIENT ?? 'openai7';
const { default: OpenAI, toFile } = await import(name);

const server = serverFor({ before, after });
const listed = serverFor({ before, after });
const clientOf = (of) => new OpenAI({ apiKey: 'sk-test-e2e', baseURL: of.baseURL, maxRetries: 0 });
const client = () => clientOf(server);

describe('files', () => {
  test('the whole life of a file', async () => {
    const bytes = Buffer.from([0, 13, 10, 255, 45, 45]);
    const file = await client().files.create({ file: await toFile(bytes, 'häßlich.bin'), purpose: 'user_data' });
    assert.match(file.id, /^file-/);
    assert.equal(file.filename, 'häßlich.bin');
    assert.equal(file.bytes, 6);
    assert.deepEqual(await client().files.retrieve(file.id), file);
    const content = await client().files.content(file.id);
    assert.deepEqual(Buffer.from(await content.arrayBuffer()), bytes);
    assert.deepEqual(await client().files.delete(file.id), { id: file.id, object: 'file', deleted: true });
    await assert.rejects(client().files.retrieve(file.id), OpenAI.NotFoundError);
  });

  test('for await goes through all pages, in order', async () => {
    const ids = [];
    for (let i = 0; i < 7; ++i) {
      ids.push((await clientOf(listed).files.create({ file: await toFile(Buffer.from(`${i}`), `${i}.txt`), purpose: 'assistants' })).id);
    }
    const seen = [];
    for await (const file of clientOf(listed).files.list({ limit: 3 })) seen.push(file.id);
    assert.deepEqual(seen, ids.toReversed());
    const ascending = [];
    for await (const file of clientOf(listed).files.list({ limit: 2, order: 'asc', purpose: 'assistants' })) ascending.push(file.id);
    assert.deepEqual(ascending, ids);
  });

  test('nonsense is refused', async () => {
    const file = await toFile(Buffer.from('x'), 'x.txt');
    await assert.rejects(client().files.create({ file, purpose: 'nonsense' }), OpenAI.BadRequestError);
    await assert.rejects(client().files.create({ file, purpose: 'batch' }), /Must be \.jsonl/);
    await assert.rejects(client().files.list({ limit: 0 }), OpenAI.BadRequestError);
  });
});

describe('uploads', () => {
  test('parts become a file', async () => {
    const upload = await client().uploads.create({ filename: 'a.txt', purpose: 'assistants', bytes: 6, mime_type: 'text/plain' });
    assert.equal(upload.status, 'pending');
    const parts = [];
    for (const text of ['def', 'abc']) {
      parts.push(await client().uploads.parts.create(upload.id, { data: await toFile(Buffer.from(text), 'part') }));
    }
    const done = await client().uploads.complete(upload.id, { part_ids: [parts[1].id, parts[0].id] });
    assert.equal(done.status, 'completed');
    assert.equal(await (await client().files.content(done.file.id)).text(), 'abcdef');
    await assert.rejects(client().uploads.cancel(upload.id), OpenAI.BadRequestError);
  });

  test('cancel', async () => {
    const upload = await client().uploads.create({ filename: 'a.txt', purpose: 'assistants', bytes: 6, mime_type: 'text/plain' });
    assert.equal((await client().uploads.cancel(upload.id)).status, 'cancelled');
    await assert.rejects(client().uploads.cancel('upload_x'), OpenAI.NotFoundError);
  });
});

describe('batches', () => {
  const asLine = (custom_id, body, url = '/v1/chat/completions') => JSON.stringify({ custom_id, method: 'POST', url, body });
  const ask = (content, more = {}) => ({ model: 'gpt-4o', messages: [{ role: 'user', content }], ...more });
  const start = async (lines, options = {}) => {
    const file = await client().files.create({ file: await toFile(Buffer.from(lines.join('\n')), 'in.jsonl'), purpose: 'batch' });
    return client().batches.create({ input_file_id: file.id, endpoint: '/v1/chat/completions', completion_window: '24h', ...options });
  };
  const over = ['completed', 'failed', 'expired', 'cancelled'];
  const finish = async ({ id }) => {
    const states = [];
    for (;;) {
      const batch = await client().batches.retrieve(id);
      states.push(batch.status);
      if (over.includes(batch.status)) return { batch, states };
    }
  };
  const linesOf = async (id) => (await (await client().files.content(id)).text()).trim().split('\n').map((line) => JSON.parse(line));

  test('run until completed; the output file has what the same requests get alone', async () => {
    const created = await start([asLine('a', ask('Hello')), asLine('b', ask('Goodbye')), asLine('c', ask('x', { n: 0 }))], { metadata: { run: '7' } });
    assert.equal(created.status, 'validating');
    const { batch, states } = await finish(created);
    assert.deepEqual(states, ['in_progress', 'finalizing', 'completed']);
    assert.deepEqual(batch.request_counts, { total: 3, completed: 2, failed: 1 });
    assert.deepEqual(batch.metadata, { run: '7' });
    const output = await linesOf(batch.output_file_id);
    assert.deepEqual(output.map((line) => line.custom_id), ['a', 'b']);
    const alone = await client().chat.completions.create(ask('Goodbye'));
    assert.deepEqual(output[1].response.body.choices, alone.choices);
    assert.equal(output[1].response.status_code, 200);
    const [refused] = await linesOf(batch.error_file_id);
    assert.equal(refused.response.status_code, 400);
    assert.equal(refused.response.body.error.param, 'n');
  });

  test('embeddings, and a thousand requests', async () => {
    const lines = Array.from({ length: 1000 }, (_, i) => asLine(`${i}`, { model: 'text-embedding-3-small', input: `${i}`, dimensions: 4 }, '/v1/embeddings'));
    const { batch } = await finish(await start(lines, { endpoint: '/v1/embeddings' }));
    assert.equal(batch.request_counts.completed, 1000);
    const output = await linesOf(batch.output_file_id);
    assert.equal(new Set(output.map((line) => line.custom_id)).size, 1000);
    assert.equal(output[0].response.body.data[0].embedding.length, 4);
  });

  test('a bad file fails the batch, with reasons', async () => {
    const { batch } = await finish(await start([asLine('a', ask('x')), asLine('a', ask('x')), asLine('b', ask('x', { stream: true }))]));
    assert.equal(batch.status, 'failed');
    assert.deepEqual(batch.errors.data.map((error) => [error.code, error.line]), [['duplicate_custom_id', 2], ['streaming_unsupported', 3]]);
  });

  test('cancel, and paging', async () => {
    const created = await start([asLine('a', ask('x'))]);
    assert.equal((await client().batches.cancel(created.id)).status, 'cancelling');
    const { batch } = await finish(created);
    assert.equal(batch.status, 'cancelled');
    const seen = [];
    for await (const each of client().batches.list({ limit: 1 })) seen.push(each.id);
    assert.equal(seen[0], created.id);
    assert.equal(new Set(seen).size, seen.length);
    assert.ok(seen.length >= 4);
    const done = seen.at(-1);
    await assert.rejects(client().batches.cancel(done), OpenAI.ConflictError);
    await assert.rejects(client().batches.retrieve('batch_x'), OpenAI.NotFoundError);
    await assert.rejects(start([asLine('a', ask('x'))], { endpoint: '/v1/nonsense' }), OpenAI.BadRequestError);
  });
});
