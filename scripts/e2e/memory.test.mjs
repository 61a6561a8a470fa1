// One hour of mixed traffic on a clock that is advanced: once all that is kept is full, memory stays where it is.
// MIMUS_E2E_MINUTES changes the hour.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { pixel, silence } from './samples.mjs';
import { serve } from './server.mjs';

const minutes = Number(process.env.MIMUS_E2E_MINUTES ?? 60);
const caps = ['--journal', '300', '--journal-bytes', '2mb', '--state-max-entries', '50', '--state-max-bytes', '2mb'];
let server;
const dialects = ['--dialect', 'openai', '--dialect', 'gemini'];
before(async () => (server = await serve(['--clock', 'frozen', '--rpm', '1000', ...dialects, ...caps], { MIMUS_LOG_LEVEL: 'error' })));
after(() => server.stop());

const residentKilobytes = () => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))[1]);
const say = (content) => [{ role: 'user', content }];
const form = (fields) => {
  const body = new FormData();
  for (const [name, value] of Object.entries(fields)) body.append(name, value);
  return body;
};
const file = (bytes, name = 'in.jsonl', type = 'text/plain') => new File([bytes], name, { type });

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
  const gemini = (path, text, status = 200) => call(minute, status, 'POST', `/gemini/v1beta/models/${path}`, { contents: [{ role: 'user', parts: [{ text }] }] });
  // One is completed, one cancelled, one has a part and is left, one has none.
  const upload = async (text, i) => {
    const { id } = await post('/uploads', { filename: 'a.txt', purpose: 'assistants', bytes: text.length, mime_type: 'text/plain' });
    if (i === 3) return;
    const part = await post(`/uploads/${id}/parts`, form({ data: file(text) }));
    if (i === 0) await post(`/uploads/${id}/complete`, { part_ids: [part.id] });
    if (i === 1) await post(`/uploads/${id}/cancel`, {});
  };
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
      post('/files', form({ purpose: 'user_data', file: file(text.repeat(500)) })),
      upload(text, i),
      post('/chat/completions', { model: 'gpt-4o', messages: say(text), n: 0 }, 400),
      post(`/${i}/none`, {}, 404),
      get(`/responses/resp_${minute}_${i}`, 404),
      post('/completions', { model: 'gpt-3.5-turbo-instruct', prompt: text }),
      post('/moderations', { input: text }),
      post('/audio/speech', { model: 'tts-1', voice: 'nova', input: 'Hi.', response_format: 'wav' }),
      post('/audio/transcriptions', form({ model: 'whisper-1', file: file(silence, 'a.wav', 'audio/wav'), response_format: i % 2 ? 'verbose_json' : 'srt' })),
      post('/audio/transcriptions', form({ model: 'gpt-4o-transcribe', file: file(silence, 'a.wav', 'audio/wav'), stream: 'true' })),
      i === 0 ? post('/images/generations', pixels) : get('/models'),
      i === 1 ? post('/images/edits', form({ ...pixels, image: file(pixel, 'a.png', 'image/png') })) : get('/models/gpt-4o'),
      gemini('gemini-2.5-flash:generateContent', text),
      gemini('gemini-2.5-flash:streamGenerateContent?alt=sse', text),
      gemini('gemini-2.5-flash:countTokens', text),
      gemini('gemini-none:generateContent', text, 404),
    ]);
  };
  for (let i = 0; i < 4; ++i) await one(i);
  const input = await post('/files', form({ purpose: 'batch', file: file(line) }));
  const batch = await post('/batches', { input_file_id: input.id, endpoint: '/v1/embeddings', completion_window: '24h' });
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
  const kinds = [...metrics.matchAll(/^mimus_state_entries\{kind="(\w+)"\}/gm)].map(([, kind]) => kind);
  assert.ok(kinds.length >= 8, `${kinds}`);
  for (const kind of kinds.filter((each) => each !== 'limits')) { // the limits of keys have a cap of their own
    assert.ok(metric(`mimus_state_entries{kind="${kind}"}`) <= 50, kind);
    assert.ok(metric(`mimus_state_bytes{kind="${kind}"}`) <= 2 * 1024 * 1024, kind);
    assert.ok(metric(`mimus_state_evicted{kind="${kind}"}`) > 0, `nothing had to go: ${kind}`);
  }
});
