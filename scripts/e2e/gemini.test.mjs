// Google's own client against mimus, for both dialects that speak Gemini. MIMUS_E2E_TRANSPORT names the executor.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ApiError, FunctionCallingConfigMode, GoogleGenAI, Type } from '@google/genai';
import { refusalOf, serverFor } from './server.mjs';

const google = serverFor({ before, after }, ['--dialect', 'gemini']);
const platform = serverFor({ before, after }, ['--dialect', 'platform']);
const locked = serverFor({ before, after }, ['--dialect', 'gemini', '--api-key', 'right']);
const clientOf = (server, path = '', apiKey = 'any-key') =>
  new GoogleGenAI({ apiKey, httpOptions: { baseUrl: `${server.url}${path}`, retryOptions: { attempts: 1 } } });

const model = 'gemini-2.5-flash';
const weather = {
  name: 'get_weather',
  description: 'The weather of a city',
  parameters: {
    type: Type.OBJECT,
    properties: { city: { type: Type.STRING }, days: { type: Type.INTEGER, minimum: 1, maximum: 7 } },
    required: ['city', 'days'],
  },
};

for (const [name, client] of [
  ['gemini', () => clientOf(google)],
  ['platform', () => clientOf(platform, '/api')],
]) {
  describe(`dialect ${name}`, () => {
    test('generateContent says something about what was asked', async () => {
      const reply = await client().models.generateContent({ model, contents: 'What do mockingbirds sing?' });
      assert.match(reply.text, /mockingbirds|sing/i);
      assert.equal(reply.candidates[0].finishReason, 'STOP');
      assert.equal(reply.modelVersion, model);
      assert.ok(reply.responseId.length > 10);
      const { promptTokenCount, candidatesTokenCount, totalTokenCount } = reply.usageMetadata;
      assert.equal(totalTokenCount, promptTokenCount + candidatesTokenCount);
    });

    test('the streamed text equals the whole one', async () => {
      const asked = { model, contents: 'Tell me about rivers.', config: { systemInstruction: 'Be brief.', maxOutputTokens: 40 } };
      const whole = await client().models.generateContent(asked);
      let text = '';
      const chunks = [];
      for await (const chunk of await client().models.generateContentStream(asked)) {
        text += chunk.text ?? '';
        chunks.push(chunk);
      }
      assert.equal(text, whole.text);
      assert.ok(chunks.length > 5);
      assert.equal(new Set(chunks.map((chunk) => chunk.responseId)).size, 1);
      assert.deepEqual(chunks.at(-1).usageMetadata, whole.usageMetadata);
      assert.deepEqual(chunks.filter((chunk) => chunk.candidates[0].finishReason).length, 1);
    });

    test('responseSchema and responseJsonSchema are obeyed', async () => {
      const config = {
        responseMimeType: 'application/json',
        responseSchema: {
          type: Type.ARRAY,
          minItems: '2',
          maxItems: '3',
          items: {
            type: Type.OBJECT,
            properties: { bird: { type: Type.STRING }, songs: { type: Type.INTEGER }, note: { type: Type.STRING, nullable: true } },
            required: ['bird', 'songs', 'note'],
            propertyOrdering: ['songs', 'bird', 'note'],
          },
        },
      };
      const birds = JSON.parse((await client().models.generateContent({ model, contents: 'Birds?', config })).text);
      assert.ok(birds.length >= 2 && birds.length <= 3);
      for (const bird of birds) {
        assert.deepEqual(Object.keys(bird), ['songs', 'bird', 'note']);
        assert.ok(Number.isInteger(bird.songs) && typeof bird.bird === 'string');
      }
      const json = { responseMimeType: 'application/json', responseJsonSchema: { type: 'object', properties: { ok: { const: true } }, required: ['ok'] } };
      assert.deepEqual(JSON.parse((await client().models.generateContent({ model, contents: 'Ok?', config: json })).text), { ok: true });
    });

    test('a loop of function calls ends in text', async () => {
      const config = { tools: [{ functionDeclarations: [weather] }] };
      const contents = [{ role: 'user', parts: [{ text: 'What is the weather in Rome?' }] }];
      const first = await client().models.generateContent({ model, contents, config });
      assert.equal(first.functionCalls.length, 1);
      const [call] = first.functionCalls;
      assert.equal(call.name, 'get_weather');
      assert.ok(Number.isInteger(call.args.days) && call.args.days >= 1 && call.args.days <= 7);
      contents.push(first.candidates[0].content);
      contents.push({ role: 'user', parts: [{ functionResponse: { name: call.name, response: { sky: 'clear' } } }] });
      const second = await client().models.generateContent({ model, contents, config });
      assert.equal(second.functionCalls, undefined);
      assert.match(second.text, /clear/);
      const forced = { ...config, toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.NONE } } };
      assert.equal((await client().models.generateContent({ model, contents: 'Weather in Rome?', config: forced })).functionCalls, undefined);
    });

    test('a chat keeps its turns', async () => {
      const chat = client().chats.create({ model });
      assert.ok((await chat.sendMessage({ message: 'Good morning.' })).text.length > 0);
      let text = '';
      for await (const chunk of await chat.sendMessageStream({ message: 'And good night.' })) text += chunk.text ?? '';
      assert.ok(text.length > 0);
      const roles = chat.getHistory().map((content) => content.role); // each chunk of a stream is a content of its own
      assert.deepEqual(roles.filter((role, i) => role !== roles[i - 1]), ['user', 'model', 'user', 'model']);
      assert.ok((await chat.sendMessage({ message: 'Still there?' })).text.length > 0);
    });

    test('countTokens counts what generateContent bills', async () => {
      const contents = 'How many tokens are these?';
      const { totalTokens } = await client().models.countTokens({ model, contents });
      assert.equal(totalTokens, (await client().models.generateContent({ model, contents })).usageMetadata.promptTokenCount);
    });

    test('models can be listed and asked for', async () => {
      const names = [];
      for await (const each of await client().models.list({ config: { pageSize: 2 } })) names.push(each.name);
      assert.ok(names.length > 2 && names.includes(`models/${model}`));
      const one = await client().models.get({ model });
      assert.equal(one.name, `models/${model}`);
      assert.ok(one.supportedActions.includes('generateContent'));
    });

    test('inline data is taken', async () => {
      const contents = [{ text: 'What is in this?' }, { inlineData: { mimeType: 'image/png', data: 'iVBORw0KGgo=' } }];
      assert.ok((await client().models.generateContent({ model, contents })).text.length > 0);
    });

    test('a wrong value is refused with INVALID_ARGUMENT', async () => {
      const error = await refusalOf(client().models.generateContent({ model, contents: 'x', config: { temperature: 3 } }));
      assert.ok(error instanceof ApiError);
      assert.equal(error.status, 400);
      assert.match(error.message, /temperature must be in the range/);
    });
  });
}

