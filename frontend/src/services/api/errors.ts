/**
 * What can go wrong between the page and the server, as types: each asks for another sentence.
 */

/** The server answered, and the answer is no. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  readonly retryAfterMs: number | null;
  /** The whole body: a 412 carries `current` beside `error`. */
  readonly body: unknown;

  constructor(status: number, fields: ErrorFields) {
    super(fields.message);
    this.name = 'ApiError';
    this.status = status;
    this.code = fields.code;
    this.requestId = fields.requestId;
    this.retryAfterMs = fields.retryAfterMs;
    this.body = fields.body;
  }

  /** Asking again later with the same key may well succeed. */
  get isPassing(): boolean {
    return this.status >= 500 || this.status === 429 || this.status === 408 || this.status === 425;
  }
}

export interface ErrorFields {
  readonly message: string;
  readonly code: string;
  readonly requestId: string | null;
  readonly retryAfterMs: number | null;
  readonly body: unknown;
}

/** No answer: offline, a server that is away, a line that broke. Whether it was done is unknown. */
export class NoAnswer extends Error {
  constructor(cause: unknown) {
    super('The server did not answer.', { cause });
    this.name = 'NoAnswer';
  }
}

/** The refresh token is gone: only a person with a password can go on from here. */
export class SignInRequired extends Error {
  constructor() {
    super('Somebody has to sign in.');
    this.name = 'SignInRequired';
  }
}

/** Worth trying again as it is; everything else would be refused the same way. */
export function isPassing(error: unknown): boolean {
  return error instanceof NoAnswer || (error instanceof ApiError && error.isPassing);
}
