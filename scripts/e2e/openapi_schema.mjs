// The schemas of an OpenAPI 3.1 document as JSON Schema 2020-12 that a validator can take, with exceptions, and stricter
// in one thing: a member that no schema of its place declares is an error. So a misspelt or invented one is found too.

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const compounds = ['anyOf', 'oneOf', 'allOf'];

// The single changes that a list of exceptions asks for. An exception has a place in the document (`at`, a JSON pointer)
// and one of: `null`, names of members there that may also be null; `declares`, members that are not declared there, with
// their schemas; `was` and `is`, what to replace (`was` without what is for readers only).
export function changesOf(exceptions) {
  return exceptions.flatMap(({ at, was, is, null: nulls = [], declares = {}, ...rest }) => [
    ...(is === undefined ? [] : [{ at, change: (place) => replaced(place, was, is), ...rest }]),
    ...nulls.map((name) => ({ at: `${at}/properties/${name}`, change: (member) => ({ anyOf: [known(member), { type: 'null' }] }), ...rest })),
    ...Object.entries(declares).map(([name, schema]) => ({ at: `${at}/properties/${name}`, change: (member) => unknown(member, schema), ...rest })),
  ]);
}

// A copy of `document` with all `changes`; an error when it does not say what a change expects of it.
export function changed(document, changes) {
  const copy = structuredClone(document);
  for (const { at, change } of changes) {
    const keys = at.split('/').slice(1).map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
    const last = keys.pop();
    const parent = keys.reduce((value, key) => value?.[key], copy);
    try {
      parent[last] = change(parent[last]);
    } catch (error) {
      throw new Error(`exception at ${at}: ${error.message}`);
    }
  }
  return copy;
}

function replaced(place, was, is) {
  const found = JSON.stringify(bare(place));
  if (found !== JSON.stringify(was)) throw new Error(`the document says ${found}, not ${JSON.stringify(was)}`);
  return is;
}

// Without what is for readers only.
function bare(value) {
  if (Array.isArray(value)) return value.map(bare);
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => !/^(description|title|example|x-.*)$/.test(key));
  return Object.fromEntries(kept.map(([key, inner]) => [key, bare(inner)]));
}

function known(member) {
  if (member === undefined) throw new Error('the document does not declare it');
  return member;
}

function unknown(member, schema) {
  if (member !== undefined) throw new Error('the document declares it');
  return schema;
}

// All of components/schemas, converted.
export function convertedSchemas(document) {
  const schemas = document.components.schemas;
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, converted(schema, `#/components/schemas/${name}`)]));
}

// One schema, as it stands in the place of a value: closed against members that it does not declare.
export function closed(schema) {
  return { ...schema, unevaluatedProperties: false };
}

// What says nothing about its members allows any.
const isFreeForm = ({ type = 'object', ...schema }) => type === 'object' && !schema.enum && !schema.properties && !schema.$ref && !compounds.some((key) => schema[key]);

// `home` is what a `$recursiveRef` means: the schema of the document that holds it.
export function converted(schema, home) {
  if (!isObject(schema)) return schema;
  const { nullable, discriminator, example, examples, default: _, $recursiveAnchor, $recursiveRef, ...out } = schema;
  if ($recursiveRef) out.$ref = home;
  if (isFreeForm(schema) && schema.additionalProperties === undefined) out.additionalProperties = true;
  for (const key of compounds) if (out[key]) out[key] = out[key].map((each) => converted(each, home));
  if (isObject(out.not)) out.not = converted(out.not, home);
  if (isObject(out.properties)) out.properties = mapped(out.properties, (each) => closed(converted(each, home)));
  if (isObject(out.items)) out.items = closed(converted(out.items, home));
  if (isObject(out.additionalProperties)) out.additionalProperties = closed(converted(out.additionalProperties, home));
  const mayBeNull = nullable === true || schema.allOf?.some((each) => each.nullable === true && !each.type);
  return mayBeNull ? { anyOf: [out, { type: 'null' }] } : out;
}

const mapped = (object, change) => Object.fromEntries(Object.entries(object).map(([key, value]) => [key, change(value)]));
