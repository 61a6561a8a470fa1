// What the official client makes of refusals and trouble. MIMUS_E2E_CLIENT and MIMUS_E2E_TRANSPORT as in openai_chat.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import { ask, clientOf, LengthFinishReasonError, name, OpenAI, user, zodResponseFormat } from './openai_client.mjs';
import { refusalOf, serverFor } from './server.mjs';

const server = serverFor({ before, after });
const locked = serverFor({ before, after }, ['--api-key', 'sk-one', '--api-key', 'sk-two']);
const client = () => clientOf(server);

describe('refusals', () => {
  const chat = (body) => client().chat.completions.create(body);
  const rows = [
    ['no messages', () => chat({ model: 'gpt-4o' }), OpenAI.BadRequestError, 400, 'messages', 'missing_required_parameter'],
    ['empty messages', () => chat({ ...ask, messages: [] }), OpenAI.BadRequestError, 400, 'messages', 'empty_array'],
    ['temperature out of range', () => chat({ ...ask, temperature: 3 }), OpenAI.BadRequestError, 400, 'temperature', 'decimal_above_max_value'],
    ['wrong type', () => chat({ ...ask, max_tokens: 'ten' }), OpenAI.BadRequestError, 400, 'max_tokens', 'invalid_type'],
    ['unknown role', () => chat({ ...ask, messages: [{ role: 'bird', content: 'x' }] }), OpenAI.BadRequestError, 400, 'messages[0].role', 'invalid_value'],
    ['unknown model', () => chat({ ...ask, model: 'gpt-none' }), OpenAI.NotFoundError, 404, null, 'model_not_found'],
    ['unknown model, asked for', () => client().models.retrieve('gpt-none'), OpenAI.NotFoundError, 404, 'model', 'model_not_found'],
    ['unknown endpoint', () => client().post('/no/such/thing', { body: {} }), OpenAI.NotFoundError, 404],
    ['wrong method', () => client().get('/embeddings'), null, 405],
    ['unknown key', () => clientOf(locked).chat.completions.create(ask), OpenAI.AuthenticationError, 401, null, 'invalid_api_key'],
    ['refused before a stream', () => chat({ ...ask, stream: true, n: 0 }), OpenAI.BadRequestError, 400, 'n', 'integer_below_min_value'],
  ];
  for (const [what, call, type, status, param, code] of rows) {
    test(what, async () => {
      const error = await refusalOf(call());
      assert.equal(error.status, status);
      if (type) assert.ok(error instanceof type, error.constructor.name);
      assert.equal(error.type, 'invalid_request_error');
      if (param !== undefined) assert.equal(error.param, param);
      if (code !== undefined) assert.equal(error.code, code);
      assert.match(error.requestID, /^req_/);
    });
  }

  test('a call without a key is refused, each of the given keys is accepted', async () => {
    const response = await fetch(`${server.baseURL}/models`);
    assert.equal(response.status, 401);
    assert.match((await response.json()).error.message, /^You didn't provide an API key/);
    for (const apiKey of ['sk-one', 'sk-two']) {
      const models = await clientOf(locked, { apiKey }).models.list();
      assert.ok(models.data.length > 0);
    }
  });
});

describe('every class of error', () => {
  const chat = (directives, body = {}) => client().chat.completions.create({ ...ask, ...body }, { headers: { 'x-mimus': directives } });
  const wanted = (status) => ({ directives: `status=${status}`, status });
  const rows = [
    [OpenAI.BadRequestError, wanted(400)],
    [OpenAI.AuthenticationError, wanted(401)],
    [OpenAI.PermissionDeniedError, wanted(403)],
    [OpenAI.NotFoundError, wanted(404)],
    [OpenAI.ConflictError, wanted(409)],
    [OpenAI.UnprocessableEntityError, wanted(422)],
    [OpenAI.RateLimitError, { directives: 'error=rate_limited_requests', status: 429, code: 'rate_limit_exceeded' }],
    [OpenAI.RateLimitError, { directives: 'error=out_of_quota', status: 429, code: 'insufficient_quota' }],
    [OpenAI.InternalServerError, { directives: 'error=server_error', status: 500 }],
    [OpenAI.InternalServerError, { directives: 'error=overloaded', status: 503 }],
  ];
  for (const stream of [false, true]) {
    for (const [type, { directives, status, code }] of rows) {
      test(`${type.name}: ${directives}${stream ? ', asked for as a stream' : ''}`, async () => {
        const error = await refusalOf(chat(directives, { stream }));
        assert.ok(error instanceof type, error.constructor.name);
        assert.equal(error.status, status);
        if (code) assert.equal(error.code, code);
        assert.match(error.requestID, /^req_/);
      });
    }
  }

  test('a body that is cut by a reset, nobody there, and a server that stays silent', async () => {
    const reset = await refusalOf(chat('fault=cut:after_bytes=10,end=reset'));
    assert.equal(reset.message, 'terminated');
    const nobody = await refusalOf(clientOf({ baseURL: 'http://127.0.0.1:1/v1' }).chat.completions.create(ask));
    assert.ok(nobody instanceof OpenAI.APIConnectionError, nobody.constructor.name);
    const silent = client().chat.completions.create(ask, { headers: { 'x-mimus': 'ttft=60s' }, timeout: 100 });
    const late = await refusalOf(silent);
    assert.ok(late instanceof OpenAI.APIConnectionTimeoutError, late.constructor.name);
  });

  test('an error in mid-stream, behind the text that came before', async () => {
    let text = '';
    const error = await refusalOf((async () => {
      for await (const chunk of await chat('fault=error_event:after_chunks=3', { stream: true })) text += chunk.choices[0]?.delta?.content ?? '';
    })());
    assert.ok(error instanceof OpenAI.APIError, error.constructor.name);
    assert.notEqual(text, '');
  });

  test('a parsed reply that was cut at its length', async () => {
    const format = zodResponseFormat(z.object({ birds: z.array(z.string()).min(3) }), 'birds');
    const parse = (body) => client().chat.completions.parse({ ...ask, response_format: format, ...body });
    const cut = await refusalOf(parse({ max_tokens: 2 }));
    assert.ok(cut instanceof LengthFinishReasonError, cut.constructor.name);
  });

  test('the client tries again and succeeds', async () => {
    for (const situation of ['rate_limited_requests', 'server_error', 'overloaded']) {
      const patient = clientOf(server, { maxRetries: 2 });
      const { data, response } = await patient.chat.completions
        .create({ ...ask, messages: [user(`Again: ${situation}`)] }, { headers: { 'x-mimus': `error=${situation};first=2`, 'x-mimus-test': name } })
        .withResponse();
      assert.equal(response.status, 200);
      assert.equal(data.choices[0].finish_reason, 'stop');
    }
  });
});
