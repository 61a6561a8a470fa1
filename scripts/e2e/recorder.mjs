// Judges every reply that the servers of a test file send, whoever asked: the tap (tap/tap.cc) writes down what passes
// through their connections. What stays out stands in openapi_unjudged.json with its reason; a line of it that met
// nothing in a file that it names fails that file, as everything that is wrong does. Without MIMUS_OPENAPI nothing is
// judged; then openapi.test.mjs says so.
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { documentFile, judgeOf, loadDocument } from './openapi_judge.mjs';
import { exchangesOf } from './tap.mjs';

const testFile = basename(process.argv[1] ?? '');
const unjudged = JSON.parse(readFileSync(join(import.meta.dirname, 'openapi_unjudged.json'), 'utf8'))
  .map((line) => ({ ...line, met: 0 }))
  .filter((line) => line.in.includes(testFile));
const watched = new Map(); // tap file -> the flags of its server
const totals = { servers: 0, replies: 0, events: 0, unjudged: 0 };
const wrong = new Set();
let document;
const theJudge = () => (document ??= judgeOf(loadDocument()));

// The environment of a server with `flags` whose connections are to be judged; `folder` takes the tap's file.
export function watch(binary, folder, flags) {
  if (!documentFile) return {};
  const library = process.env.MIMUS_TAP_LIBRARY ?? join(dirname(binary), 'libmimus_tap.so');
  if (!existsSync(library)) throw new Error(`MIMUS_OPENAPI is set, and the tap is missing: ${library}; -DMIMUS_CHECKS=ON builds it`);
  const file = join(folder, 'tap');
  watched.set(file, flags);
  return { LD_PRELOAD: library, MIMUS_TAP: file };
}

// All exchanges that the server which taps into `folder` has had so far.
export function exchanges(folder) {
  const file = join(folder, 'tap');
  return existsSync(file) ? exchangesOf(readFileSync(file)) : [];
}

// Judges what the server that tapped into `folder` has sent, which is not watched any longer.
export function judge(folder) {
  const file = join(folder, 'tap');
  const flags = watched.get(file);
  if (!flags) return;
  watched.delete(file);
  totals.servers += 1;
  for (const finding of exchanges(folder).flatMap((exchange) => judged(exchange, flags))) wrong.add(finding);
}

function judged(exchange, flags) {
  const { method, target, reply } = exchange;
  const place = placeOf(target.replace(/\?.*/, ''), flags);
  const isStream = /^text\/event-stream/.test(reply.contentType);
  const isJson = /^application\/json/.test(reply.contentType);
  // What broke off has no JSON to judge; of a stream all whole events are.
  if (!place || method === 'OPTIONS' || !(isStream || (isJson && reply.whole && reply.body))) return [];
  const line = unjudged.find((each) => isMeant(each, exchange, flags));
  if (line) {
    line.met += 1;
    totals.unjudged += 1;
    return [];
  }
  totals.replies += 1;
  const { errors, events } = theJudge().judge({ method, path: place.path, ...reply });
  totals.events += events;
  return errors.map((error) => `${error}\n  asked: ${method} ${target} ${exchange.body.toString('latin1', 0, 300)}`);
}

// Where below OpenAI's base path a path lies; nothing for mimus' own endpoints. A server with several dialects mounts
// each below its name as well, and the first at the root.
function placeOf(path, flags) {
  const dialects = flags.filter((_, i) => flags[i - 1] === '--dialect');
  const isMounted = dialects.length > 1 && dialects.some((name) => path.startsWith(`/${name}/`));
  if (path.startsWith('/_mimus')) return null;
  const inside = isMounted ? path.replace(/^\/[^/]+/, '') : path;
  return { path: inside.replace(/^\/v1(?=\/)/, '') };
}

function isMeant({ server, request, reply }, exchange, flags) {
  return (!server || new RegExp(server).test(flags.join(' '))) &&
    (!request || new RegExp(request, 's').test(`${exchange.method} ${exchange.target}\n${exchange.head}\n${exchange.body.toString('latin1', 0, 65536)}`)) &&
    (!reply || new RegExp(reply, 's').test(`${exchange.reply.status} ${exchange.reply.contentType}\n${exchange.reply.body}`));
}

process.on('exit', () => {
  if (!documentFile) return;
  for (const file of [...watched.keys()]) judge(dirname(file));
  const isWholeRun = !process.execArgv.some((argument) => argument.startsWith('--test-name-pattern'));
  const stale = isWholeRun ? unjudged.filter(({ met }) => met === 0).map((line) => `openapi_unjudged.json: nothing in ${testFile} is ${JSON.stringify(line)}`) : [];
  if (totals.servers > 0) console.log(`# judged: ${JSON.stringify(totals)}`);
  for (const problem of [...wrong, ...stale]) console.error(problem);
  if (wrong.size + stale.length > 0) process.exitCode = 1;
});
