/**
 * One request and its answer. Knows JSON, the error envelope and the headers of our contract;
 * knows nothing of tokens.
 */
import { ApiError, NoAnswer } from './errors';

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** JSON, or a form with a file in it. */
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
  /** JSON as a rule; a file is not read, but handed on as it is. */
  readonly wants?: 'json' | 'file';
}

export interface HttpAnswer {
  readonly status: number;
  readonly data: unknown;
  /** `<epoch>.<seq>` of the write, where there was one. */
  readonly position: string | null;
}

export type Send = (request: HttpRequest) => Promise<HttpAnswer>;

/** After that long nobody is listening any more; the same key makes asking again harmless. */
const TIMEOUT_MS = 20_000;

export async function send(request: HttpRequest): Promise<HttpAnswer> {
  const response = await ask(request);
  const isFile = request.wants === 'file' && response.ok;
  const data = isFile ? await readFile(response) : await readBody(response);
  if (!response.ok) throw toApiError(response, data);
  return { status: response.status, data, position: response.headers.get('Taskwire-Position') };
}

async function ask(request: HttpRequest): Promise<Response> {
  const isForm = request.body instanceof FormData;
  const hasJson = request.body !== undefined && !isForm;
  try {
    return await fetch(request.path, {
      method: request.method,
      headers: { ...(hasJson ? { 'Content-Type': 'application/json' } : {}), ...request.headers },
      body: isForm ? (request.body as FormData) : hasJson ? JSON.stringify(request.body) : null,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch (cause) {
    throw new NoAnswer(cause);
  }
}

/** A proxy's HTML page is no answer of ours, but its status still says enough. */
async function readBody(response: Response): Promise<unknown> {
  let text: string;
  try {
    text = await response.text();
  } catch (cause) {
    throw new NoAnswer(cause);
  }
  try {
    return text === '' ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

async function readFile(response: Response): Promise<File> {
  const named = /filename="?([^";]+)"?/.exec(response.headers.get('Content-Disposition') ?? '');
  try {
    const content = await response.blob();
    return new File([content], named?.[1] ?? '', { type: content.type });
  } catch (cause) {
    throw new NoAnswer(cause);
  }
}

function toApiError(response: Response, body: unknown): ApiError {
  const error = (body as { error?: Record<string, unknown> } | null)?.error;
  const seconds = Number(response.headers.get('Retry-After'));
  return new ApiError(response.status, {
    code: typeof error?.['code'] === 'string' ? error['code'] : `http_${response.status}`,
    message: typeof error?.['message'] === 'string' ? error['message'] : response.statusText,
    requestId: typeof error?.['request_id'] === 'string' ? error['request_id'] : null,
    retryAfterMs: seconds > 0 ? seconds * 1000 : null,
    body,
  });
}
