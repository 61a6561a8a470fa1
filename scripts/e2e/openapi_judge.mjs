// Judges what a server sent against an OpenAPI document: the JSON of a reply, and each event of a stream, must be
// instances of the schema of their operation. MIMUS_OPENAPI names the document (OpenAI's own openapi.json).
import addFormats from 'ajv-formats';
import Ajv2020 from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { changed, changesOf, closed, converted, convertedSchemas } from './openapi_schema.mjs';

export const documentFile = process.env.MIMUS_OPENAPI;

// Where the document and the real API disagree, or the document and itself: data, each with its reason.
export const exceptions = changesOf(JSON.parse(readFileSync(join(import.meta.dirname, 'openapi_exceptions.json'), 'utf8')));

// What the document does not say in the place where a validator would look: the schema of a stream's events.
const streams = {
  'POST /completions': { $ref: '#/components/schemas/CreateCompletionResponse' },
  'GET /responses/{response_id}': { $ref: '#/components/schemas/ResponseStreamEvent' },
};
const errorSchema = { $ref: '#/components/schemas/ErrorResponse' };

// One row of the document's paths that a request can name; the most literal first.
function operationsOf(document) {
  const rows = [];
  for (const [path, methods] of Object.entries(document.paths)) {
    if (path.includes('?')) continue; // not a path of its own
    const pattern = new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`);
    for (const [method, operation] of Object.entries(methods)) {
      rows.push({ name: `${method.toUpperCase()} ${path}`, method: method.toUpperCase(), pattern, operation });
    }
  }
  const parameters = ({ name }) => name.split('{').length;
  return rows.sort((a, b) => parameters(a) - parameters(b));
}

// The events of a server-sent-event stream, as far as they came whole.
export function eventsOf(text) {
  return text.split(/\r\n\r\n|\n\n|\r\r/).slice(0, -1).flatMap((block) => {
    const fields = block.split(/\r\n|\n|\r/).map((line) => /^(event|data): ?(.*)$/.exec(line)).filter(Boolean);
    const data = fields.filter(([, name]) => name === 'data').map(([, , value]) => value);
    return data.length ? [{ name: fields.find(([, name]) => name === 'event')?.[2], data: data.join('\n') }] : [];
  });
}

// The validator of any schema that stands in `document`. Schemas are compiled when they are first needed.
export function compilerOf(document) {
  const ajv = new Ajv2020({ strict: false, allErrors: false, validateFormats: true });
  addFormats(ajv);
  for (const format of ['unixtime', 'int64', 'binary', 'double', 'float']) ajv.addFormat(format, true);
  ajv.addSchema({ $id: 'openapi', components: { schemas: convertedSchemas(document) } });
  const compiled = new Map();
  return (schema) => {
    const key = JSON.stringify(schema);
    if (!compiled.has(key)) {
      compiled.set(key, ajv.compile(closed(converted(JSON.parse(key.replaceAll('"#/', '"openapi#/')), ''))));
    }
    return compiled.get(key);
  };
}

// A judge of `document`.
export function judgeOf(document, allowed = exceptions) {
  const adjusted = changed(document, allowed);
  const operations = operationsOf(adjusted);
  const validatorOf = compilerOf(adjusted);

  const validate = (schema, text, place) => {
    let value;
    try {
      value = JSON.parse(text);
    } catch (error) {
      return [`${place}: no JSON: ${error.message}: ${excerpt(text)}`];
    }
    const valid = validatorOf(schema);
    if (valid(value)) return [];
    return deepest(valid.errors).map((error) => `${place}: ${error.instancePath || '/'} ${told(error)}: ${excerpt(JSON.stringify(at(value, error.instancePath)))}`);
  };

  const judgeEvents = (schema, text, place) => {
    const errors = [];
    let events = 0;
    for (const { name, data } of eventsOf(text)) {
      if (data === '[DONE]') continue;
      const where = `${place}: event ${events++}${name ? ` ${name}` : ''}`;
      const isError = name === undefined && /^\{"error":/.test(data);
      errors.push(...validate(isError ? errorSchema : schema, data, where));
      if (name !== undefined && !data.includes(`"type":"${name}"`)) errors.push(`${where}: its name is not its type: ${excerpt(data)}`);
    }
    return { errors, events };
  };

  return {
    // What is wrong with the replies in the output of a batch whose requests went to `path`. The document does not
    // describe the lines that hold them.
    judgeBatchOutput(path, text) {
      const replies = text.trim().split('\n').map((line) => JSON.parse(line).response);
      const asExchange = ({ status_code: status, body }) => ({ method: 'POST', path, status, contentType: 'application/json', body: JSON.stringify(body) });
      return replies.flatMap((reply) => this.judge(asExchange(reply)).errors);
    },
    // What is wrong with one reply (`path` below the base path, without query), which operation it was, how many events
    // were judged, and whether there was anything to judge: bytes and plain text have no schema.
    judge({ method, path, status, contentType, body }) {
      const found = operations.find((each) => each.method === method && each.pattern.test(path));
      const name = found?.name;
      const place = `${name ?? `${method} ${path}`} ${status}`;
      const nothing = { operation: name, errors: [], events: 0, judged: false };
      if (status >= 400) return { ...nothing, judged: true, errors: validate(errorSchema, body, place) };
      if (!found) return nothing;
      const content = found.operation.responses?.[status]?.content ?? {};
      if (/^text\/event-stream/.test(contentType)) {
        const schema = content['text/event-stream']?.schema ?? streams[name];
        if (!schema) return { ...nothing, judged: true, errors: [`${place}: the document knows no stream here`] };
        return { ...nothing, judged: true, ...judgeEvents(schema, body, place) };
      }
      const schema = content['application/json']?.schema;
      if (!/^application\/json/.test(contentType) || !schema || name === 'GET /files/{file_id}/content') return nothing;
      return { ...nothing, judged: true, errors: validate(schema, body, place) };
    },
  };
}

export const loadDocument = () => JSON.parse(readFileSync(documentFile, 'utf8'));

// Of all alternatives that did not fit, the errors of the one that came furthest into the value.
function deepest(errors) {
  const depth = ({ instancePath, keyword }) => instancePath.split('/').length + (keyword === 'unevaluatedProperties' ? 0.5 : 0);
  const most = Math.max(...errors.map(depth));
  return errors.filter((error) => depth(error) === most).slice(0, 3);
}

function told({ keyword, message, params }) {
  if (keyword === 'unevaluatedProperties') return `has a member that the schema does not declare, "${params.unevaluatedProperty}"`;
  return `${message}${params.allowedValues ? ` (${params.allowedValues.join(', ')})` : ''}`;
}

const at = (value, pointer) => pointer.split('/').slice(1).reduce((inner, key) => inner?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], value);
const excerpt = (text = 'nothing') => (text.length > 200 ? `${text.slice(0, 200)}...` : text);
