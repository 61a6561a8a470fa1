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

async function chat(body) {
  const response = await fetch(`${server.baseURL}/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer sk-e2e', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Fill it in.' }], ...body }),
  });
  const reply = await response.json();
  assert.equal(response.status, 200, JSON.stringify(reply));
  return reply.choices[0];
}

function check(schema, text) {
  const valid = validatorFor(schema);
  const value = JSON.parse(text);
  assert.ok(valid(value), `${text}\n${JSON.stringify(valid.errors, null, 1)}`);
}

const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')).sort() : [];
test('there are schemas to try', () => assert.ok(files.length > 0, folder));

for (const file of files) {
  describe(file, () => {
    const rows = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    for (const { name, schema } of rows) {
      test(`${name}: as response format`, async () => {
        const format = { type: 'json_schema', json_schema: { name: 'answer', schema } };
        const choice = await chat({ response_format: format });
        assert.equal(choice.finish_reason, 'stop');
        check(schema, choice.message.content);
      });
      // The parameters of a tool are an object: any other schema is asked for as a member of one.
      test(`${name}: as tool parameters`, async () => {
        const isObject = schema.type === 'object';
        const { $defs, definitions, ...inner } = schema;
        const wrapped = { type: 'object', properties: { value: inner }, required: ['value'], $defs, definitions };
        const parameters = isObject ? schema : JSON.parse(JSON.stringify(wrapped));
        const tool = { type: 'function', function: { name: 'fill_in', parameters } };
        const choice = await chat({ tools: [tool], tool_choice: 'required' });
        for (const call of choice.message.tool_calls) check(parameters, call.function.arguments);
      });
    }
  });
}
