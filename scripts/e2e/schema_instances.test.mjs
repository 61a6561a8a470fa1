// Every schema of fixtures/golden/schemas, sent as response format and as tool parameters: an independent validator
// (ajv) judges the answers.
import addFormats from 'ajv-formats';
import Ajv from 'ajv';
import Ajv2019 from 'ajv/dist/2019.js';
import Ajv2020 from 'ajv/dist/2020.js';
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { root, serverFor } from './server.mjs';

const server = serverFor({ before, after });
const folder = join(root, 'fixtures/golden/schemas');

// The validator of the draft that a schema names; the newest for those that name none.
function validatorFor(schema) {
  const draft = String(schema.$schema ?? '');
  const Validator = /draft-0[4-7]/.test(draft) ? Ajv : /2019-09/.test(draft) ? Ajv2019 : Ajv2020;
  const ajv = new Validator({ strict: false, allErrors: true, discriminator: false });
  addFormats(ajv);
  return ajv.compile({ ...schema, $schema: undefined });
}

async function ask(body) {
  const response = await fetch(`${server.baseURL}/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-e2e', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Fill it in.' }], ...body }),
  });
  return { status: response.status, reply: await response.json() };
}

function check(schema, text) {
  const valid = validatorFor(schema);
  const value = JSON.parse(text);
  assert.ok(valid(value), `${text}\n${JSON.stringify(valid.errors, null, 1)}`);
}

// What the vendor refuses before it looks at the rest: a format that is no object, and tool parameters with an array
// that does not say what is in it.
const isObject = (schema) => schema !== null && typeof schema === 'object' && !Array.isArray(schema);
function hasBareArray(schema) {
  if (!isObject(schema)) return Array.isArray(schema) && schema.some(hasBareArray);
  return ([schema.type].flat().includes('array') && !('items' in schema || 'prefixItems' in schema)) || Object.values(schema).some(hasBareArray);
}

// Parameters of a tool are an object: any other schema becomes a member of one, with its definitions moved to the root.
// One with an $id of its own is a root wherever it stands, so it is left out here.
function parametersOf(schema) {
  if (!isObject(schema)) return { type: 'object', properties: { value: schema }, required: ['value'] };
  if (schema.$id) return null;
  if (schema.type === 'object') return schema;
  const { $schema, $defs, definitions, ...value } = schema;
  return JSON.parse(JSON.stringify({ $schema, type: 'object', properties: { value }, required: ['value'], $defs, definitions }));
}

const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')).sort() : [];
test('there are schemas to try', () => assert.ok(files.length > 0, folder));

for (const file of files) {
  describe(file, () => {
    const rows = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    for (const { name, schema } of rows) {
      test(`${name}: as response format`, async () => {
        const format = { type: 'json_schema', json_schema: { name: 'answer', schema } };
        const { status, reply } = await ask({ response_format: format });
        if (!isObject(schema)) {
          assert.equal(reply.error.code, 'invalid_type');
          return;
        }
        assert.equal(status, 200, JSON.stringify(reply));
        assert.equal(reply.choices[0].finish_reason, 'stop');
        check(schema, reply.choices[0].message.content);
      });

      const parameters = parametersOf(schema);
      if (parameters === null) continue;
      test(`${name}: as tool parameters`, async () => {
        const tool = { type: 'function', function: { name: 'fill_in', parameters } };
        const { status, reply } = await ask({ tools: [tool], tool_choice: 'required' });
        if (hasBareArray(parameters)) {
          assert.equal(reply.error?.code, 'invalid_function_parameters');
          return;
        }
        assert.equal(status, 200, JSON.stringify(reply));
        for (const call of reply.choices[0].message.tool_calls) check(parameters, call.function.arguments);
      });
    }
  });
}
