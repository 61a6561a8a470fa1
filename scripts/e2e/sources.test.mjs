// Who may include whom (docs/architecture.md), checked against the #include lines.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './server.mjs';

const folders = ['api', 'server', 'conformance', 'benchmarks', 'cli'];
const files = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => /\.(h|cc)$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(root.length + 1)));
const includes = files.flatMap((file) =>
  [...readFileSync(join(root, file), 'utf8').matchAll(/^#include [<"]([^>"]+)[>"]/gm)].map(([, header]) => ({ file, header })));

// Where each of our folders may look, besides itself.
const neighbours = {
  'api/': [],
  'server/': ['api/'],
  'conformance/': ['api/'],
  'benchmarks/load/': ['api/'],
};
// The rooms of the libraries. cli/version.cc names their versions.
const rooms = [
  [/^httplib\.h$/, /^(server\/transport|conformance\/client)\/|^cli\/version\.cc$/],
  [/^CLI\//, /^cli\//],
  [/^rapidjson\//, /^api\/json|^conformance\/validate\/schema|^cli\/version\.cc$/],
  [/^re2\//, /^server\/match\/|^cli\/version\.cc$/],
  [/^yaml-cpp\//, /^server\/match\/convert\//],
  [/^spdlog\//, /^server\/\w*log\w*\.|^server\/\w+\/\w*log\w*\.|^cli\/\w*log\w*\.|^cli\/version\.cc$/],
  [/^png\.h$/, /^server\/synth\/image|^cli\/version\.cc$/],
  [/^benchmark\//, /^benchmarks\/\w+_bench\.cc$/],
];
const isTest = (file) => /_test\.cc$/.test(file);

test('folders include only what they may', () => {
  const ours = /^(api|server|conformance|benchmarks|cli)\//;
  const wrong = includes.filter(({ file, header }) => {
    const room = Object.keys(neighbours).find((folder) => file.startsWith(folder));
    return room && ours.test(header) && !header.startsWith(room) && !neighbours[room].some((to) => header.startsWith(to))
      && !(isTest(file) && room === 'conformance/');
  });
  assert.deepEqual(wrong, []);
});

test('libraries stay in their rooms', () => {
  const wrong = includes.filter(({ file, header }) =>
    rooms.some(([library, room]) => library.test(header) && !room.test(file) && !isTest(file)));
  assert.deepEqual(wrong, []);
});

test('the server stages do not include each other', () => {
  const stages = ['match', 'synth', 'encode', 'pace', 'limits', 'transport'];
  const seams = new Set(['server/pace/pace.h', 'server/pace/schedule.h', 'server/transport/handler.h']);
  const stageOf = (path) => stages.find((stage) => path.startsWith(`server/${stage}/`));
  const wrong = includes.filter(({ file, header }) =>
    stageOf(file) && stageOf(header) && stageOf(file) !== stageOf(header) && !seams.has(header) && !isTest(file));
  assert.deepEqual(wrong, []);
});

test('no vendor is named in code', () => {
  const vendors = /ramclouds|ozwell|choreo/i;
  const wrong = files.filter((file) => !isTest(file) && vendors.test(readFileSync(join(root, file), 'utf8')));
  assert.deepEqual(wrong, []);
});
