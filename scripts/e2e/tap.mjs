// What passed through a server's connections, from the file that tap/tap.cc wrote: each request with its reply.

// Every exchange of every connection. `whole` is false for a reply that did not leave completely; its body is what left.
export function exchangesOf(file) {
  return [...connectionsOf(file).values()].flatMap(({ inward, outward }) => {
    const requests = requestsIn(Buffer.concat(inward));
    const replies = repliesIn(Buffer.concat(outward), requests);
    return replies.map((reply, i) => ({ ...(requests[i] ?? { method: '', target: '', head: '', body: Buffer.alloc(0) }), reply }));
  });
}

function connectionsOf(file) {
  const connections = new Map();
  for (let at = 0; at < file.length; ) {
    const end = file.indexOf('\n', at);
    const [id, what, length] = file.toString('latin1', at, end).split(' ');
    const next = end + 1 + Number(length);
    if (end < 0 || next > file.length) break; // the server was killed while it wrote
    if (!connections.has(id)) connections.set(id, { inward: [], outward: [] });
    if (what !== 'end') connections.get(id)[what === 'in' ? 'inward' : 'outward'].push(file.subarray(end + 1, next));
    at = next;
  }
  return connections;
}

const field = (head, name) => new RegExp(`^${name}: *(.*?) *$`, 'im').exec(head)?.[1] ?? '';

// The head that begins at `at`, or null when it is not all there.
function headAt(bytes, at) {
  const end = bytes.indexOf('\r\n\r\n', at);
  return end < 0 ? null : { head: bytes.toString('latin1', at, end), next: end + 4 };
}

// The body in chunks that begins at `at`; `next` < 0 when it does not end.
function chunkedAt(bytes, at) {
  const pieces = [];
  for (;;) {
    const end = bytes.indexOf('\r\n', at);
    const size = end < 0 ? NaN : parseInt(bytes.toString('latin1', at, end), 16);
    if (size === 0) return { body: Buffer.concat(pieces), next: bytes.indexOf('\r\n\r\n', end) < 0 ? -1 : bytes.indexOf('\r\n\r\n', end) + 4 };
    if (!(size > 0)) return { body: Buffer.concat(pieces), next: -1 };
    pieces.push(bytes.subarray(end + 2, end + 2 + size));
    at = end + 2 + size + 2;
  }
}

function bodyAt(bytes, head, at) {
  if (/chunked/i.test(field(head, 'transfer-encoding'))) return chunkedAt(bytes, at);
  const length = field(head, 'content-length');
  if (length === '') return null;
  const next = at + Number(length);
  return { body: bytes.subarray(at, next), next: next <= bytes.length ? next : -1 };
}

// The requests as far as they are HTTP: what follows a broken one cannot be told apart.
function requestsIn(bytes) {
  const requests = [];
  for (let at = 0; at >= 0 && at < bytes.length; ) {
    while (bytes[at] === 13 || bytes[at] === 10) ++at;
    const found = headAt(bytes, at);
    const line = /^([A-Z]+) (\S+) HTTP\/1\.[01]$/.exec(found?.head.split('\r\n')[0] ?? '');
    if (!line) break;
    const { body, next } = bodyAt(bytes, found.head, found.next) ?? { body: Buffer.alloc(0), next: found.next };
    requests.push({ method: line[1], target: line[2], head: found.head, body });
    at = next;
  }
  return requests;
}

function repliesIn(bytes, requests) {
  const replies = [];
  for (let at = 0; at >= 0 && at < bytes.length; ) {
    const found = headAt(bytes, at);
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(found?.head ?? '')?.[1]);
    if (!status) break; // bytes that a fault sent in place of HTTP
    at = found.next;
    if (status < 200) continue;
    const isEmpty = status === 204 || status === 304 || requests[replies.length]?.method === 'HEAD';
    const { body, next } = isEmpty
      ? { body: Buffer.alloc(0), next: at }
      : (bodyAt(bytes, found.head, at) ?? { body: bytes.subarray(at), next: bytes.length });
    replies.push({ status, contentType: field(found.head, 'content-type'), body: body.toString(), whole: next >= 0 });
    at = next;
  }
  return replies;
}
