// The ready-made fixtures with the real clients: what they are for does happen in them.
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, jsonSchema, stepCountIs, streamText, tool } from 'ai';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { join } from 'node:path';
import OpenAI from 'openai';
import { root, serverFor } from './server.mjs';

const server = serverFor({ before, after }, ['--fixtures', join(root, 'fixtures/replies'), '--strict']);
const clientOf = (options = {}) => new OpenAI({ apiKey: 'sk-e2e', baseURL: server.baseURL, maxRetries: 0, ...options });
const ask = (content, more = {}) => ({ model: 'gpt-4o', messages: [{ role: 'user', content }], ...more });

async function textOf(stream) {
  let text = '';
  for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? '';
  return text;
}

describe('openai', () => {
  test('waits for Retry-After and tries a 429 again', async () => {
    const begun = performance.now();
    const reply = await clientOf({ maxRetries: 2 }).chat.completions.create(ask('retry me'));
    assert.equal(reply.choices[0].message.content, 'This is the second try.');
    assert.ok(performance.now() - begun >= 1000);
    const journal = await (await fetch(`${server.url}/_mimus/journal`)).json();
    assert.deepEqual(journal.entries.map(({ reply }) => reply.status), [429, 200]);
  });

  test('without retries the 429 is an error', async () => {
    await assert.rejects(clientOf({ apiKey: 'sk-another' }).chat.completions.create(ask('retry me')), { name: 'Error', status: 429 });
  });

  test('a stream that is reset raises', async () => {
    await assert.rejects(async () => textOf(await clientOf().chat.completions.create(ask('cut', { stream: true }))));
  });

  for (const end of ['fin', 'half_close']) {
    test(`a stream that is cut with ${end} raises`, async () => {
      const headers = { 'x-mimus': `echo;fault=cut:after_chunks=2,end=${end}` };
      const client = clientOf();
      await assert.rejects(async () => textOf(await client.chat.completions.create(ask('cut', { stream: true }), { headers })));
    });
  }

  test('an error event inside a 200 raises', async () => {
    await assert.rejects(async () => textOf(await clientOf().chat.completions.create(ask('break', { stream: true }))), /server had an error/i);
  });
});

// A tool that tells that it was called.
const tools = (called) => Object.fromEntries(
  [['search_flights', { from: 'string', to: 'string' }], ['book_flight', { flight: 'string', request: 'string' }]].map(([name, members]) => [name, tool({
    description: name,
    inputSchema: jsonSchema({ type: 'object', properties: Object.fromEntries(Object.keys(members).map((key) => [key, { type: 'string' }])) }),
    execute: (input) => {
      called.push([name, input]);
      return name === 'search_flights' ? 'LX1210 at 10:15' : 'seat 12A';
    },
  })]));

describe('an agent of the AI SDK holds the scripted conversation of three turns', () => {
  const providers = {
    'openai-compatible': () => createOpenAICompatible({ name: 'mimus', baseURL: server.baseURL, apiKey: 'sk-agent-1' })('gpt-4o'),
    openai: () => createOpenAI({ baseURL: server.baseURL, apiKey: 'sk-agent-2' }).chat('gpt-4o'),
    'openai.responses': () => createOpenAI({ baseURL: server.baseURL, apiKey: 'sk-agent-3' }).responses('gpt-4o'),
  };
  const ways = {
    generateText: async (options) => {
      const { text, response } = await generateText(options);
      return { text, messages: response.messages };
    },
    streamText: async (options) => {
      const result = streamText({ ...options, onError: ({ error }) => { throw error; } });
      let text = '';
      for await (const part of result.textStream) text += part;
      return { text, messages: (await result.response).messages };
    },
  };
  for (const [provider, model] of Object.entries(providers)) {
    for (const [way, run] of Object.entries(ways)) {
      test(`${provider}, ${way}`, async () => {
        const called = [];
        const headers = { 'x-mimus-test': `${provider} ${way}` };
        const messages = [];
        const say = async (content) => {
          messages.push({ role: 'user', content });
          const { text, messages: said } = await run({ model: model(), messages, tools: tools(called), stopWhen: stepCountIs(5), maxRetries: 0, headers });
          messages.push(...said);
          return text;
        };
        assert.equal(await say('I need to go from Zurich to Oslo.'), 'I found a flight at 10:15. Shall I book it?');
        assert.match(await say('Yes, please.'), /^Booked: .*seat 12A/);
        assert.equal(await say('Thank you!'), 'You are welcome. Have a good flight!');
        assert.deepEqual(called, [['search_flights', { from: 'ZRH', to: 'OSL' }], ['book_flight', { flight: 'LX1210', request: 'Yes, please.' }]]);
      });
    }
  }
});
