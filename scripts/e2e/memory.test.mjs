// One hour of mixed traffic on a clock that is advanced: once all that is kept is full, memory stays where it is.
// MIMUS_E2E_MINUTES changes the hour.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { serve } from './server.mjs';

const minutes = Number(process.env.MIMUS_E2E_MINUTES ?? 60);
const caps = ['--journal', '300', '--journal-bytes', '2mb', '--state-max-entries', '100', '--state-max-bytes', '2mb'];
let server;
before(async () => (server = await serve(['--clock', 'frozen', '--rpm', '1000', ...caps], { MIMUS_LOG_LEVEL: 'error' })));
after(() => server.stop());

const residentKilobytes = () => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]);
const say = (content) => [{ role: 'user', content }];
const form = (fields, file) => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  if (file) body.append('file', new Blob([file]), 'in.jsonl');
  return body;
};

// One request under a key and test name of its own minute; gives the JSON of the reply, or its text.
async function call(minute, status, method, path, body) {
  const isForm = body instanceof FormData;
  const headers = { authorization: `Bearer sk-${minute}`, 'x-mimus-test': `t${minute}`, ...(body && !isForm && { 'content-type': 'application/json' }) };
  const response = await fetch(`${server.url}${path}`, { method, headers, body: body && !isForm ? JSON.stringify(body) : body });
  const text = await response.text();
  assert.equal(response.status, status, `${method} ${path}: ${text.slice(0, 300)}`);
  return response.headers.get('content-type') === 'application/json' ? JSON.parse(text) : text;
}

// What comes in during one minute: every store is written to, nothing is ever deleted, no two requests are alike.
async function trafficOf(minute) {
  const post = (path, body, status = 200) => call(minute, status, 'POST', `/v1${path}`, body);
  const get = (path, status = 200) => call(minute, status, 'GET', `/v1${path}`);
  const line = JSON.stringify({ custom_id: 'a', method: 'POST', url: '/v1/embeddings', body: { model: 'text-embedding-3-small', input: `${minute}` } });
  const one = async (i) => {
    const text = `Minute ${minute}, request ${i}.`;
    const pixels = { model: 'dall-e-2', prompt: text, size: '256x256', response_format: 'b64_json' };
    await Promise.all([
      post('/chat/completions', { model: 'gpt-4o', messages: say(text), store: true }),
      post('/chat/completions', { model: 'gpt-4o', messages: say(text), stream: true }),
      post('/responses', { model: 'gpt-4o', input: text }),
      post('/responses', { model: 'gpt-4o', input: text, stream: true }),
      post('/conversations', { items: [{ role: 'user', content: text }] }),
      post('/embeddings', { model: 'text-embedding-3-small', input: [text, `${text} Again.`] }),
      post('/files', form({ purpose: 'user_data' }, text.repeat(500))),
      post('/uploads', { filename: 'a.txt', purpose: 'assistants', bytes: 10, mime_type: 'text/plain' }),
      post('/chat/completions', { model: 'gpt-4o', messages: say(text), n: 0 }, 400),
      post(`/${i}/none`, {}, 404),
      get(`/responses/resp_${minute}_${i}`, 404),
      post('/completions', { model: 'gpt-3.5-turbo-instruct', prompt: text }),
      post('/moderations', { input: text }),
      post('/audio/speech', { model: 'tts-1', voice: 'nova', input: 'Hi.', response_format: 'wav' }),
      i === 0 ? post('/images/generations', pixels) : get('/models'),
    ]);
  };
  for (let i = 0; i < 4; ++i) await one(i);
  const file = await post('/files', form({ purpose: 'batch' }, line));
  const batch = await post('/batches', { input_file_id: file.id, endpoint: '/v1/embeddings', completion_window: '24h' });
  for (let state = ''; state !== 'completed';) state = (await get(`/batches/${batch.id}`)).status;
  await call(minute, 200, 'POST', '/_mimus/clock', { advance: '60s' });
}

const skip = !existsSync('/proc/self/status') && 'there is no /proc';
test('memory is flat', { timeout: 240_000, skip }, async (context) => {
  const sizes = [];
  for (let minute = 0; minute < minutes; ++minute) {
    await trafficOf(minute);
    sizes.push(residentKilobytes());
  }
  const third = Math.floor(minutes / 3);
  const most = (from, to) => Math.max(...sizes.slice(from, to));
  const [warm, end] = [most(third, 2 * third), most(2 * third)];
  context.diagnostic(`resident kB: ${sizes.filter((_, i) => i % 5 === 0 || i === minutes - 1).join(' ')}`);
  assert.ok(end - warm < 2048, `grew by ${end - warm} kB in the last third of the hour`);
  // The caps held, and something had to go for each.
  const metrics = await (await fetch(`${server.url}/_mimus/metrics`)).text();
  const metric = (name) => Number(metrics.match(new RegExp(`^${name} (\\d+)$`, 'm'))[1]);
  assert.equal(metric('mimus_journal_entries'), 300);
  assert.ok(metric('mimus_journal_bytes') <= 2 * 1024 * 1024);
  assert.ok(metric('mimus_journal_evicted') > 0);
  assert.ok(metric('mimus_state_entries{kind="files"}') <= 100);
  assert.ok(metric('mimus_state_evicted{kind="files"}') > 0);
});
