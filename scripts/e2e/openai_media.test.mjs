// The official client at the endpoints beside chat: images, embeddings, moderations. MIMUS_E2E_CLIENT names the package.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { pixel } from './samples.mjs';
import { refusalOf, serverFor } from './server.mjs';

const name = process.env.MIMUS_E2E_CLIENT ?? 'openai7';
const { default: OpenAI, toFile } = await import(name);

const server = serverFor({ before, after });
const client = () => new OpenAI({ apiKey: 'sk-test-e2e', baseURL: server.baseURL, maxRetries: 0 });

// Width and height of a PNG; fails when it is none.
function sizeOf(bytes) {
  const png = Buffer.from(bytes);
  assert.equal(png.subarray(0, 8).toString('latin1'), '\x89PNG\r\n\x1a\n');
  assert.equal(png.subarray(-8, -4).toString('latin1'), 'IEND');
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}

const painted = async (options = {}) => {
  const { data } = await client().images.generate({ model: 'gpt-image-1', prompt: 'A mockingbird', size: '1024x1024', ...options });
  return Buffer.from(data[0].b64_json, 'base64');
};
const asFile = (bytes) => toFile(bytes, 'picture.png', { type: 'image/png' });

describe('images', () => {
  test('generate: the url can be fetched from mimus, without a key', async () => {
    const { data, created } = await client().images.generate({ model: 'dall-e-3', prompt: 'A mockingbird', size: '1792x1024' });
    assert.ok(Number.isInteger(created));
    assert.match(data[0].revised_prompt, /A mockingbird/);
    const picture = await fetch(data[0].url);
    assert.equal(picture.status, 200);
    assert.equal(picture.headers.get('content-type'), 'image/png');
    assert.deepEqual(sizeOf(await picture.arrayBuffer()), [1792, 1024]);
  });

  test('generate: base64, n pictures that differ, the same in each run', async () => {
    const options = { model: 'dall-e-2', prompt: 'A mockingbird', n: 3, size: '256x256', response_format: 'b64_json' };
    const { data } = await client().images.generate(options);
    assert.equal(new Set(data.map((image) => image.b64_json)).size, 3);
    for (const image of data) assert.deepEqual(sizeOf(Buffer.from(image.b64_json, 'base64')), [256, 256]);
    assert.deepEqual((await client().images.generate(options)).data, data);
  });

  test('generate, streamed: partial pictures, then the whole with its usage', async () => {
    const options = { model: 'gpt-image-1', prompt: 'A mockingbird', size: '1024x1536', stream: true, partial_images: 2 };
    const events = [];
    for await (const event of await client().images.generate(options)) events.push(event);
    assert.deepEqual(events.map((event) => event.type),
      ['image_generation.partial_image', 'image_generation.partial_image', 'image_generation.completed']);
    assert.deepEqual(events.slice(0, 2).map((event) => event.partial_image_index), [0, 1]);
    for (const event of events) assert.deepEqual(sizeOf(Buffer.from(event.b64_json, 'base64')), [1024, 1536]);
    assert.ok(events[2].usage.total_tokens > 0);
    assert.equal(events[2].b64_json, (await painted({ size: '1024x1536' })).toString('base64'));
  });

  test('edit: one picture, several, with a mask, streamed', async () => {
    const image = await asFile(await painted());
    const edit = (options) => client().images.edit({ model: 'gpt-image-1', prompt: 'Add a hat', image, ...options });
    const one = await edit({});
    assert.deepEqual(sizeOf(Buffer.from(one.data[0].b64_json, 'base64')), [1024, 1024]);
    assert.ok(one.usage.input_tokens_details.image_tokens > 0);
    const two = await edit({ image: [image, await asFile(pixel)], mask: await asFile(await painted()) });
    assert.notEqual(two.data[0].b64_json, one.data[0].b64_json);
    assert.equal(two.usage.input_tokens_details.image_tokens, 2 * one.usage.input_tokens_details.image_tokens);
    const types = [];
    for await (const event of await edit({ stream: true, partial_images: 1 })) types.push(event.type);
    assert.deepEqual(types, ['image_edit.partial_image', 'image_edit.completed']);
  });

  test('edit and variation with dall-e-2: addresses, n', async () => {
    const image = await asFile(pixel);
    const edited = await client().images.edit({ model: 'dall-e-2', prompt: 'Add a hat', image, n: 2, size: '256x256' });
    const varied = await client().images.createVariation({ image, n: 2, size: '256x256' });
    const urls = [...edited.data, ...varied.data].map((each) => each.url);
    assert.equal(new Set(urls).size, 4);
    for (const url of urls) assert.deepEqual(sizeOf(await (await fetch(url)).arrayBuffer()), [256, 256]);
  });

  test('what the vendor refuses arrives as its error', async () => {
    const junk = await toFile(Buffer.from('junk'), 'a.png', { type: 'image/png' });
    const untyped = await toFile(pixel, 'a.bin', { type: 'application/octet-stream' });
    const rows = [
      [() => client().images.edit({ model: 'gpt-image-1', prompt: 'x', image: junk }), 'invalid_image_file', /image 0/],
      [() => client().images.edit({ model: 'gpt-image-1', prompt: 'x', image: untyped }), 'unsupported_file_mimetype', /octet-stream/],
      [() => client().images.createVariation({ image: junk }), null, /must be a PNG/],
      [() => client().images.generate({ model: 'dall-e-3', prompt: 'x', n: 2 }), 'unsupported_value', /'n'/],
    ];
    for (const [call, code, message] of rows) {
      const error = await refusalOf(call());
      assert.ok(error instanceof OpenAI.BadRequestError);
      assert.equal(error.code, code);
      assert.match(error.message, message);
    }
  });
});

