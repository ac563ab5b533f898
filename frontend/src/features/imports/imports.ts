/**
 * Starts an import and follows it: live words over the socket, and the truth by asking, since
 * words without a number may be lost.
 */
import { createStore } from 'zustand/vanilla';
import { type ApiClient, ApiError, newIdempotencyKey } from '@/services/api';
import type { WebSocketService } from '@/services/websocket';
import { follow, hasEnded, type ImportState, type Job, readJob } from './importJob';

const ASK_EVERY_MS = 2_000;

export type ImportFormat = 'text' | 'csv';

export class Imports {
  readonly store = createStore<ImportState>(() => ({ name: 'nothing' }));
  readonly #api: ApiClient;
  readonly #service: Pick<WebSocketService, 'on'>;
  #off = () => {};
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(api: ApiClient, service: Pick<WebSocketService, 'on'>) {
    this.#api = api;
    this.#service = service;
  }

  start(): void {
    this.#off = this.#service.on('job_update', (data: unknown) => this.#hear(data));
  }

  stop(): void {
    this.#off();
    clearTimeout(this.#timer);
  }

  async send(file: File, format: ImportFormat): Promise<void> {
    if (this.store.getState().name === 'sending') return;
    this.store.setState({ name: 'sending' }, true);
    const body = new FormData();
    body.append('file', file);
    body.append('format', format);
    const headers = { 'Idempotency-Key': newIdempotencyKey() };
    try {
      const path = '/api/imports';
      const answer = await this.#api.request({ method: 'POST', path, body, headers });
      this.#begin(answer.data);
    } catch (error) {
      this.store.setState(refusedBecause(error), true);
    }
  }

  async cancel(): Promise<void> {
    const state = this.store.getState();
    if (state.name !== 'following') return;
    await this.#ask('DELETE', state.job);
    await this.#ask('GET', state.job);
  }

  forget(): void {
    clearTimeout(this.#timer);
    this.store.setState({ name: 'nothing' }, true);
  }

  #begin(data: unknown): void {
    const wrapped = (data as { job?: unknown } | null)?.job;
    const job = readJob(wrapped ?? data);
    if (job === null) throw new Error('The answer to an import names no job.');
    this.store.setState({ name: 'following', job }, true);
    this.#askLater();
  }

  #hear(data: unknown): void {
    const job = readJob(data);
    if (job !== null) this.store.setState((state) => follow(state, job), true);
  }

  #askLater(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#askAgain(), ASK_EVERY_MS);
  }

  async #askAgain(): Promise<void> {
    const state = this.store.getState();
    if (state.name !== 'following' || hasEnded(state.job)) return;
    await this.#ask('GET', state.job);
    this.#askLater();
  }

  /** No answer is no news: the next asking may have one. */
  async #ask(method: 'GET' | 'DELETE', job: Job): Promise<void> {
    try {
      this.#hear((await this.#api.request({ method, path: `/api/jobs/${job.id}` })).data);
    } catch (error) {
      if (error instanceof ApiError && error.status === 404) this.forget();
    }
  }
}

function refusedBecause(error: unknown): ImportState {
  if (!(error instanceof ApiError)) return { name: 'refused', why: 'noAnswer' };
  if (error.status === 413) return { name: 'refused', why: 'tooLarge' };
  return { name: 'refused', why: { message: error.message } };
}
