// The rows of openapi_requests.mjs as requests that can be sent, one after the other.
import { spawnSync } from 'node:child_process';
import { binary } from './server.mjs';

// Those of the dialect openai: name to method and path.
export const { endpoints } = JSON.parse(spawnSync(binary, ['dialects', 'show', 'openai'], { encoding: 'utf8' }).stdout);

export const rowName = ({ endpoint, name }) => `${endpoint}: ${name}`;

// A row with what earlier rows `kept` put in its place.
export function requestOf(row, kept) {
  const { method, path: template } = endpoints[row.endpoint];
  const ids = row.of?.(kept) ?? {};
  const path = template.replace(/\{(\w+)\}/g, (_, id) => ids[id]);
  const json = typeof row.json === 'function' ? row.json(kept) : row.json;
  return { method, template, path, query: row.query ? `?${row.query}` : '', json, form: row.form };
}

// The reply of `server` to a request, as the judge takes it.
export async function send(server, { method, path, query, json, form }) {
  const headers = { authorization: 'Bearer sk-e2e', ...(json && { 'content-type': 'application/json' }) };
  const body = json ? JSON.stringify(json) : form && formOf(form);
  const response = await fetch(`${server.baseURL}${path}${query}`, { method, headers, body });
  return { method, path, status: response.status, contentType: response.headers.get('content-type') ?? '', body: await response.text() };
}

function formOf(fields) {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (value.bytes) form.append(name, new File([value.bytes], value.name, { type: value.type }));
    else form.append(name, value);
  }
  return form;
}
