// The contract of determinism over the wire: two servers of the same seed and a frozen clock say the same bytes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { serve } from './server.mjs';

const frozen = ['--clock', 'frozen:1760000000'];
const messages = [{ role: 'user', content: 'Which birds can imitate others?' }];
const tool = { type: 'function', function: { name: 'sing', parameters: { type: 'object', properties: { song: { type: 'string' } }, required: ['song'] } } };
const bodies = [
  { model: 'gpt-4o', messages },
  { model: 'gpt-4o', messages, stream: true, stream_options: { include_usage: true } },
  { model: 'gpt-4o', messages, n: 2, stream: true },
  { model: 'gpt-4o', messages, tools: [tool], tool_choice: 'required' },
  { model: 'gpt-4o', messages, logprobs: true, top_logprobs: 2 },
  { model: 'gpt-4o', messages, response_format: { type: 'json_schema', json_schema: { name: 's', schema: tool.function.parameters } } },
  { model: 'gpt-4o', messages, seed: 7 },
  { model: 'gpt-none', messages },
];

// Bytes of the bodies, each request sent twice: the second has an id of its own, which is reproducible too.
async function answers(flags) {
  const server = await serve([...frozen, ...flags]);
  const all = [];
  for (const body of [...bodies, ...bodies]) {
    const response = await fetch(`${server.baseURL}/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk-e2e', 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    all.push(`${response.status} ${response.headers.get('x-request-id')}\n${await response.text()}`);
  }
  assert.equal(await server.stop(), 0);
  return all;
}

test('a second run gives the same bytes', async () => {
  assert.deepEqual(await answers(['--seed', '5']), await answers(['--seed', '5']));
});

test('the number of reactors and the chunk size do not change the text', async () => {
  const textOf = (answer) => answer.split('\n').filter((line) => line.startsWith('data: {'))
    .flatMap((line) => JSON.parse(line.slice(6)).choices).map((choice) => choice.delta.content ?? '').join('');
  const one = await answers(['--reactors', '1', '--chunk-tokens', '1']);
  const two = await answers(['--reactors', '2', '--chunk-tokens', '4']);
  assert.deepEqual(two[0], one[0]);
  assert.notEqual(two[1], one[1]);
  assert.equal(textOf(two[1]), textOf(one[1]));
});

test('another seed gives another text', async () => {
  const [one, two] = [await answers(['--seed', '1']), await answers(['--seed', '2'])];
  assert.notEqual(one[0], two[0]);
});

test('ids of the same request, sent again, differ', async () => {
  const all = await answers([]);
  const id = (answer) => JSON.parse(answer.slice(answer.indexOf('\n'))).id;
  assert.notEqual(id(all[0]), id(all[bodies.length]));
});
