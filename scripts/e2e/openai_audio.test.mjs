// The official client's audio calls against mimus. MIMUS_E2E_CLIENT names the package (its two majors).
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { refusalOf, serverFor } from './server.mjs';

const name = process.env.MIMUS_E2E_CLIENT ?? 'openai7';
const { default: OpenAI, toFile } = await import(name);
const server = serverFor({ before, after });
const client = () => new OpenAI({ apiKey: 'sk-test-e2e', baseURL: server.baseURL, maxRetries: 0 });

const input = 'The mockingbird sings. Who listens to it?';
const say = async (options = {}) => {
  const response = await client().audio.speech.create({ model: 'tts-1', voice: 'nova', input, ...options });
  return { type: response.headers.get('content-type'), bytes: Buffer.from(await response.arrayBuffer()) };
};
const recording = async () => toFile((await say({ response_format: 'wav' })).bytes, 'speech.wav');

describe('speech', () => {
  test('wav is a real WAV: 24 kHz, 16 bits, mono', async () => {
    const { type, bytes } = await say({ response_format: 'wav' });
    assert.equal(type, 'audio/wav');
    assert.equal(bytes.toString('latin1', 0, 4) + bytes.toString('latin1', 8, 16), 'RIFFWAVEfmt ');
    assert.deepEqual([bytes.readUInt16LE(20), bytes.readUInt16LE(22), bytes.readUInt32LE(24), bytes.readUInt16LE(34)], [1, 1, 24_000, 16]);
    assert.equal(bytes.readUInt32LE(4) + 8, bytes.length);
    assert.equal(bytes.toString('latin1', 36, 40), 'data');
    assert.equal(bytes.readUInt32LE(40) / 48_000, input.length * 0.06);
  });

  test('each format has its type and its beginning', async () => {
    const rows = { mp3: ['audio/mpeg', 0xff], opus: ['audio/opus', 0x4f], aac: ['audio/aac', 0xff], flac: ['audio/flac', 0x66] };
    for (const [response_format, [type, first]] of Object.entries(rows)) {
      const spoken = await say({ response_format });
      assert.equal(spoken.type, type);
      assert.equal(spoken.bytes[0], first, response_format);
    }
    assert.equal((await say()).type, 'audio/mpeg');
  });

  test('the same words give the same bytes, twice as fast half of them', async () => {
    const { bytes } = await say({ response_format: 'pcm' });
    assert.ok(bytes.equals((await say({ response_format: 'pcm' })).bytes));
    assert.equal((await say({ response_format: 'pcm', speed: 2 })).bytes.length * 2, bytes.length);
  });

  test('a wrong voice is refused', async () => {
    const error = await refusalOf(say({ voice: 'siri' }));
    assert.ok(error instanceof OpenAI.BadRequestError);
    assert.equal(error.param, 'voice');
  });
});

describe('transcriptions', () => {
  test('json gives the spoken text back', async () => {
    const reply = await client().audio.transcriptions.create({ model: 'whisper-1', file: await recording() });
    assert.equal(reply.text, input);
    assert.deepEqual(reply.usage, { type: 'duration', seconds: 3 });
  });

  test('verbose_json has words and segments', async () => {
    const reply = await client().audio.transcriptions.create({
      model: 'whisper-1',
      file: await recording(),
      response_format: 'verbose_json',
      timestamp_granularities: ['word', 'segment'],
    });
    assert.equal(reply.segments.map((segment) => segment.text).join(''), input);
    assert.deepEqual(reply.words.map(({ word }) => word), ['The', 'mockingbird', 'sings', 'Who', 'listens', 'to', 'it']);
    assert.equal(reply.segments.at(-1).end, reply.duration);
    assert.ok(reply.words.every((word, i, words) => word.end >= word.start && (i === 0 || word.start >= words[i - 1].end)));
  });

  test('srt, vtt and text come as texts', async () => {
    const as = async (response_format) =>
      client().audio.transcriptions.create({ model: 'whisper-1', file: await recording(), response_format });
    assert.match(await as('srt'), /^1\n00:00:00,000 --> 00:00:0\d,\d{3}\nThe mockingbird sings\.\n\n2\n/);
    assert.match(await as('vtt'), /^WEBVTT\n\n00:00:00\.000 --> /);
    assert.equal(await as('text'), `${input}\n`);
  });

  test('a stream ends with the whole text', async () => {
    const stream = await client().audio.transcriptions.create({ model: 'gpt-4o-transcribe', file: await recording(), stream: true, include: ['logprobs'] });
    let text = '';
    let done;
    for await (const event of stream) {
      if (event.type === 'transcript.text.delta') text += event.delta;
      else done = event;
    }
    assert.equal(done.type, 'transcript.text.done');
    assert.equal(text, input);
    assert.equal(done.text, input);
    assert.equal(done.logprobs.map(({ token }) => token).join(''), input);
    assert.equal(done.usage.total_tokens, done.usage.input_tokens + done.usage.output_tokens);
  });

  test('what is no recording is refused', async () => {
    const create = async (file, options = {}) => client().audio.transcriptions.create({ model: 'whisper-1', file, ...options });
    const text = await refusalOf(create(await toFile(Buffer.from('hello'), 'a.txt')));
    assert.ok(text instanceof OpenAI.BadRequestError);
    assert.match(text.message, /Invalid file format/);
    assert.equal((await refusalOf(create(await toFile(Buffer.alloc(0), 'a.wav')))).code, 'audio_too_short');
    const format = await refusalOf(create(await recording(), { model: 'gpt-4o-transcribe', response_format: 'srt' }));
    assert.equal(format.code, 'unsupported_value');
  });
});

test('translations are in English', async () => {
  const reply = await client().audio.translations.create({ model: 'whisper-1', file: await recording() });
  assert.equal(reply.text, input);
  const verbose = await client().audio.translations.create({ model: 'whisper-1', file: await recording(), response_format: 'verbose_json' });
  assert.equal(verbose.task, 'translate');
  assert.equal(verbose.language, 'english');
});
