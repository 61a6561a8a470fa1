// Whole exchanges, byte for byte: fixtures/golden/http/NAME.json is the request, NAME.golden what has to come.
// scripts/update_golden writes the second. Headers that tell the time are shown as a pattern; the order is kept.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { root, serverFor } from './server.mjs';

const folder = join(root, 'fixtures/golden/http');
const server = serverFor({ before, after }, ['--clock', 'frozen:1760000000', '--seed', '1']);
const timed = /^(date|openai-processing-ms): .*$/gim;

// The bytes of one exchange over a connection of its own.
function exchange({ method = 'POST', path, headers = {}, body }) {
  const { hostname, port } = new URL(server.url);
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  const fields = { host: 'golden', authorization: 'Bearer sk-golden', connection: 'close', ...headers };
  if (body !== undefined) Object.assign(fields, { 'content-type': fields['content-type'] ?? 'application/json', 'content-length': Buffer.byteLength(text) });
  const lines = Object.entries(fields).filter(([, value]) => value !== null).map(([name, value]) => `${name}: ${value}\r\n`);
  return new Promise((resolve, reject) => {
    const parts = [];
    const socket = connect(Number(port), hostname, () => socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n${text}`));
    socket.on('data', (part) => parts.push(part)).on('end', () => resolve(Buffer.concat(parts).toString())).on('error', reject);
  });
}

const names = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')).sort() : [];
test('there are golden files', () => assert.ok(names.length > 0, folder));

for (const name of names) {
  test(name, async () => {
    const request = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    const sent = await exchange(request);
    const bytes = sent.replace(timed, '$1: <varies>').replaceAll('\r\n', '\n');
    const file = join(folder, name.replace(/\.json$/, '.golden'));
    if (process.env.MIMUS_UPDATE_GOLDEN) writeFileSync(file, bytes);
    assert.equal(bytes, readFileSync(file, 'utf8'));
  });
}
