// A request for each operation that mimus serves in the dialect openai, whole and streamed, in the shapes that its
// reply can take. A row: the `endpoint` of the dialect file that it asks, what it `sends` (`json`, or the parts of a
// `form`), the `status` that it expects (200), and what later rows need of its reply (`keep`). Rows run in order; those
// whose address or body needs something kept are functions of it. `batch`: the reply is the output of a batch of this path.
import { pixel, silence } from './samples.mjs';

const say = (content) => [{ role: 'user', content }];
const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false };
const weather = { type: 'function', function: { name: 'get_weather', parameters } };
const shell = { type: 'custom', custom: { name: 'shell' } };
const answer = { name: 'answer', strict: true, schema: { ...parameters, additionalProperties: false } };
const file = (bytes, name, type) => ({ bytes: Buffer.from(bytes), name, type });
const png = file(pixel, 'a.png', 'image/png');

const recording = file(silence, 'silence.wav', 'audio/wav');

// Each of these is sent whole and streamed.
const chats = {
  'a text': {},
  'two choices with logprobs': { n: 2, logprobs: true, top_logprobs: 2 },
  'cut by max_tokens': { max_tokens: 3 },
  'cut by stop': { stop: [' '] },
  'a tool call': { tools: [weather], tool_choice: 'required' },
  'a named tool': { tools: [weather], tool_choice: { type: 'function', function: { name: 'get_weather' } } },
  'a custom tool': { tools: [shell], tool_choice: 'required' },
  'a legacy function': { functions: [weather.function], function_call: { name: 'get_weather' } },
  'a JSON object': { messages: say('Answer in json.'), response_format: { type: 'json_object' } },
  'a schema': { response_format: { type: 'json_schema', json_schema: answer } },
  'a reasoning model': { model: 'gpt-5', reasoning_effort: 'high' },
  'a service tier': { service_tier: 'flex', metadata: { a: 'b' }, seed: 7, store: true },
  'an audio model': {
    model: 'gpt-4o-audio-preview', modalities: ['text', 'audio'], audio: { voice: 'alloy', format: 'pcm16' },
  },
  'a web search': { model: 'gpt-4o-search-preview', web_search_options: {} },
  'a scripted refusal': { messages: say('Refuse this.') },
  'a scripted error in the stream': { model: 'gpt-4o;fault=error_event:after_chunks=2' },
};

const flat = { type: 'function', name: 'get_weather', parameters, strict: true };
const responses = {
  'a text': {},
  'logprobs': { include: ['message.output_text.logprobs'], top_logprobs: 2 },
  'cut by max_output_tokens': { max_output_tokens: 16 },
  'instructions and metadata': {
    instructions: 'Be brief.', metadata: { a: 'b' }, user: 'u', temperature: 0.5, top_p: 0.5, truncation: 'auto',
  },
  'a tool call': { tools: [flat], tool_choice: 'required', parallel_tool_calls: false },
  'a named tool': { tools: [flat], tool_choice: { type: 'function', name: 'get_weather' } },
  'a custom tool': { tools: [{ type: 'custom', name: 'shell' }], tool_choice: 'required' },
  'allowed tools': {
    tools: [flat], tool_choice: { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'get_weather' }] },
  },
  'a JSON object': { input: 'Answer in json.', text: { format: { type: 'json_object' } } },
  'a schema': { text: { format: { type: 'json_schema', ...answer }, verbosity: 'low' }, model: 'gpt-5' },
  'reasoning with a summary': { model: 'gpt-5', reasoning: { effort: 'high', summary: 'auto' }, include: ['reasoning.encrypted_content'] },
  'not stored': { store: false, service_tier: 'flex' },
  'in the background': { background: true },
  'items of all kinds': { input: [
    { role: 'developer', content: 'Be brief.' },
    { role: 'user', content: [{ type: 'input_text', text: 'Look.' }, { type: 'input_image', image_url: 'https://example.com/a.png', detail: 'low' }] },
    { type: 'message', id: 'msg_1', status: 'completed', role: 'assistant', content: [{ type: 'output_text', text: 'I see.', annotations: [], logprobs: [] }] },
    { type: 'function_call', call_id: 'call_1', name: 'get_weather', arguments: '{"city":"Paris"}' },
    { type: 'function_call_output', call_id: 'call_1', output: 'sunny' },
    { type: 'custom_tool_call', call_id: 'call_2', name: 'shell', input: 'ls' },
    { type: 'custom_tool_call_output', call_id: 'call_2', output: 'a.txt' },
  ], tools: [flat] },
  'a hosted tool': { tools: [{ type: 'web_search' }] },
  'a scripted refusal': { input: 'Refuse this.' },
  'a scripted reasoning': { input: 'Reason about this.' },
  'a scripted error in the stream': { model: 'gpt-4o;fault=error_event:after_chunks=4' },
};

