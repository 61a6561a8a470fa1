// What OpenAI's own description does not allow in a request, mimus refuses, and what it lists, mimus knows. Every member of
// every request in openapi_requests.mjs is replaced by values of other kinds and sizes; where the schema of the operation
// says no, the answer must be a 4xx. A double that takes what production refuses is of no use.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { compilerOf, documentFile, loadDocument } from './openapi_judge.mjs';
import { requests } from './openapi_requests.mjs';
import { requestOf, rowName, send } from './openapi_walk.mjs';
import { serverFor } from './server.mjs';

// Null is not among them: the API takes it for whatever is optional, though the document often does not say so.
const values = [true, 'nonsense', 7.5, -1e9, 1e12, [], [7], {}, { nonsense: 1 }, ''];

// Where mimus is known to take more, so nothing is tried.
const tolerated = [
  { row: 'responses: a hosted tool', at: '/tools/0', why: 'tools that the vendor runs are accepted and never called, whatever is in them' },
  { row: 'responses: items of all kinds', at: '/input/2/content', why: 'a message of the assistant may have an id and yet be a plain text' },
];

// In requests many alternatives overlap, so that "exactly one" would never hold.
const document = documentFile && JSON.parse(JSON.stringify(loadDocument()).replaceAll('"oneOf":', '"anyOf":'));
const compile = documentFile && compilerOf(document);
const skip = documentFile ? false : 'left out: MIMUS_OPENAPI names no OpenAPI document';

const server = serverFor({ before, after });
const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);

// Each value inside `value`, with the pointer to it.
function placesIn(value, pointer = '') {
  const inner = value !== null && typeof value === 'object' ? Object.entries(value) : [];
  return [[pointer, value], ...inner.flatMap(([key, each]) => placesIn(each, `${pointer}/${key}`))];
}

function replaced(value, pointer, by) {
  const copy = structuredClone(value);
  const keys = pointer.split('/').slice(1);
  const last = keys.pop();
  keys.reduce((inner, key) => inner[key], copy)[last] = by;
  return copy;
}

describe('what the document does not allow is refused', { skip }, () => {
  const seen = new Set();
  let sent = 0;
  let kept = {};

  // What was taken of all that the schema does not allow in the place of one value.
  async function acceptedAt(request, isValid, pointer, was) {
    const accepted = [];
    for (const value of isObject(was) ? [...values, { ...was, nonsense: 1 }] : values) {
      const json = replaced(request.json, pointer, value);
      if (isValid(json)) continue;
      const { status, body } = await send(server, { ...request, json });
      ++sent;
      assert.ok(status < 500, `${pointer}: ${JSON.stringify(value)}: ${body}`);
      if (status < 400) accepted.push(`${pointer}: ${JSON.stringify(value)}`);
    }
    return accepted;
  }

  async function acceptedOf(row, request) {
    const isValid = compile(document.paths[request.template].post.requestBody.content['application/json'].schema);
    assert.ok(isValid(request.json), JSON.stringify(isValid.errors?.slice(0, 5)));
    const accepted = [];
    for (const [pointer, was] of placesIn(request.json).slice(1)) {
      const key = `${row.endpoint} ${pointer} ${typeof was} ${was?.type}`;
      const isTolerated = tolerated.some((each) => each.row === rowName(row) && each.at === pointer);
      if (seen.has(key) || isTolerated) continue;
      seen.add(key);
      accepted.push(...await acceptedAt(request, isValid, pointer, was));
    }
    return accepted;
  }

  // Rows whose own reply is needed by others are sent as they are, behind all that is refused.
  for (const row of requests.filter(({ status }) => !status)) {
    test(rowName(row), async () => {
      const request = requestOf(row, kept);
      const isTried = request.json && !request.json.stream && !JSON.stringify(request.json).includes('fault=');
      if (isTried) assert.deepEqual(await acceptedOf(row, request), []);
      if (row.keep) kept = { ...kept, ...row.keep(JSON.parse((await send(server, request)).body)) };
    });
  }

  test('how much was tried', (context) => {
    context.diagnostic(`${sent} requests at ${seen.size} places`);
    assert.ok(sent > 1900);
  });
});

// The other way round: no word that the document lists may be unknown to mimus. What a model does not take, or what needs
// another member, is refused for other reasons, with other codes.
describe('what the document lists is known', { skip }, () => {
  const unknownCodes = ['invalid_value', 'invalid_type', 'unknown_parameter'];
  const refusedByTheApi = {
    '/responses': ['{"service_tier":"scale"}', '{"service_tier":"ultrafast"}', '{"reasoning":{"generate_summary":"auto"}}',
      '{"reasoning":{"generate_summary":"concise"}}', '{"reasoning":{"generate_summary":"detailed"}}'], // observed 2026-08-30
    '/batches': ['{"endpoint":"/v1/videos"}'], // mimus makes no videos
  };
  const bases = {
    '/chat/completions': { model: 'gpt-4o', messages: [{ role: 'user', content: 'Hi' }] },
    '/responses': { model: 'gpt-5', input: 'Hi' },
    '/completions': { model: 'gpt-3.5-turbo-instruct', prompt: 'Hi' },
    '/embeddings': { model: 'text-embedding-3-small', input: 'Hi' },
    '/images/generations': { prompt: 'Hi', model: 'gpt-image-1' },
    '/audio/speech': { model: 'gpt-4o-mini-tts', voice: 'alloy', input: 'Hi' },
    '/uploads': { filename: 'a', purpose: 'assistants', bytes: 1, mime_type: 'text/plain' },
    '/batches': { input_file_id: 'file-x', endpoint: '/v1/embeddings', completion_window: '24h' },
  };
  const resolved = (schema) => (schema.$ref ? resolved(document.components.schemas[schema.$ref.split('/').pop()]) : schema);
  const parts = (schema) => [schema, ...['allOf', 'anyOf'].flatMap((key) => schema[key] ?? []).map(resolved).flatMap(parts)];
  const membersOf = (schema) => parts(resolved(schema)).flatMap((part) => Object.entries(part.properties ?? {}));

  // The words, limits and flags that a schema lists, each inside the objects and lists that lead to it.
  function listedIn(schema, depth = 0) {
    if (depth > 3) return [];
    return parts(resolved(schema)).flatMap((part) => [
      ...(part.enum ?? []),
      ...(part.type === 'boolean' ? [true, false] : []),
      ...(part.items ? listedIn(part.items, depth + 1).map((value) => [value]) : []),
      ...Object.entries(part.properties ?? {}).flatMap(([name, inner]) => listedIn(inner, depth + 1).map((value) => ({ [name]: value }))),
    ]);
  }

  for (const [path, base] of Object.entries(bases)) {
    test(path, async () => {
      const { schema } = document.paths[path].post.requestBody.content['application/json'];
      const isValid = compile(schema);
      const added = membersOf(schema).flatMap(([name, inner]) => listedIn(inner).map((value) => ({ [name]: value })));
      const refused = [];
      for (const text of new Set(added.filter((each) => isValid({ ...base, ...each })).map((each) => JSON.stringify(each)))) {
        const { status, body } = await send(server, { method: 'POST', path, query: '', json: { ...base, ...JSON.parse(text) } });
        if (status >= 400 && unknownCodes.includes(JSON.parse(body).error.code)) refused.push(text);
      }
      assert.deepEqual(refused.sort(), (refusedByTheApi[path] ?? []).sort());
    });
  }
});
