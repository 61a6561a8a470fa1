// Vercel's AI SDK, over its generic OpenAI-compatible provider and over its own OpenAI one (chat and Responses API).
import { createOpenAI } from '@ai-sdk/openai';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateObject, generateText, jsonSchema, stepCountIs, streamObject, streamText, tool } from 'ai';
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import { serverFor } from './server.mjs';

const server = serverFor({ before, after });
const providers = {
  'openai-compatible': (id) =>
    createOpenAICompatible({ name: 'mimus', baseURL: server.baseURL, apiKey: 'sk-e2e', supportsStructuredOutputs: true, includeUsage: true })(id),
  openai: (id) => createOpenAI({ baseURL: server.baseURL, apiKey: 'sk-e2e' }).chat(id),
  'openai.responses': (id) => createOpenAI({ baseURL: server.baseURL, apiKey: 'sk-e2e' }).responses(id),
};
const prompt = 'Which birds can imitate others?';
const Bird = z.object({ name: z.string(), length_cm: z.number(), colours: z.array(z.string()) });

for (const [name, model] of Object.entries(providers)) {
  const options = () => ({ model: model('gpt-4o'), prompt, maxRetries: 0 });

  describe(name, () => {
    test('generateText', async () => {
      const { text, finishReason, usage, response } = await generateText(options());
      assert.ok(text.length > 0);
      assert.equal(finishReason, 'stop');
      assert.equal(usage.totalTokens, usage.inputTokens + usage.outputTokens);
      assert.match(response.id, name.endsWith('responses') ? /^resp_/ : /^chatcmpl-/);
    });

    test('streamText gives the same text, piece by piece', async () => {
      const whole = (await generateText(options())).text;
      const result = streamText({ ...options(), onError: ({ error }) => { throw error; } });
      const pieces = [];
      for await (const piece of result.textStream) pieces.push(piece);
      assert.equal(pieces.join(''), whole);
      assert.ok(pieces.length > 1);
      assert.equal(await result.finishReason, 'stop');
      assert.ok((await result.usage).outputTokens > 0);
    });

    test('generateObject', async () => {
      const { object } = await generateObject({ ...options(), schema: Bird });
      assert.deepEqual(Bird.parse(object), object);
    });

    test('streamObject', async () => {
      const result = streamObject({ ...options(), schema: Bird });
      let partials = 0;
      for await (const partial of result.partialObjectStream) partials += partial ? 1 : 0;
      assert.ok(partials > 1);
      assert.deepEqual(Bird.parse(await result.object), await result.object);
    });

    for (const [how, run] of [['generateText', generateText], ['streamText', streamText]]) {
      test(`tools in several steps, ${how}`, async () => {
        const asked = [];
        const tools = {
          find_song: tool({
            description: 'The song of a bird',
            inputSchema: z.object({ bird: z.string() }),
            execute: async ({ bird }) => {
              asked.push(bird);
              return { song: 'tweet' };
            },
          }),
        };
        const result = await run({ ...options(), tools, stopWhen: stepCountIs(4) });
        const steps = await result.steps;
        assert.ok(asked.length >= 1 && asked.every((bird) => typeof bird === 'string'));
        assert.ok(steps.length >= 2);
        assert.equal(steps[0].finishReason, 'tool-calls');
        assert.equal(steps.at(-1).finishReason, 'stop');
        assert.ok((await result.text).length > 0);
      });
    }

    test('a schema given as JSON', async () => {
      const schema = jsonSchema({ type: 'object', properties: { n: { type: 'integer', minimum: 3, maximum: 5 } }, required: ['n'], additionalProperties: false });
      const { object } = await generateObject({ ...options(), schema });
      assert.ok(Number.isInteger(object.n) && object.n >= 3 && object.n <= 5);
    });

    test('a refusal keeps its status and message', async () => {
      await assert.rejects(generateText({ ...options(), model: model('gpt-none') }), (error) => {
        assert.equal(error.statusCode, name.endsWith('responses') ? 400 : 404);
        assert.match(error.message, /gpt-none/);
        return true;
      });
    });
  });
}