const wholeAndStreamed = (endpoint, variants, base) => Object.entries(variants).flatMap(([name, more]) => {
  const json = { ...base, ...more };
  const options = endpoint.endsWith('completions') ? { stream_options: { include_usage: true } } : {};
  const rows = [{ endpoint, name, json }, { endpoint, name: `${name}, streamed`, json: { ...json, stream: true, ...options } }];
  return name.endsWith('in the stream') ? rows.slice(1) : rows;
});

const legacy = { 'a text': {}, 'two choices with logprobs': { n: 2, logprobs: 2 }, 'cut by max_tokens': { max_tokens: 2 }, echo: { echo: true } };

const conversationItems = [
  { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hello' }] },
  { type: 'function_call', call_id: 'call_9', name: 'f', arguments: '{}' },
  { type: 'function_call_output', call_id: 'call_9', output: 'x' },
];
const keepable = { model: 'gpt-4o', messages: say('Keep this.'), store: true, metadata: { a: 'b' }, tools: [weather], tool_choice: 'none' };
const batchLines = [1, 0].map((dimensions) => JSON.stringify({
  custom_id: `${dimensions}`, method: 'POST', url: '/v1/embeddings', body: { model: 'text-embedding-3-small', input: 'x', dimensions },
})).join('\n');
const batchOf = (id) => ({ input_file_id: id, endpoint: '/v1/embeddings', completion_window: '24h' });
const threeBytes = { filename: 'a.txt', purpose: 'assistants', bytes: 3, mime_type: 'text/plain' };
const speech = { model: 'gpt-4o-mini-tts', voice: 'alloy', input: 'Hello there.' };

export const requests = [
  ...wholeAndStreamed('chat.completions', chats, { model: 'gpt-4o', messages: say('Tell me about birds.') }),
  { endpoint: 'chat.completions', name: 'stored', json: keepable, keep: ({ id }) => ({ chat: id }) },
  { endpoint: 'chat.completions.list', name: 'all', query: 'limit=2' },
  { endpoint: 'chat.completions.list', name: 'none', query: 'model=none' },
  { endpoint: 'chat.completions.retrieve', name: 'one', of: ({ chat }) => ({ completion_id: chat }) },
  { endpoint: 'chat.completions.update', name: 'metadata', of: ({ chat }) => ({ completion_id: chat }), json: { metadata: { c: 'd' } } },
  { endpoint: 'chat.completions.messages', name: 'all', of: ({ chat }) => ({ completion_id: chat }) },
  { endpoint: 'chat.completions.delete', name: 'one', of: ({ chat }) => ({ completion_id: chat }) },

  { endpoint: 'conversations.create', name: 'empty', json: {}, keep: ({ id }) => ({ empty: id }) },
  { endpoint: 'conversations.items.list', name: 'none', of: ({ empty }) => ({ conversation_id: empty }) },
  { endpoint: 'conversations.create', name: 'with items', json: { items: conversationItems, metadata: { a: 'b' } }, keep: ({ id }) => ({ conversation: id }) },
  { endpoint: 'conversations.retrieve', name: 'one', of: ({ conversation }) => ({ conversation_id: conversation }) },
  { endpoint: 'conversations.update', name: 'metadata', of: ({ conversation }) => ({ conversation_id: conversation }), json: { metadata: { c: 'd' } } },
  { endpoint: 'conversations.items.create', name: 'a message', of: ({ conversation }) => ({ conversation_id: conversation }),
    json: { items: [{ role: 'user', content: 'More' }] } },
  { endpoint: 'conversations.items.list', name: 'all', of: ({ conversation }) => ({ conversation_id: conversation }),
    keep: ({ data }) => ({ item: data[0].id }) },
  { endpoint: 'conversations.items.retrieve', name: 'one', of: ({ conversation, item }) => ({ conversation_id: conversation, item_id: item }) },
  { endpoint: 'conversations.items.delete', name: 'one', of: ({ conversation, item }) => ({ conversation_id: conversation, item_id: item }) },

  ...wholeAndStreamed('responses', responses, { model: 'gpt-4o', input: 'Tell me about birds.' }),
  { endpoint: 'responses', name: 'in a conversation', json: ({ conversation }) => ({ model: 'gpt-4o', input: 'Hi', conversation }) },
  { endpoint: 'responses', name: 'stored', json: { model: 'gpt-4o', input: 'Keep this.', tools: [flat], tool_choice: 'none' },
    keep: ({ id }) => ({ response: id }) },
  { endpoint: 'responses', name: 'a following one', json: ({ response }) => ({ model: 'gpt-4o', input: 'And this.', previous_response_id: response }) },
  { endpoint: 'responses', name: 'to be cancelled', json: { model: 'gpt-4o', input: 'Later.', background: true },
    keep: ({ id }) => ({ background: id }) },
  { endpoint: 'responses.retrieve', name: 'one', of: ({ response }) => ({ response_id: response }) },
  { endpoint: 'responses.retrieve', name: 'streamed', of: ({ response }) => ({ response_id: response }), query: 'stream=true' },
  { endpoint: 'responses.input_items', name: 'all', of: ({ response }) => ({ response_id: response }) },
  { endpoint: 'responses.input_tokens', name: 'a text', json: { model: 'gpt-4o', input: 'Count this.' } },
  { endpoint: 'responses.cancel', name: 'one', of: ({ background }) => ({ response_id: background }) },
  { endpoint: 'responses.delete', name: 'one', of: ({ response }) => ({ response_id: response }) },
  { endpoint: 'conversations.delete', name: 'one', of: ({ conversation }) => ({ conversation_id: conversation }) },

  { endpoint: 'models.list', name: 'all' },
  { endpoint: 'models.retrieve', name: 'one', of: () => ({ model: 'gpt-4o' }) },
  { endpoint: 'models.delete', name: 'refused', of: () => ({ model: 'gpt-4o' }), status: 403 },

  ...wholeAndStreamed('completions', legacy, { model: 'gpt-3.5-turbo-instruct', prompt: 'Say hi', max_tokens: 300 }),

  { endpoint: 'embeddings', name: 'a text', json: { model: 'text-embedding-3-small', input: 'Hello', dimensions: 8 } },
  { endpoint: 'embeddings', name: 'token arrays', json: { model: 'text-embedding-3-large', input: [[1, 2], [3]], dimensions: 4 } },
  { endpoint: 'embeddings', name: 'base64', json: { model: 'text-embedding-ada-002', input: ['a', 'b'], encoding_format: 'base64' } },

  { endpoint: 'moderations', name: 'texts', json: { input: ['A lovely morning.', 'I will kill you.'] } },
  { endpoint: 'moderations', name: 'a picture',
    json: { model: 'omni-moderation-latest', input: [{ type: 'image_url', image_url: { url: 'https://example.com/a.png' } }] } },

  { endpoint: 'audio.speech', name: 'bytes', json: speech },
  { endpoint: 'audio.speech', name: 'streamed', json: { ...speech, stream_format: 'sse', response_format: 'wav' } },
  ...['json', 'verbose_json', 'text', 'srt', 'vtt'].flatMap((response_format) => ['audio.transcriptions', 'audio.translations'].map((endpoint) => (
    { endpoint, name: response_format, form: { file: recording, model: 'whisper-1', response_format } }))),
  { endpoint: 'audio.transcriptions', name: 'verbose_json with words',
    form: { file: recording, model: 'whisper-1', response_format: 'verbose_json', 'timestamp_granularities[]': 'word' } },
  { endpoint: 'audio.transcriptions', name: 'logprobs',
    form: { file: recording, model: 'gpt-4o-transcribe', response_format: 'json', 'include[]': 'logprobs' } },
  { endpoint: 'audio.transcriptions', name: 'streamed',
    form: { file: recording, model: 'gpt-4o-transcribe', stream: 'true', 'include[]': 'logprobs' } },

  { endpoint: 'images.generations', name: 'an address', json: { model: 'dall-e-3', prompt: 'A bird' } },
  { endpoint: 'images.generations', name: 'base64',
    json: { model: 'dall-e-2', prompt: 'A bird', size: '256x256', n: 2, response_format: 'b64_json' } },
  { endpoint: 'images.generations', name: 'gpt-image', json: { model: 'gpt-image-1', prompt: 'A bird', background: 'transparent', quality: 'low' } },
  { endpoint: 'images.generations', name: 'streamed', json: { model: 'gpt-image-1', prompt: 'A bird', stream: true, partial_images: 2 } },
  { endpoint: 'images.edits', name: 'whole', form: { model: 'gpt-image-1', prompt: 'A hat', image: png } },
  { endpoint: 'images.edits', name: 'an address', form: { model: 'dall-e-2', prompt: 'A hat', image: png, size: '256x256' } },
  { endpoint: 'images.edits', name: 'streamed', form: { model: 'gpt-image-1', prompt: 'A hat', image: png, stream: 'true', partial_images: '1' } },
  { endpoint: 'images.variations', name: 'two', form: { image: png, n: '2', size: '256x256' } },

  { endpoint: 'files.create', name: 'a batch', form: { purpose: 'batch', file: file(batchLines, 'in.jsonl', 'application/jsonl') },
    keep: ({ id }) => ({ file: id }) },
  { endpoint: 'files.create', name: 'with an end',
    form: { purpose: 'user_data', 'expires_after[anchor]': 'created_at', 'expires_after[seconds]': '3600', file: file('x', 'a.txt', 'text/plain') },
    keep: ({ id }) => ({ other: id }) },
  { endpoint: 'files.list', name: 'all', query: 'limit=1' },
  { endpoint: 'files.list', name: 'none', query: 'purpose=vision' },
  { endpoint: 'files.retrieve', name: 'one', of: ({ file }) => ({ file_id: file }) },
  { endpoint: 'files.content', name: 'bytes', of: ({ file }) => ({ file_id: file }) },
  { endpoint: 'files.delete', name: 'one', of: ({ other }) => ({ file_id: other }) },

  { endpoint: 'uploads.create', name: 'one', json: threeBytes, keep: ({ id }) => ({ upload: id }) },
  { endpoint: 'uploads.parts', name: 'one', of: ({ upload }) => ({ upload_id: upload }), form: { data: file('abc', 'part', 'text/plain') },
    keep: ({ id }) => ({ part: id }) },
  { endpoint: 'uploads.complete', name: 'one', of: ({ upload }) => ({ upload_id: upload }), json: ({ part }) => ({ part_ids: [part] }) },
  { endpoint: 'uploads.create', name: 'another', json: threeBytes, keep: ({ id }) => ({ upload: id }) },
  { endpoint: 'uploads.cancel', name: 'one', of: ({ upload }) => ({ upload_id: upload }) },

  { endpoint: 'batches.list', name: 'none' },
  { endpoint: 'batches.create', name: 'good', json: ({ file }) => ({ ...batchOf(file), metadata: { a: 'b' } }), keep: ({ id }) => ({ batch: id }) },
  ...['in progress', 'run', 'finalizing'].map((name) => ({ endpoint: 'batches.retrieve', name, of: ({ batch }) => ({ batch_id: batch }) })),
  { endpoint: 'batches.retrieve', name: 'completed', of: ({ batch }) => ({ batch_id: batch }),
    keep: ({ output_file_id, error_file_id }) => ({ output: output_file_id, errors: error_file_id }) },
  { endpoint: 'files.content', name: 'what a batch said', of: ({ output }) => ({ file_id: output }), batch: '/embeddings' },
  { endpoint: 'files.content', name: 'what a batch was refused', of: ({ errors }) => ({ file_id: errors }), batch: '/embeddings' },
  { endpoint: 'batches.create', name: 'bad', json: ({ file }) => ({ ...batchOf(file), endpoint: '/v1/chat/completions' }), keep: ({ id }) => ({ bad: id }) },
  ...['failing', 'failed'].map((name) => ({ endpoint: 'batches.retrieve', name, of: ({ bad }) => ({ batch_id: bad }) })),
  { endpoint: 'batches.create', name: 'to be cancelled', json: ({ file }) => batchOf(file), keep: ({ id }) => ({ bad: id }) },
  { endpoint: 'batches.cancel', name: 'one', of: ({ bad }) => ({ batch_id: bad }) },
  { endpoint: 'batches.list', name: 'all', query: 'limit=2' },

  { endpoint: 'chat.completions', name: 'refused: a wrong value', json: { model: 'gpt-4o', messages: say('x'), n: 0 }, status: 400 },
  { endpoint: 'chat.completions', name: 'refused: an unknown model', json: { model: 'gpt-x', messages: say('x') }, status: 404 },
  { endpoint: 'responses', name: 'refused: a wrong value', json: { model: 'gpt-4o', input: 'x', max_output_tokens: 1 }, status: 400 },
  { endpoint: 'responses.retrieve', name: 'refused: an unknown id', of: () => ({ response_id: 'resp_x' }), status: 404 },
  { endpoint: 'files.create', name: 'refused: a missing part', form: { purpose: 'batch' }, status: 400 },
];

// What the OpenAPI document does not know: mimus' own.
export const ownEndpoints = ['images.file'];

// Scripted replies for what no request brings about.
export const fixtures = { mimus: 1, fixtures: [
  { when: { last_user: 'Refuse this.' }, reply: { refusal: 'I cannot do that.' } },
  { when: { last_user: 'Reason about this.' }, reply: { text: 'So it is.', reasoning: 'First, then.' } },
] };
