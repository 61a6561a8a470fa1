// The examples of the vendors' documents, as they stand there, with the official clients: only base URL and key differ. A
// test names the document and its line. What the documents state besides is in fixtures/golden/documents.
import assert from 'node:assert/strict';
import { GoogleGenAI } from '@google/genai';
import OpenAI, { toFile } from 'openai7';
import { after, before, describe, test } from 'node:test';
import { serverFor } from './server.mjs';

const flags = ['--clock', 'frozen:1700000000'];
const start = (name, more = []) => serverFor({ before, after }, ['--dialect', name, ...flags, ...more]);
const clientOf = (server, path, apiKey = 'YOUR_API_KEY') => new OpenAI({ apiKey, baseURL: `${server.url}${path}`, maxRetries: 0 });

async function textOf(stream) {
  let text = '';
  for await (const chunk of stream) text += chunk.choices[0].delta.content ?? ''; // unguarded, as 001:103
  return text;
}

describe('000 and 001, ramclouds', () => {
  const server = start('ramclouds');
  const client = () => clientOf(server, '/v1');

  test('001:73 multi-turn conversation', async () => {
    const response = await client().chat.completions.create({
      model: 'gemini-2.5-pro',
      messages: [
        { role: 'system', content: 'You are a math tutor.' },
        { role: 'user', content: 'What is 2 + 2?' },
        { role: 'assistant', content: '2 + 2 equals 4.' },
        { role: 'user', content: 'And if we multiply that by 3?' },
      ],
    });
    assert.ok(response.choices[0].message.content.length > 0);
    assert.equal(response.model, 'gemini-2.5-pro');
  });

  test('001:96 streaming response: every chunk has a choice', async () => {
    const options = { model: 'gpt-5', messages: [{ role: 'user', content: 'Tell me a story' }] };
    const whole = await client().chat.completions.create(options);
    assert.equal(await textOf(await client().chat.completions.create({ ...options, stream: true })), whole.choices[0].message.content);
  });

  test('000:15 the other endpoints: models, images, embeddings', async () => {
    const ids = [];
    for await (const model of client().models.list()) ids.push(model.id);
    assert.ok(ids.includes('minimax-m2.1'));
    assert.match((await client().images.generate({ model: 'dall-e-3', prompt: 'a cat' })).data[0].url, /^http/);
    assert.ok((await client().embeddings.create({ model: 'text-embedding-3-small', input: 'x' })).data[0].embedding.length > 0);
  });
});

describe('002, platform', () => {
  const server = start('platform', ['--plan', 'free']);
  const client = (key) => clientOf(server, '/api/v1', key);

  test('002:64 Node.js, chat', async () => {
    const response = await client('a').chat.completions.create({
      model: 'gpt-4o',
      messages: [
        { role: 'system', content: 'You are a helpful assistant.' },
        { role: 'user', content: 'What is the capital of France?' },
      ],
      temperature: 0.7,
      max_tokens: 512,
    });
    assert.equal(response.choices[0].finish_reason, 'stop');
  });

  test('002:134 Node.js, an image that can be fetched', async () => {
    const response = await client('b').images.generate({
      model: 'dall-e-3', prompt: 'A photorealistic cat sitting on a rooftop at sunset', size: '1024x1024', quality: 'standard', n: 1,
    });
    assert.equal((await fetch(response.data[0].url)).headers.get('content-type'), 'image/png');
    assert.ok(response.data[0].revised_prompt.length > 0);
  });

  test('002:156 client.models.list()', async () => {
    const { data } = await client('c').models.list();
    assert.deepEqual(data.map((model) => model.id), [
      'gpt-4o', 'gpt-4o-mini', 'claude-sonnet-4-20250514', 'gemini-2.5-pro', 'gemini-2.5-flash', 'dall-e-3',
    ]);
  });

  test('002:172 Gemini SDK code works without modification', async () => {
    const google = new GoogleGenAI({ apiKey: 'YOUR_API_KEY', httpOptions: { baseUrl: `${server.url}/api` } });
    const reply = await google.models.generateContent({ model: 'gemini-2.5-pro', contents: 'Explain quantum entanglement simply.' });
    assert.ok(reply.text.length > 0);
    assert.equal(reply.candidates[0].finishReason, 'STOP');
    assert.equal(reply.usageMetadata.totalTokenCount, reply.usageMetadata.promptTokenCount + reply.usageMetadata.candidatesTokenCount);
  });

  test('002:205 five images a minute on plan free, and the headers of the refusal', async () => {
    const paint = () => client('d').images.generate({ model: 'dall-e-2', prompt: 'a cat', size: '256x256' });
    for (let i = 0; i < 5; ++i) await paint();
    const error = await paint().catch((refused) => refused);
    assert.ok(error instanceof OpenAI.RateLimitError);
    assert.equal(error.type, 'rate_limit_error');
    assert.equal(error.headers.get('x-ratelimit-limit-requests'), '5');
    assert.equal(error.headers.get('x-ratelimit-remaining-requests'), '0');
    assert.equal(error.headers.get('x-ratelimit-reset-requests'), '1700000060');
  });
});

