// The official client against mimus: it must not be able to tell. MIMUS_E2E_CLIENT names the package (its two majors),
// MIMUS_E2E_TRANSPORT the executor.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import { ask, clientOf, OpenAI, user, zodResponseFormat } from './openai_client.mjs';
import { isHealthy, refusalOf, serverFor } from './server.mjs';

const server = serverFor({ before, after });
const slow = serverFor({ before, after }, ['--token-delay', '50ms']);
const client = () => clientOf(server);

const weatherTool = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'The weather of a city',
    parameters: {
      type: 'object',
      properties: { city: { type: 'string', minLength: 1 }, unit: { type: 'string', enum: ['celsius', 'fahrenheit'] } },
      required: ['city', 'unit'],
      additionalProperties: false,
    },
  },
};

async function textOf(stream) {
  let text = '';
  for await (const chunk of stream) text += chunk.choices[0]?.delta?.content ?? '';
  return text;
}

describe('whole replies', () => {
  test('a completion has every member that the client declares', async () => {
    const reply = await client().chat.completions.create(ask);
    assert.match(reply.id, /^chatcmpl-/);
    assert.equal(reply.object, 'chat.completion');
    assert.ok(Number.isInteger(reply.created) && reply.created > 1_600_000_000);
    assert.match(reply.model, /^gpt-4o-/);
    assert.equal(reply.choices.length, 1);
    const [choice] = reply.choices;
    assert.equal(choice.index, 0);
    assert.equal(choice.finish_reason, 'stop');
    assert.equal(choice.message.role, 'assistant');
    assert.ok(choice.message.content.length > 0);
    assert.equal(choice.message.refusal, null);
    assert.equal(reply.usage.total_tokens, reply.usage.prompt_tokens + reply.usage.completion_tokens);
    assert.match(reply._request_id, /^req_/);
  });

  test('the reply speaks of what was asked', async () => {
    const reply = await client().chat.completions.create(ask);
    assert.match(reply.choices[0].message.content, /mockingbirds|sing|morning/i);
  });

  test('n adds choices without changing the first', async () => {
    const one = await client().chat.completions.create(ask);
    const three = await client().chat.completions.create({ ...ask, n: 3 });
    assert.deepEqual(three.choices.map((choice) => choice.index), [0, 1, 2]);
    assert.equal(three.choices[0].message.content, one.choices[0].message.content);
    assert.equal(new Set(three.choices.map((choice) => choice.message.content)).size, 3);
  });

  test('max_tokens gives a prefix and says length', async () => {
    const whole = await client().chat.completions.create(ask);
    const short = await client().chat.completions.create({ ...ask, max_completion_tokens: 5 });
    assert.equal(short.choices[0].finish_reason, 'length');
    assert.equal(short.usage.completion_tokens, 5);
    const text = short.choices[0].message.content;
    assert.ok(text.length > 0 && whole.choices[0].message.content.startsWith(text));
  });

  test('a stop string ends the text in front of it', async () => {
    const whole = (await client().chat.completions.create(ask)).choices[0].message.content;
    const stop = whole.split(' ')[3];
    const cut = (await client().chat.completions.create({ ...ask, stop })).choices[0];
    assert.equal(cut.message.content, whole.slice(0, whole.indexOf(stop)));
    assert.equal(cut.finish_reason, 'stop');
  });

  test('logprobs: one entry a token, which together are the text', async () => {
    const reply = await client().chat.completions.create({ ...ask, logprobs: true, top_logprobs: 3 });
    const entries = reply.choices[0].logprobs.content;
    assert.equal(entries.map((entry) => entry.token).join(''), reply.choices[0].message.content);
    assert.equal(Buffer.from(entries.flatMap((entry) => entry.bytes)).toString(), reply.choices[0].message.content);
    assert.equal(entries.length, reply.usage.completion_tokens);
    for (const entry of entries) {
      assert.ok(entry.logprob <= 0);
      assert.equal(entry.top_logprobs.length, 3);
      assert.ok(entry.top_logprobs.every((top) => top.logprob <= 0));
    }
  });

  test('images, audio and files in a message are accepted', async () => {
    const content = [
      { type: 'text', text: 'What is in these?' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
      { type: 'input_audio', input_audio: { data: 'UklGRg==', format: 'wav' } },
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' } },
    ];
    const reply = await client().chat.completions.create({ ...ask, messages: [user(content)] });
    assert.ok(reply.choices[0].message.content.length > 0);
  });

  test('json_object gives an object', async () => {
    const messages = [{ role: 'developer', content: 'Answer in JSON.' }, user('List three birds.')];
    const reply = await client().chat.completions.create({ ...ask, messages, response_format: { type: 'json_object' } });
    const value = JSON.parse(reply.choices[0].message.content);
    assert.ok(value !== null && typeof value === 'object' && !Array.isArray(value));
  });

  test('parse gives what a zod schema promises', async () => {
    const Event = z.object({
      name: z.string(),
      year: z.number().int(),
      kind: z.enum(['concert', 'talk']),
      people: z.array(z.object({ name: z.string(), age: z.number().nullable() })),
    });
    const reply = await client().chat.completions.parse({ ...ask, response_format: zodResponseFormat(Event, 'event') });
    assert.deepEqual(Event.parse(reply.choices[0].message.parsed), reply.choices[0].message.parsed);
  });
});

describe('streams', () => {
  test('the streamed text equals the whole one', async () => {
    const whole = await client().chat.completions.create(ask);
    const streamed = await textOf(await client().chat.completions.create({ ...ask, stream: true }));
    assert.equal(streamed, whole.choices[0].message.content);
  });

  test('chunks share id and created; role first, finish last, usage behind it', async () => {
    const options = { include_usage: true };
    const chunks = [];
    const stream = await client().chat.completions.create({ ...ask, stream: true, stream_options: options });
    for await (const chunk of stream) chunks.push(chunk);
    assert.equal(new Set(chunks.map((chunk) => `${chunk.id} ${chunk.created} ${chunk.model}`)).size, 1);
    assert.ok(chunks.every((chunk) => chunk.object === 'chat.completion.chunk'));
    assert.deepEqual(chunks[0].choices[0].delta, { role: 'assistant', content: '', refusal: null });
    assert.equal(chunks.at(-2).choices[0].finish_reason, 'stop');
    assert.deepEqual(chunks.at(-1).choices, []);
    assert.ok(chunks.slice(0, -1).every((chunk) => chunk.usage === null));
    const whole = await client().chat.completions.create(ask);
    assert.deepEqual(chunks.at(-1).usage, whole.usage);
  });

  test('several choices stream side by side', async () => {
    const whole = await client().chat.completions.create({ ...ask, n: 3 });
    const texts = ['', '', ''];
    for await (const chunk of await client().chat.completions.create({ ...ask, n: 3, stream: true })) {
      for (const choice of chunk.choices) texts[choice.index] += choice.delta.content ?? '';
    }
    assert.deepEqual(texts, whole.choices.map((choice) => choice.message.content));
  });

  test('the stream helper raises its events and ends with the final completion', async () => {
    const seen = { content: 0, chunk: 0 };
    const runner = client().chat.completions.stream({ ...ask, logprobs: true });
    runner.on('content', () => seen.content++).on('chunk', () => seen.chunk++);
    let logprobs = 0;
    runner.on('logprobs.content.delta', () => logprobs++);
    const final = await runner.finalChatCompletion();
    const whole = await client().chat.completions.create({ ...ask, logprobs: true });
    assert.equal(final.choices[0].message.content, whole.choices[0].message.content);
    assert.deepEqual(final.choices[0].logprobs.content, whole.choices[0].logprobs.content);
    assert.ok(seen.content > 1 && seen.chunk > seen.content && logprobs > 1);
  });

  test('the stream helper parses a schema', async () => {
    const Point = z.object({ x: z.number(), y: z.number(), label: z.string() });
    const runner = client().chat.completions.stream({ ...ask, response_format: zodResponseFormat(Point, 'point') });
    const { message } = (await runner.finalChatCompletion()).choices[0];
    assert.deepEqual(Point.parse(message.parsed), message.parsed);
  });

  test('a client that leaves in mid-stream harms nobody', async () => {
    const stream = await clientOf(slow).chat.completions.create({ ...ask, stream: true });
    let chunks = 0;
    for await (const chunk of stream) {
      assert.ok(chunk.id);
      if (++chunks === 3) break;
    }
    assert.ok(stream.controller.signal.aborted);
    assert.ok(await isHealthy(slow));
    const controller = new AbortController();
    const refused = refusalOf(clientOf(slow).chat.completions.create(ask, { signal: controller.signal }));
    controller.abort();
    assert.ok((await refused) instanceof OpenAI.APIUserAbortError);
    assert.ok(await isHealthy(slow));
  });

  test('fifty requests at once, each with its own answer', async () => {
    const questions = Array.from({ length: 50 }, (_, i) => ({ ...ask, messages: [user(`Question number ${i}, please.`)] }));
    const [streamed, whole] = await Promise.all([
      Promise.all(questions.map(async (q) => textOf(await clientOf(slow).chat.completions.create({ ...q, stream: true, max_tokens: 8 })))),
      Promise.all(questions.map((q) => clientOf(slow).chat.completions.create({ ...q, max_tokens: 8 }))),
    ]);
    assert.deepEqual(streamed, whole.map((reply) => reply.choices[0].message.content));
    assert.ok(new Set(streamed).size > 1);
    assert.equal(new Set(whole.map((reply) => reply.id)).size, 50);
  });
});

describe('tools', () => {
  const withTool = { ...ask, messages: [user('What is the weather in Paris?')], tools: [weatherTool] };
  const checkArguments = (text) => {
    const value = JSON.parse(text);
    assert.deepEqual(Object.keys(value).sort(), ['city', 'unit']);
    assert.ok(value.city.length > 0 && ['celsius', 'fahrenheit'].includes(value.unit));
  };

  test('required calls a tool with arguments that its schema accepts', async () => {
    const reply = await client().chat.completions.create({ ...withTool, tool_choice: 'required' });
    const [choice] = reply.choices;
    assert.equal(choice.finish_reason, 'tool_calls');
    assert.equal(choice.message.content, null);
    for (const call of choice.message.tool_calls) {
      assert.match(call.id, /^call_/);
      assert.equal(call.function.name, 'get_weather');
      checkArguments(call.function.arguments);
    }
  });

  test('none calls no tool, a name calls that one', async () => {
    const none = await client().chat.completions.create({ ...withTool, tool_choice: 'none' });
    assert.equal(none.choices[0].message.tool_calls, undefined);
    const other = { type: 'function', function: { name: 'get_time', parameters: { type: 'object', properties: {} } } };
    const named = await client().chat.completions.create({
      ...withTool,
      tools: [weatherTool, other],
      tool_choice: { type: 'function', function: { name: 'get_time' } },
    });
    assert.deepEqual(named.choices[0].message.tool_calls.map((call) => call.function.name), ['get_time']);
  });

  test('streamed calls put themselves together to the whole ones', async () => {
    const options = { ...withTool, tool_choice: 'required' };
    const whole = (await client().chat.completions.create(options)).choices[0].message.tool_calls;
    const final = await client().chat.completions.stream(options).finalChatCompletion();
    const streamed = final.choices[0].message.tool_calls;
    assert.deepEqual(streamed.map((call) => call.function.arguments), whole.map((call) => call.function.arguments));
    assert.equal(final.choices[0].finish_reason, 'tool_calls');
  });

  for (const stream of [false, true]) {
    test(`runTools calls the function and ends in text${stream ? ', streamed' : ''}`, async () => {
      const calls = [];
      const tool = structuredClone(weatherTool);
      tool.function.parse = JSON.parse;
      tool.function.function = (args) => {
        calls.push(args);
        return `It is sunny in ${args.city}.`;
      };
      const runner = client().chat.completions.runTools({ ...withTool, tools: [tool], stream });
      const content = await runner.finalContent();
      assert.ok(calls.length >= 1);
      assert.ok(content.length > 0);
      assert.equal(runner.messages.filter((message) => message.role === 'tool').length, calls.length);
    });
  }

  test('legacy functions are called the legacy way', async () => {
    const reply = await client().chat.completions.create({
      ...ask,
      functions: [weatherTool.function],
      function_call: { name: 'get_weather' },
    });
    assert.equal(reply.choices[0].message.function_call.name, 'get_weather');
    checkArguments(reply.choices[0].message.function_call.arguments);
  });
});

describe('models', () => {
  test('the list can be walked, and each of it be asked for', async () => {
    const ids = [];
    for await (const model of client().models.list()) ids.push(model.id);
    assert.ok(ids.includes('gpt-4o'));
    const model = await client().models.retrieve('gpt-4o');
    assert.equal(model.id, 'gpt-4o');
    assert.equal(model.object, 'model');
  });
});
