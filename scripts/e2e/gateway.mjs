// Gateways to put in front of `mimus check --loopback`: a small one that is wrong on request, and free ports.
import http from 'node:http';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

// A port for a server that cannot choose one itself. Below those that the system gives to connections, which would take it
// until that server starts, and never the same twice.
const given = new Set();
export async function freePort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000);
    if (given.has(port)) continue;
    const socket = createServer().listen(port, '127.0.0.1');
    const free = await Promise.race([once(socket, 'listening').then(() => true), once(socket, 'error').then(() => false)]).catch(() => false);
    if (!free) continue;
    given.add(port);
    socket.close();
    await once(socket, 'close');
    return port;
  }
}

// Resolves once somebody listens there; fails after ten seconds.
export async function listening(port) {
  for (const until = Date.now() + 10_000; Date.now() < until; await new Promise((resolve) => setTimeout(resolve, 20))) {
    const socket = connect(port, '127.0.0.1');
    const [is] = await Promise.race([once(socket, 'connect').then(() => [true]), once(socket, 'error').then(() => [false])]).catch(() => [false]);
    socket.destroy();
    if (is) return;
  }
  throw new Error(`nobody listens on port ${port}`);
}

const readAll = async (stream) => {
  const pieces = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
};

// Passes requests on to 127.0.0.1:`upstream` and replies back, as they come. `faults`, each a known bug of gateways:
//   change(body)       what it makes of a request's JSON
//   tries              how often it asks while the upstream answers 429 or 5xx
//   stays              it reads the upstream to its end after its client has left
//   status(code)       what it makes of a status
//   finishes           it ends a stream that broke off as if it were whole
//   spoil(piece)       what it makes of each piece of a reply
export async function gateway(upstream, faults = {}) {
  const server = http.createServer(async (request, reply) => {
    const bytes = await readAll(request);
    const body = faults.change && bytes.length > 0 ? Buffer.from(JSON.stringify(faults.change(JSON.parse(bytes)))) : bytes;
    const { host, 'content-length': length, 'transfer-encoding': coding, ...headers } = request.headers;
    const ask = () => new Promise((resolve, reject) => {
      const asked = http.request({ host: '127.0.0.1', port: upstream, method: request.method, path: request.url,
        headers: { ...headers, ...(body.length > 0 ? { 'content-length': body.length } : {}) } }, resolve);
      asked.on('error', reject);
      asked.end(body);
      reply.on('close', () => { if (!faults.stays) asked.destroy(); });
    });
    let answer;
    for (let tries = faults.tries ?? 1; tries > 0; --tries) {
      answer = await ask().catch(() => null);
      if (answer === null) return reply.writeHead(502, { 'content-type': 'application/json' }).end('{"error":{"message":"no upstream","type":"server_error","param":null,"code":null}}');
      if (answer.statusCode !== 429 && answer.statusCode < 500) break;
      if (tries > 1) await readAll(answer);
    }
    const { connection, 'keep-alive': keep, 'content-length': size, 'transfer-encoding': framing, ...others } = answer.headers;
    reply.writeHead(faults.status?.(answer.statusCode) ?? answer.statusCode, others);
    answer.on('data', (piece) => { if (!reply.destroyed) reply.write(faults.spoil?.(piece) ?? piece); });
    answer.on('end', () => reply.end());
    answer.on('error', () => {
      if (faults.finishes) reply.end('data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n');
      else reply.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}/v1`,
    stop: () => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); }),
  };
}
