// The official client that MIMUS_E2E_CLIENT names (its two majors), and what its tests ask.

export const name = process.env.MIMUS_E2E_CLIENT ?? 'openai7';
export const { default: OpenAI } = await import(name);
export const { zodResponseFormat } = await import(`${name}/helpers/zod`);
export const { LengthFinishReasonError } = await import(`${name}/core/error`);

// Tries nothing again unless `options` say so.
export const clientOf = (server, options = {}) => new OpenAI({ apiKey: 'sk-test-e2e', baseURL: server.baseURL, maxRetries: 0, ...options });

export const user = (content) => ({ role: 'user', content });
export const ask = { model: 'gpt-4o', messages: [user('What do mockingbirds sing in the morning?')] };
