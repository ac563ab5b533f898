import { beforeEach, expect, it, vi } from 'vitest';
import { ApiClient } from './client';
import { ApiError, NoAnswer, SignInRequired } from './errors';
import type { HttpRequest } from './http';
import { send } from './http';

const GET = { method: 'GET', path: '/api/tasks' } as const;

function answerWith(...responses: (Response | Error)[]) {
  const fetched = vi.fn(async (_path: string, _init: RequestInit) => {
    const next = responses.shift();
    if (!next || next instanceof Error) throw next ?? new Error('nothing more was expected');
    return next;
  });
  vi.stubGlobal('fetch', fetched);
  return fetched;
}

const refused = (status: number, code = 'no', headers = {}) =>
  Response.json({ error: { code, message: 'No.', request_id: 'r1' } }, { status, headers });

const token = vi.fn(async (wish: string) => `for ${wish}` as string | null);
let client: ApiClient;

beforeEach(() => {
  token.mockReset().mockImplementation(async (wish) => `for ${wish}`);
  client = new ApiClient(send, token);
});

const authorization = (fetched: ReturnType<typeof answerWith>) =>
  fetched.mock.calls.map(([, init]) => new Headers(init.headers).get('Authorization'));

it('asks in somebody’s name and reads where the write stands', async () => {
  const headers = { 'Taskwire-Position': 'e1.129' };
  const fetched = answerWith(Response.json({ id: 7 }, { headers }));
  expect(await client.request(GET)).toEqual({
    status: 200,
    data: { id: 7 },
    position: 'e1.129',
  });
  expect(authorization(fetched)).toEqual(['Bearer for connect']);
});

it('sends JSON as JSON and a form as a form', async () => {
  const fetched = answerWith(new Response(null, { status: 204 }), Response.json({}));
  const json: HttpRequest = { method: 'PATCH', path: '/api/tasks/7', body: { title: 'x' } };
  await client.request(json);
  await client.request({ method: 'POST', path: '/api/imports', body: new FormData() });
  const [first, second] = fetched.mock.calls.map(([, init]) => init);
  expect([first?.body, new Headers(first?.headers).get('Content-Type')]).toEqual([
    '{"title":"x"}',
    'application/json',
  ]);
  // The browser writes the boundary itself.
  expect(new Headers(second?.headers).get('Content-Type')).toBeNull();
});

it('asks for another token after a 401, once', async () => {
  const fetched = answerWith(refused(401), Response.json([]));
  await client.request(GET);
  expect(authorization(fetched)).toEqual(['Bearer for connect', 'Bearer for refused']);
});

it('gives up after the second 401', async () => {
  answerWith(refused(401), refused(401));
  await expect(client.request(GET)).rejects.toBeInstanceOf(SignInRequired);
});

it('does not even ask when nobody is signed in', async () => {
  const fetched = answerWith();
  token.mockResolvedValue(null);
  await expect(client.request(GET)).rejects.toBeInstanceOf(SignInRequired);
  expect(fetched).not.toHaveBeenCalled();
});

it('tells what the server said, whole', async () => {
  const body = { error: { code: 'changed', message: 'm', request_id: 'r' }, current: { id: 7 } };
  answerWith(Response.json(body, { status: 412 }));
  await expect(client.request(GET)).rejects.toMatchObject({
    status: 412,
    code: 'changed',
    requestId: 'r',
    body,
    isPassing: false,
  });
});

it.each([408, 425, 429, 500, 502, 503])('takes %i for a trouble that passes', async (status) => {
  answerWith(refused(status, 'busy', { 'Retry-After': '7' }));
  await expect(client.request(GET)).rejects.toMatchObject({ isPassing: true, retryAfterMs: 7000 });
});

it('makes no sense of a proxy’s page, but of its status', async () => {
  answerWith(new Response('<h1>Bad gateway</h1>', { status: 502 }));
  const error = await client.request(GET).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ status: 502, code: 'http_502' });
});

it('tells apart no answer from a no', async () => {
  answerWith(new TypeError('Failed to fetch'));
  await expect(client.request(GET)).rejects.toBeInstanceOf(NoAnswer);
});
