/**
 * Requests in somebody's name: adds the token, and after a 401 asks for another one, once.
 */
import { ApiError, SignInRequired } from './errors';
import type { HttpAnswer, HttpRequest, Send } from './http';
import type { TokenWish } from './session';

export class ApiClient {
  readonly #send: Send;
  readonly #token: (wish: TokenWish) => Promise<string | null>;

  constructor(send: Send, token: (wish: TokenWish) => Promise<string | null>) {
    this.#send = send;
    this.#token = token;
  }

  async request(request: HttpRequest): Promise<HttpAnswer> {
    try {
      return await this.#sendAs(await this.#token('connect'), request);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      return this.#retry(request);
    }
  }

  async #retry(request: HttpRequest): Promise<HttpAnswer> {
    try {
      return await this.#sendAs(await this.#token('refused'), request);
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) throw new SignInRequired();
      throw error;
    }
  }

  #sendAs(token: string | null, request: HttpRequest): Promise<HttpAnswer> {
    if (token === null) throw new SignInRequired();
    const headers = { ...request.headers, Authorization: `Bearer ${token}` };
    return this.#send({ ...request, headers });
  }
}