test('an unknown model is a 404, whole and streamed', async () => {
  const asked = { model: 'gemini-none', contents: 'x' };
  const whole = await refusalOf(clientOf(google).models.generateContent(asked));
  const streamed = await refusalOf(clientOf(google).models.generateContentStream(asked));
  for (const error of [whole, streamed]) {
    assert.ok(error instanceof ApiError);
    assert.equal(error.status, 404);
    assert.match(error.message, /models\/gemini-none is not found for API version v1beta/);
  }
  assert.equal((await refusalOf(clientOf(google).models.get({ model: 'gemini-none' }))).status, 404);
  assert.equal((await refusalOf(clientOf(platform, '/api').models.generateContent({ model: 'dall-e-3', contents: 'x' }))).status, 404);
});

test('a wrong key is 400 at Google and named so; the platform says 401', async () => {
  const error = await refusalOf(clientOf(locked, '', 'wrong').models.generateContent({ model, contents: 'x' }));
  assert.equal(error.status, 400);
  assert.match(error.message, /API_KEY_INVALID/);
  assert.ok((await clientOf(locked, '', 'right').models.generateContent({ model, contents: 'x' })).text);
  const bearer = await fetch(`${platform.url}/api/v1beta/models`, { headers: { authorization: 'Bearer abc' } });
  assert.equal(bearer.status, 401);
  assert.equal((await bearer.json()).error.status, 'UNAUTHENTICATED');
});

test('directives reach Gemini, in its own errors', async () => {
  const steered = (directives) => ({ model, contents: 'x', config: { httpOptions: { headers: { 'x-mimus': directives } } } });
  const overloaded = await refusalOf(clientOf(google).models.generateContent(steered('error=overloaded')));
  assert.equal(overloaded.status, 503);
  assert.match(overloaded.message, /UNAVAILABLE/);
  const stream = await clientOf(google).models.generateContentStream(steered('fault=error_event:after_chunks=2'));
  const cut = await refusalOf((async () => { for await (const chunk of stream) assert.ok(chunk.candidates); })());
  assert.match(cut.message, /INTERNAL/);
});
