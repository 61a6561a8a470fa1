// Embeddings and images through Vercel's AI SDK and LangChain, made up and scripted.
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { OpenAIEmbeddings } from '@langchain/openai';
import { cosineSimilarity, embed, embedMany, generateImage } from 'ai';
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { serverFor } from './server.mjs';

const folder = mkdtempSync(join(tmpdir(), 'mimus-e2e-'));
after(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'fixtures.json'), JSON.stringify({
  mimus: 1,
  fixtures: [
    { when: { endpoint: 'embeddings', last_user: 'known' }, reply: { embeddings: [[0.6, 0.8]] } },
    { when: { last_user: { contains: 'otter' } }, reply: { images: [{ b64_json: Buffer.from('an otter').toString('base64') }] } },
    { when: { endpoint: 'embeddings', last_user: 'retry me' }, replies: [{ error: 'overloaded', headers: { 'retry-after-ms': '1' } }, {}] },
  ],
}));
const server = serverFor({ before, after }, ['--fixtures', folder]);
// The generic provider sends response_format, which gpt-image refuses.
const providers = {
  openai: { make: () => createOpenAI({ baseURL: server.baseURL, apiKey: 'sk-e2e' }), painter: 'gpt-image-1', size: '1024x1536' },
  'openai-compatible': {
    make: () => createOpenAICompatible({ name: 'mimus', baseURL: server.baseURL, apiKey: 'sk-e2e' }), painter: 'dall-e-2', size: '512x512',
  },
};
const texts = ['The bird sings.', 'A bird is singing.', 'Revenue rose sharply.'];

for (const [name, { make, painter, size }] of Object.entries(providers)) {
  describe(name, () => {
    const model = () => make().embeddingModel('text-embedding-3-small');
    const image = () => make().imageModel(painter);

    test('embedMany', async () => {
      const { embeddings, usage } = await embedMany({ model: model(), values: texts, maxRetries: 0 });
      assert.deepEqual(embeddings.map((each) => each.length), [1536, 1536, 1536]);
      assert.ok(cosineSimilarity(embeddings[0], embeddings[1]) > cosineSimilarity(embeddings[0], embeddings[2]));
      assert.ok(usage.tokens > 0);
    });

    test('embed says what a fixture says', async () => {
      assert.deepEqual((await embed({ model: model(), value: 'known', maxRetries: 0 })).embedding, [0.6, 0.8]);
    });

    test('generateImage', async () => {
      const { image: painted } = await generateImage({ model: image(), prompt: 'A mockingbird', size, maxRetries: 0 });
      assert.equal(painted.mediaType, 'image/png');
      assert.equal(Buffer.from(painted.uint8Array).readUInt32BE(20), Number(size.split('x')[1]));
      const { image: scripted } = await generateImage({ model: image(), prompt: 'an otter', maxRetries: 0 });
      assert.equal(Buffer.from(scripted.uint8Array).toString(), 'an otter');
    });
  });
}

test('the AI SDK tries again after an error of a fixture', async () => {
  const { embedding } = await embed({ model: providers.openai.make().embeddingModel('text-embedding-3-small'), value: 'retry me', maxRetries: 1 });
  assert.equal(embedding.length, 1536);
});

describe('LangChain', () => {
  const embeddings = (options = {}) =>
    new OpenAIEmbeddings({ model: 'text-embedding-3-small', apiKey: 'sk-e2e', maxRetries: 0, configuration: { baseURL: server.baseURL }, ...options });

  test('embedDocuments and embedQuery agree', async () => {
    const documents = await embeddings().embedDocuments(texts);
    assert.deepEqual(documents[0], await embeddings().embedQuery(texts[0]));
    assert.equal(documents.length, 3);
    assert.ok(cosineSimilarity(documents[0], documents[1]) > cosineSimilarity(documents[0], documents[2]));
  });

  test('dimensions, and batches of inputs', async () => {
    const many = await embeddings({ dimensions: 8, batchSize: 2 }).embedDocuments([...texts, 'known']);
    assert.deepEqual(many.map((each) => each.length), [8, 8, 8, 8]);
  });

  test('what a fixture says', async () => {
    const said = await embeddings().embedQuery('known');
    assert.deepEqual(Array.from(said, (value) => Number(value.toFixed(6))), [0.6, 0.8]);
  });
});