describe('003, ozwell', () => {
  const server = start('ozwell');
  const client = () => clientOf(server, '/v1', 'ozw_xxxxxxxx');

  test('003:49 make your first request', async () => {
    const response = await client().chat.completions.create({ model: 'gpt-4', messages: [{ role: 'user', content: 'Hello, Ozwell!' }] });
    assert.ok(response.choices[0].message.content.length > 0);
  });

  test('003:173 streaming', async () => {
    const stream = await client().chat.completions.create({ model: 'gpt-4', messages: [{ role: 'user', content: 'Tell me a story' }], stream: true });
    assert.ok((await textOf(stream)).length > 0);
  });

  test('003:10 file management: upload and manage', async () => {
    const file = await client().files.create({ file: await toFile(Buffer.from('Hello'), 'a.txt'), purpose: 'user_data' });
    assert.deepEqual(await client().files.retrieve(file.id), file);
    assert.equal(await (await client().files.content(file.id)).text(), 'Hello');
    const ids = [];
    for await (const each of client().files.list()) ids.push(each.id);
    assert.deepEqual(ids, [file.id]);
    assert.equal((await client().files.delete(file.id)).deleted, true);
    await assert.rejects(client().files.retrieve(file.id), OpenAI.NotFoundError);
  });

  test('003:11 embeddings; 003:12 list and inspect models; 003:13 responses', async () => {
    const { data } = await client().embeddings.create({ model: 'text-embedding-3-small', input: ['a', 'b'] });
    assert.equal(data.length, 2);
    const models = await client().models.list();
    assert.equal((await client().models.retrieve(models.data[0].id)).object, 'model');
    const response = await client().responses.create({ model: 'gpt-4', input: 'Hello!' });
    assert.ok(response.output_text.length > 0);
    assert.equal((await client().responses.retrieve(response.id)).output_text, response.output_text);
  });
});

describe('004, choreo', () => {
  const server = start('choreo');
  const client = () => clientOf(server, '/v1', 'your-api-key');

  test('004:137 the OpenAI SDK as a drop-in replacement', async () => {
    const response = await client().chat.completions.create({ model: 'gpt-4', messages: [{ role: 'user', content: 'Hello!' }] });
    assert.ok(response.choices[0].message.content.length > 0);
    const stream = await client().chat.completions.create({ model: 'gpt-4', messages: [{ role: 'user', content: 'Hello!' }], stream: true });
    assert.equal(await textOf(stream), response.choices[0].message.content);
  });

  test('004:34 function calling; 004:40 embeddings; 004:50 all models across providers', async () => {
    const tools = [{ type: 'function', function: { name: 'get_weather', parameters: { type: 'object', properties: {} } } }];
    const called = await client().chat.completions.create({ model: 'gpt-4', messages: [{ role: 'user', content: 'Weather?' }], tools, tool_choice: 'required' });
    assert.equal(called.choices[0].message.tool_calls[0].function.name, 'get_weather');
    assert.equal((await client().embeddings.create({ model: 'text-embedding-3-small', input: 'x' })).data.length, 1);
    const { data } = await client().models.list();
    for (const family of [/^gpt/, /^claude/, /^gemini/]) assert.ok(data.some((model) => family.test(model.id)), `${family}`);
  });

  test('004:56 health', async () => assert.equal((await fetch(`${server.url}/health`)).status, 200));
});
