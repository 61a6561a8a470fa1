// Rate limits before the official client: what it throws, and that it comes back when the headers say.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { serverFor } from './server.mjs';

const name = process.env.MIMUS_E2E_CLIENT ?? 'openai7';
const { default: OpenAI } = await import(name);

const free = serverFor({ before, after }, ['--dialect', 'platform', '--plan', 'free', '--clock', 'frozen:1700000000']);
const numbers = serverFor({ before, after }, ['--rpm', '600', '--tpm', '20000', '--clock', 'frozen:1700000000']);

const ask = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello!' }] };

async function advance(server, by) {
  const response = await fetch(`${server.url}/_mimus/clock`, { method: 'POST', body: JSON.stringify({ advance: by }) });
  assert.equal(response.status, 200, await response.text());
}

// A client, and the replies that it saw.
function clientOf(server, base, options = {}) {
  const seen = [];
  const client = new OpenAI({
    apiKey: options.apiKey ?? 'sk-test',
    baseURL: `${server.url}${base}`,
    maxRetries: options.maxRetries ?? 0,
    fetch: async (url, init) => {
      const response = await fetch(url, init);
      seen.push({ status: response.status, headers: response.headers, retry: new Headers(init.headers).get('x-stainless-retry-count') });
      await options.onReply?.(response);
      return response;
    },
  });
  return { client, seen };
}

describe('plan free of the platform', () => {
  test('the eleventh request is a RateLimitError that names the second of the reset', async () => {
    const { client, seen } = clientOf(free, '/api/v1', { apiKey: 'one' });
    for (let i = 0; i < 10; ++i) await client.chat.completions.create(ask);
    assert.deepEqual(seen.map(({ headers }) => headers.get('x-ratelimit-remaining-requests')), [9, 8, 7, 6, 5, 4, 3, 2, 1, 0].map(String));
    const error = await client.chat.completions.create(ask).then(assert.fail, (caught) => caught);
    assert.ok(error instanceof OpenAI.RateLimitError);
    assert.equal(error.type, 'rate_limit_error');
    assert.equal(error.code, 'rate_limit_exceeded');
    assert.equal(error.headers.get('x-ratelimit-reset-requests'), '1700000060');

    await client.models.list(); // costs nothing
    await clientOf(free, '/api/v1', { apiKey: 'two' }).client.chat.completions.create(ask); // another key
    await client.images.generate({ model: 'dall-e-3', prompt: 'a cat', size: '256x256' }); // another class

    await advance(free, '59s');
    await assert.rejects(client.chat.completions.create(ask), OpenAI.RateLimitError);
    await advance(free, '1s');
    await client.chat.completions.create(ask);
  });

  test('a stream is refused before it begins, and counts once', async () => {
    const { client, seen } = clientOf(free, '/api/v1', { apiKey: 'three' });
    const stream = await client.chat.completions.create({ ...ask, stream: true });
    for await (const chunk of stream) assert.ok(chunk.choices);
    assert.equal(seen[0].headers.get('x-ratelimit-remaining-requests'), '9');
    for (let i = 0; i < 9; ++i) await client.chat.completions.create(ask);
    await assert.rejects(client.chat.completions.create({ ...ask, stream: true }), OpenAI.RateLimitError);
  });
});

describe('numbers for OpenAI', () => {
  test('the client waits for what retry-after-ms says, and is let in', async () => {
    const { client, seen } = clientOf(numbers, '/v1', {
      apiKey: 'patient',
      maxRetries: 1,
      onReply: async (response) => response.status === 429 && advance(numbers, `${response.headers.get('retry-after-ms')}ms`),
    });
    const models = { model: 'text-embedding-3-small', input: 'x' };
    for (let i = 0; i < 60; ++i) await Promise.all(Array.from({ length: 10 }, () => client.embeddings.create(models)));
    assert.ok(seen.every(({ status }) => status === 200));
    const begun = performance.now();
    await client.embeddings.create(models);
    assert.deepEqual(seen.slice(600).map(({ status, retry }) => [status, retry]), [[429, '0'], [200, '1']]);
    assert.equal(seen[600].headers.get('retry-after-ms'), '100');
    assert.equal(seen[600].headers.get('retry-after'), '1');
    assert.equal(seen[600].headers.get('x-ratelimit-reset-requests'), '1m0s');
    assert.ok(performance.now() - begun >= 99, 'it did not wait');
  });

  test('tokens are charged by what a reply may use, and settled to what it did', async () => {
    const { client, seen } = clientOf(numbers, '/v1', { apiKey: 'thrifty' });
    const reply = await client.chat.completions.create({ ...ask, max_completion_tokens: 8000 });
    const charged = 20000 - Number(seen[0].headers.get('x-ratelimit-remaining-tokens'));
    assert.ok(charged >= 8000 && charged < 8020, `${charged}`);
    await client.chat.completions.create({ ...ask, max_completion_tokens: 10 });
    const left = Number(seen[1].headers.get('x-ratelimit-remaining-tokens'));
    assert.ok(left > 20000 - reply.usage.total_tokens - 40, `${left}`);
    const error = await client.chat.completions.create({ ...ask, max_completion_tokens: 16384, n: 2 }).then(assert.fail, (caught) => caught);
    assert.match(error.message, /Request too large for gpt-4o .* Limit 20000, Requested 32\d\d\d/);
  });
});