describe('embeddings', () => {
  const input = ['The bird sings in the tree.', 'A bird is singing in a tree.', 'Quarterly revenue rose sharply.'];
  const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

  test('near texts are near, vectors have unit length, both encodings agree', async () => {
    const options = { model: 'text-embedding-3-small', input };
    const base64 = await client().embeddings.create(options); // the client asks for base64 by itself
    const floats = await client().embeddings.create({ ...options, encoding_format: 'float' });
    const vectors = floats.data.map((each) => each.embedding);
    assert.deepEqual(base64.data.map((each) => Array.from(each.embedding, Math.fround)), vectors.map((each) => each.map(Math.fround)));
    for (const vector of vectors) assert.ok(Math.abs(dot(vector, vector) - 1) < 1e-5 && vector.length === 1536);
    assert.ok(dot(vectors[0], vectors[1]) > dot(vectors[0], vectors[2]) + 0.2);
    assert.ok(floats.usage.total_tokens > 10);
  });

  test('2,048 inputs of 1,536 dimensions cost less than a second of processor time', { skip: !existsSync('/proc/self/stat') && 'there is no /proc' }, async () => {
    const words = Array.from({ length: 2048 }, (_, i) => `Text ${i} is about birds, trees and the revenue of a quarter.`);
    const spent = () => readFileSync(`/proc/${server.pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).reduce((sum, ticks) => sum + ticks / 100, 0);
    const before = spent();
    const { data } = await client().embeddings.create({ model: 'text-embedding-3-small', input: words });
    assert.ok(spent() - before < 1, `${spent() - before} s`);
    assert.deepEqual([data.length, data[2047].embedding.length, data[2047].index], [2048, 1536, 2047]);
  });

  test('dimensions, tokens, and too many inputs', async () => {
    const short = await client().embeddings.create({ model: 'text-embedding-3-large', input: [1, 2, 3], dimensions: 256 });
    assert.equal(short.data.length, 1);
    assert.equal(short.data[0].embedding.length, 256);
    const error = await refusalOf(client().embeddings.create({ model: 'text-embedding-3-small', input: Array(2049).fill('x') }));
    assert.equal(error.code, 'array_above_max_length');
  });
});

test('moderations: texts, and pictures with texts', async () => {
  const fine = await client().moderations.create({ input: ['A lovely morning.', 'I will kill you.'] });
  assert.deepEqual(fine.results.map((result) => result.flagged), [false, true]);
  assert.equal(fine.results[1].categories.violence, true);
  const mixed = await client().moderations.create({
    model: 'omni-moderation-latest',
    input: [{ type: 'text', text: 'Look:' }, { type: 'image_url', image_url: { url: 'https://example.com/a.png' } }],
  });
  assert.equal(mixed.results.length, 1);
  assert.deepEqual(mixed.results[0].category_applied_input_types.violence, ['text', 'image']);
});

test('a model cannot be deleted', async () => {
  assert.ok((await refusalOf(client().models.delete('gpt-4o'))) instanceof OpenAI.PermissionDeniedError);
  assert.ok((await refusalOf(client().models.delete('ft:gpt-4o:org::x'))) instanceof OpenAI.NotFoundError);
});
