// LangChain's ChatOpenAI.
import { HumanMessage, SystemMessage, ToolMessage } from '@langchain/core/messages';
import { tool } from '@langchain/core/tools';
import { ChatOpenAI } from '@langchain/openai';
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { serverFor } from './server.mjs';

const server = serverFor({ before, after });
const chat = (options = {}) =>
  new ChatOpenAI({ model: 'gpt-4o', apiKey: 'sk-e2e', maxRetries: 0, configuration: { baseURL: server.baseURL }, ...options });
const messages = [new SystemMessage('Be brief.'), new HumanMessage('Which birds can imitate others?')];
const findSong = tool(async ({ bird }) => `${bird}: tweet`, {
  name: 'find_song',
  description: 'The song of a bird',
  schema: z.object({ bird: z.string() }),
});

test('invoke', async () => {
  const reply = await chat().invoke(messages);
  assert.ok(reply.text.length > 0);
  assert.equal(reply.usage_metadata.total_tokens, reply.usage_metadata.input_tokens + reply.usage_metadata.output_tokens);
  assert.equal(reply.response_metadata.finish_reason, 'stop');
});

test('stream gives the same text, piece by piece, and the usage', async () => {
  const whole = await chat().invoke(messages);
  let merged;
  let pieces = 0;
  for await (const chunk of await chat({ streamUsage: true }).stream(messages)) {
    merged = merged ? merged.concat(chunk) : chunk;
    ++pieces;
  }
  assert.equal(merged.text, whole.text);
  assert.ok(pieces > 2);
  assert.deepEqual(merged.usage_metadata.output_tokens, whole.usage_metadata.output_tokens);
});

test('batch answers each of several', async () => {
  const replies = await chat().batch([[new HumanMessage('one')], [new HumanMessage('two')]]);
  assert.equal(replies.length, 2);
});

for (const method of ['jsonSchema', 'functionCalling']) {
  test(`withStructuredOutput, ${method}`, async () => {
    const Bird = z.object({ name: z.string(), colours: z.array(z.string()), can_fly: z.boolean() });
    const value = await chat().withStructuredOutput(Bird, { method, name: 'bird' }).invoke(messages);
    assert.deepEqual(Bird.parse(value), value);
  });
}

test('bindTools: the call, its result, and then text', async () => {
  const model = chat().bindTools([findSong]);
  const asking = await model.invoke(messages);
  assert.ok(asking.tool_calls.length >= 1);
  const results = [];
  for (const call of asking.tool_calls) {
    assert.equal(call.name, 'find_song');
    const result = await findSong.invoke(call);
    assert.ok(result instanceof ToolMessage);
    results.push(result);
  }
  const answer = await model.invoke([...messages, asking, ...results]);
  assert.ok(answer.text.length > 0);
  assert.equal(answer.tool_calls.length, 0);
});

test('bindTools, streamed: the fragments merge to whole calls', async () => {
  const model = chat().bindTools([findSong], { tool_choice: 'any' });
  let merged;
  for await (const chunk of await model.stream(messages)) merged = merged ? merged.concat(chunk) : chunk;
  assert.ok(merged.tool_calls.length >= 1);
  assert.ok(merged.tool_calls.every((call) => typeof call.args.bird === 'string'));
});
