// The official client's Responses API, conversations and stored chat completions against mimus. MIMUS_E2E_CLIENT names
// the package (its two majors), MIMUS_E2E_TRANSPORT the executor.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import { isHealthy, refusalOf, root, serverFor } from './server.mjs';

const name = process.env.MIMUS_E2E_CLIENT ?? 'openai7';
const { default: OpenAI } = await import(name);
const { zodTextFormat, zodResponsesFunction } = await import(`${name}/helpers/zod`);

const folder = mkdtempSync(join(tmpdir(), 'mimus-e2e-responses-'));
const fixtures = join(folder, 'birds.json');
writeFileSync(fixtures, JSON.stringify({ mimus: 1, fixtures: [
  { when: { last_user: 'scripted' }, reply: { text: 'As it is written.', reasoning: 'Let me see.' } },
  { when: { last_user: 'refuse' }, reply: { refusal: 'I will not.' } },
  { when: { last_user: 'two tools' }, reply: { tool_calls: [{ name: 'a', arguments: {} }, { name: 'b', arguments: { n: 1 } }] } },
] }));
after(() => rmSync(folder, { recursive: true }));

const server = serverFor({ before, after }, ['--fixtures', fixtures]);
const slow = serverFor({ before, after }, ['--token-delay', '20ms']);
const clientOf = (of) => new OpenAI({ apiKey: 'sk-test-e2e', baseURL: of.baseURL, maxRetries: 0 });
const client = () => clientOf(server);

const model = 'gpt-4o';
const ask = { model, input: 'What do mockingbirds sing in the morning?' };
const weather = {
  type: 'function',
  name: 'get_weather',
  description: 'The weather of a city',
  strict: true,
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
};
const Bird = z.object({ name: z.string(), length_cm: z.number(), colours: z.array(z.string()) });

async function all(pages) {
  const items = [];
  for await (const item of pages) items.push(item);
  return items;
}

