// Judges every exchange that a test file's clients have through fetch with a server of the dialect openai alone; the
// official clients use nothing else. Not seen: curl and the child processes of readme.test.mjs, and what `mimus check`
// is sent. What is wrong fails the file, behind its tests. Without MIMUS_OPENAPI nothing is judged; then openapi.test.mjs
// says so.
import { documentFile, judgeOf, loadDocument } from './openapi_judge.mjs';

const watched = new Map(); // origin -> exchanges
const realFetch = globalThis.fetch;

// Exchanges with the server at `url` are kept from now on.
export function watch(url) {
  if (!documentFile) return;
  watched.set(new URL(url).origin, []);
  globalThis.fetch = recordingFetch;
}

// One exchange that did not go through fetch.
export function record(url, exchange) {
  watched.get(new URL(url).origin)?.push(exchange);
}

// All that was wrong in the exchanges with the server at `url`, which is not watched any longer. Faults that a test
// asks for are not judged, nor JSON that was cut off; of a stream that a client left, all whole events are.
export function findings(url) {
  const exchanges = watched.get(new URL(url).origin) ?? [];
  watched.delete(new URL(url).origin);
  if (exchanges.length === 0) return [];
  const judge = judgeOf(loadDocument());
  const isJudged = ({ whole, disturbed, contentType }) => !disturbed && (whole || contentType.startsWith('text/event-stream'));
  const errors = exchanges.filter(isJudged).flatMap((each) => judge.judge(each).errors);
  return [...new Set(errors)];
}

async function recordingFetch(input, init) {
  const response = await realFetch(input, init);
  const { origin, pathname } = new URL(input?.url ?? input);
  const exchanges = watched.get(origin);
  if (!exchanges || !pathname.startsWith('/v1/') || response.body === null) return response;
  const exchange = {
    method: (init?.method ?? input?.method ?? 'GET').toUpperCase(),
    path: pathname.slice('/v1'.length),
    status: response.status,
    contentType: response.headers.get('content-type') ?? '',
    disturbed: isDisturbed(init),
    body: '',
    whole: false,
  };
  exchanges.push(exchange);
  const decoder = new TextDecoder();
  const copy = new TransformStream({
    transform(chunk, controller) {
      exchange.body += decoder.decode(chunk, { stream: true });
      controller.enqueue(chunk);
    },
    flush: () => void (exchange.whole = true),
  });
  const { status, statusText, headers } = response;
  const passed = new Response(response.body.pipeThrough(copy), { status, statusText, headers });
  return Object.defineProperty(passed, 'url', { value: response.url });
}

function isDisturbed({ body, headers } = {}) {
  const directives = new Headers(headers).get('x-mimus') ?? '';
  return /\b(fault|deviate)=/.test(directives) || (typeof body === 'string' && /;[^"]*\b(fault|deviate)=/.test(body));
}