describe('responses', () => {
  test('a response has its text, usage and settings', async () => {
    const response = await client().responses.create({ ...ask, instructions: 'Be brief.', metadata: { case: '1' } });
    assert.match(response.id, /^resp_[0-9a-f]{48}$/);
    assert.equal(response.status, 'completed');
    assert.match(response.output_text, /mockingbirds|sing|morning/i);
    assert.equal(response.usage.total_tokens, response.usage.input_tokens + response.usage.output_tokens);
    assert.equal(response.instructions, 'Be brief.');
    assert.deepEqual(response.metadata, { case: '1' });
    assert.match(response._request_id, /^req_/);
  });

  test('the stream tells the same, each event in its place', async () => {
    const whole = await client().responses.create(ask);
    const events = await all(await client().responses.create({ ...ask, stream: true }));
    assert.deepEqual(events.map((event) => event.sequence_number), events.map((_, i) => i));
    assert.deepEqual(events.slice(0, 4).map((event) => event.type), [
      'response.created', 'response.in_progress', 'response.output_item.added', 'response.content_part.added']);
    assert.deepEqual(events.slice(-4).map((event) => event.type), [
      'response.output_text.done', 'response.content_part.done', 'response.output_item.done', 'response.completed']);
    const deltas = events.filter((event) => event.type === 'response.output_text.delta');
    assert.ok(deltas.length > 1);
    assert.equal(deltas.map((event) => event.delta).join(''), whole.output_text);
    assert.deepEqual(events.at(-1).response.usage, whole.usage);
  });

  test('the stream helper ends with the final response', async () => {
    const whole = await client().responses.create(ask);
    const runner = client().responses.stream(ask);
    let deltas = 0;
    runner.on('response.output_text.delta', () => deltas++);
    const final = await runner.finalResponse();
    assert.equal(final.output_text, whole.output_text);
    assert.equal(final.status, 'completed');
    assert.ok(deltas > 1);
  });

  for (const input of ['scripted', 'refuse', 'two tools']) {
    test(`the stream helper follows "${input}"`, async () => {
      const final = await client().responses.stream({ ...ask, input }).finalResponse();
      const whole = await client().responses.create({ ...ask, input });
      const shape = (response) => response.output.map(({ type, content, name: tool, arguments: text, summary }) => ({ type, tool, text, summary,
        said: content?.map((part) => part.text ?? part.refusal) }));
      assert.deepEqual(shape(final), shape(whole));
    });
  }

  test('parse gives what a zod schema promises, whole and streamed', async () => {
    const text = { format: zodTextFormat(Bird, 'bird') };
    const whole = await client().responses.parse({ ...ask, text });
    assert.deepEqual(Bird.parse(whole.output_parsed), whole.output_parsed);
    const streamed = await client().responses.stream({ ...ask, text }).finalResponse();
    assert.deepEqual(streamed.output_parsed, whole.output_parsed);
  });

  test('a limit ends it incomplete', async () => {
    const whole = await client().responses.create(ask);
    const cut = await client().responses.create({ ...ask, max_output_tokens: 16 });
    assert.equal(cut.status, 'incomplete');
    assert.deepEqual(cut.incomplete_details, { reason: 'max_output_tokens' });
    assert.ok(whole.output_text.startsWith(cut.output_text));
  });

  test('log probabilities come when they are included', async () => {
    const response = await client().responses.create({ ...ask, include: ['message.output_text.logprobs'], top_logprobs: 2 });
    const [part] = response.output[0].content;
    assert.equal(part.logprobs.map((entry) => entry.token).join(''), part.text);
    assert.ok(part.logprobs.every((entry) => entry.logprob <= 0 && entry.top_logprobs.length === 2));
  });

  test('input with images and files is heard', async () => {
    const content = [
      { type: 'input_text', text: 'What is in these?' },
      { type: 'input_image', image_url: 'data:image/png;base64,iVBORw0KGgo=', detail: 'auto' },
      { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0=' },
    ];
    assert.ok((await client().responses.create({ model, input: [{ role: 'user', content }] })).output_text.length > 0);
  });

  test('input tokens are counted as they are charged', async () => {
    const { usage } = await client().responses.create({ ...ask, tools: [weather] });
    const counted = await client().responses.inputTokens.count({ ...ask, tools: [weather] });
    assert.equal(counted.input_tokens, usage.input_tokens);
  });
});

describe('tools', () => {
  const question = { model, input: 'What is the weather in Paris?', tools: [weather] };

  for (const streamed of [false, true]) {
    test(`the loop ends in text${streamed ? ', streamed' : ''}`, async () => {
      const run = (body) => (streamed ? client().responses.stream(body).finalResponse() : client().responses.create(body));
      let response = await run(question);
      let calls = 0;
      for (let turn = 0; turn < 4; ++turn) {
        const asked = response.output.filter((item) => item.type === 'function_call');
        if (asked.length === 0) break;
        calls += asked.length;
        assert.equal(response.status, 'completed');
        for (const call of asked) assert.deepEqual(Object.keys(JSON.parse(call.arguments)), ['city']);
        const input = asked.map(({ call_id }) => ({ type: 'function_call_output', call_id, output: 'It is sunny.' }));
        response = await run({ ...question, previous_response_id: response.id, input });
      }
      assert.ok(calls >= 1);
      assert.match(response.output_text, /sunny/);
    });
  }

  test('the whole history does as well as the id', async () => {
    const first = await client().responses.create(question);
    const outputs = first.output.filter((item) => item.type === 'function_call')
      .map(({ call_id }) => ({ type: 'function_call_output', call_id, output: 'rain' }));
    const by = (body) => client().responses.create({ ...question, ...body });
    const byId = await by({ previous_response_id: first.id, input: outputs });
    const byHistory = await by({ input: [{ role: 'user', content: question.input }, ...first.output, ...outputs], store: false });
    assert.equal(byHistory.output_text, byId.output_text);
  });

  test('parsed arguments of a zod function', async () => {
    const tool = zodResponsesFunction({ name: 'find_bird', parameters: Bird });
    const response = await client().responses.parse({ ...ask, tools: [tool], tool_choice: 'required' });
    const call = response.output.find((item) => item.type === 'function_call');
    assert.deepEqual(Bird.parse(call.parsed_arguments), call.parsed_arguments);
  });

  test('a call without its output is refused', async () => {
    const first = await client().responses.create(question);
    const error = await refusalOf(client().responses.create({ ...ask, previous_response_id: first.id }));
    assert.equal(error.status, 400);
    assert.match(error.message, /No tool output found for function call call_/);
  });
});

describe('what is stored', () => {
  test('retrieve, stream again from the middle, delete, gone', async () => {
    const events = await all(await client().responses.create({ ...ask, stream: true }));
    const { id } = events[0].response;
    assert.deepEqual((await client().responses.retrieve(id)).output, events.at(-1).response.output);
    const again = await all(await client().responses.retrieve(id, { stream: true, starting_after: 5 }));
    assert.deepEqual(again, events.slice(6));
    await client().responses.delete(id);
    const error = await refusalOf(client().responses.retrieve(id));
    assert.ok(error instanceof OpenAI.NotFoundError);
  });

  test('input items, page by page', async () => {
    const input = Array.from({ length: 5 }, (_, i) => ({ role: 'user', content: `part ${i}` }));
    const { id } = await client().responses.create({ model, input });
    const items = await all(client().responses.inputItems.list(id, { limit: 2, order: 'asc' }));
    assert.deepEqual(items.map((item) => item.content[0].text), input.map((item) => item.content));
    assert.equal(new Set(items.map((item) => item.id)).size, 5);
    const latest = await all(client().responses.inputItems.list(id, { limit: 3 }));
    assert.deepEqual(latest.map((item) => item.id), items.map((item) => item.id).reverse());
  });

  test('in the background: queued, in progress, cancelled or completed', async () => {
    const background = { ...ask, background: true };
    const first = await clientOf(slow).responses.create(background);
    assert.equal(first.status, 'queued');
    assert.equal((await clientOf(slow).responses.cancel(first.id)).status, 'cancelled');
    assert.equal((await clientOf(slow).responses.retrieve(first.id)).status, 'cancelled');
    const second = await client().responses.create(background);
    assert.equal((await client().responses.retrieve(second.id)).status, 'completed');
    const plain = await client().responses.create(ask);
    assert.equal((await refusalOf(client().responses.cancel(plain.id))).status, 400);
  });

  test('a client that leaves in mid-stream harms nobody', async () => {
    const stream = await clientOf(slow).responses.create({ ...ask, stream: true });
    for await (const event of stream) if (event.type === 'response.output_text.delta') break;
    assert.ok(await isHealthy(slow));
  });

  test('a conversation collects what is said', async () => {
    const { conversations, responses } = client();
    const conversation = await conversations.create({ metadata: { topic: 'birds' }, items: [{ type: 'message', role: 'user', content: 'I am Ada.' }] });
    assert.match(conversation.id, /^conv_/);
    const response = await responses.create({ ...ask, conversation: conversation.id });
    const items = await all(conversations.items.list(conversation.id, { limit: 1, order: 'asc' }));
    assert.deepEqual(items.map((item) => item.role), ['user', 'user', 'assistant']);
    assert.equal(items[2].content[0].text, response.output_text);
    assert.deepEqual(await conversations.items.retrieve(items[0].id, { conversation_id: conversation.id }), items[0]);
    await conversations.items.delete(items[0].id, { conversation_id: conversation.id });
    assert.equal((await all(conversations.items.list(conversation.id))).length, 2);
    const added = await conversations.items.create(conversation.id, { items: [{ type: 'message', role: 'user', content: 'Bye.' }] });
    assert.equal(added.data[0].content[0].text, 'Bye.');
    assert.deepEqual((await conversations.update(conversation.id, { metadata: { topic: 'songs' } })).metadata, { topic: 'songs' });
    assert.equal((await conversations.delete(conversation.id)).deleted, true);
    assert.equal((await refusalOf(conversations.retrieve(conversation.id))).status, 404);
  });

  test('stored completions: list, messages, update, delete', async () => {
    const { completions } = client().chat;
    const made = [];
    for (const run of ['1', '2', '3']) {
      made.push(await completions.create({ model, messages: [{ role: 'user', content: `run ${run}` }], store: true, metadata: { run } }));
    }
    const listed = await all(completions.list({ limit: 2 }));
    assert.deepEqual(listed.map((one) => one.id), made.map((one) => one.id));
    assert.deepEqual((await all(completions.list({ metadata: { run: '2' } }))).map((one) => one.id), [made[1].id]);
    const messages = await all(completions.messages.list(made[0].id));
    assert.deepEqual(messages.map((message) => message.content), ['run 1']);
    assert.deepEqual((await completions.update(made[0].id, { metadata: { run: 'first' } })).metadata, { run: 'first' });
    assert.deepEqual((await completions.retrieve(made[0].id)).choices, made[0].choices);
    assert.equal((await completions.delete(made[0].id)).deleted, true);
    assert.equal((await refusalOf(completions.retrieve(made[0].id))).status, 404);
  });
});

test('the example of docs/responses.md', async () => {
  const [, example] = readFileSync(join(root, 'docs/responses.md'), 'utf8').match(/^```js\n([^]*?)^```$/m);
  const body = example.replace(/^import .*$/m, '').replace('http://127.0.0.1:8080/v1', server.baseURL);
  const printed = [];
  const Run = Object.getPrototypeOf(async () => {}).constructor;
  await new Run('OpenAI', 'console', body)(OpenAI, { log: (line) => printed.push(line) });
  assert.match(printed.join('\n'), /^According to get_weather: It is sunny\. ./);
});

describe('refusals', () => {
  const rows = [
    ['a body of chat', { model, messages: [] }, 400, null, 'unsupported_parameter'],
    ['no input', { model }, 400, 'input', 'missing_required_parameter'],
    ['an unknown model', { ...ask, model: 'gpt-none' }, 400, 'model', 'model_not_found'],
    ['too few tokens', { ...ask, max_output_tokens: 1 }, 400, 'max_output_tokens', 'integer_below_min_value'],
    ['an unknown response', { ...ask, previous_response_id: 'resp_none' }, 400, 'previous_response_id', 'previous_response_not_found'],
    ['before a stream', { ...ask, stream: true, temperature: 3 }, 400, 'temperature', 'decimal_above_max_value'],
  ];
  for (const [what, body, status, param, code] of rows) {
    test(what, async () => {
      const error = await refusalOf(client().responses.create(body));
      assert.deepEqual([error.status, error.param, error.code], [status, param, code]);
      assert.match(error.requestID, /^req_/);
    });
  }

  test('an error inside a stream is thrown as one', async () => {
    const stream = await client().responses.create({ ...ask, model: `${model};fault=error_event:after_chunks=5`, stream: true });
    const error = await refusalOf(all(stream));
    assert.ok(error instanceof OpenAI.APIError, error.constructor.name);
    assert.match(error.message, /The server had an error/);
  });
});
