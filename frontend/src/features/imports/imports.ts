/**
 * Starts an import and follows it: live words over the socket, and the truth by asking, since
 * words without a number may be lost.
 */
import { createStore } from 'zustand/vanilla';
import {
  type ApiClient,
  ApiError,
  hasEnded,
  type Job,
  newIdempotencyKey,
  readJob,
} from '@/services/api';
import type { WebSocketService } from '@/services/websocket';
import { follow, type ImportState, type Refusal } from './importJob';
import { type ImportFormat, type Mapping, readPreview } from './preview';
import type { FoundPreview } from './usePreview';

const ASK_EVERY_MS = 2_000;

export interface Chosen {
  readonly file: File;
  readonly format: ImportFormat;
  /** null leaves it to the server, which knows the usual names of columns. */
  readonly mapping: Mapping | null;
}

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

  /** What the file would become. Nothing is done by asking. */
  async preview(chosen: Chosen): Promise<FoundPreview> {
    try {
      const path = '/api/imports/preview';
      const answer = await this.#api.request({ method: 'POST', path, body: formOf(chosen) });
      return { preview: readPreview(answer.data), refusal: null };
    } catch (error) {
      return { preview: null, refusal: whyRefused(error) };
    }
  }

  async send(chosen: Chosen): Promise<void> {
    if (this.store.getState().name === 'sending') return;
    this.store.setState({ name: 'sending' }, true);
    const headers = { 'Idempotency-Key': newIdempotencyKey() };
    try {
      const path = '/api/imports';
      const body = formOf(chosen);
      const answer = await this.#api.request({ method: 'POST', path, body, headers });
      this.#begin(answer.data);
    } catch (error) {
      this.store.setState({ name: 'refused', why: whyRefused(error) }, true);
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

function formOf({ file, format, mapping }: Chosen): FormData {
  const form = new FormData();
  form.append('file', file);
  form.append('format', format);
  if (mapping !== null) form.append('mapping', JSON.stringify(mapping));
  return form;
}

function whyRefused(error: unknown): Refusal {
  if (!(error instanceof ApiError)) return 'noAnswer';
  return error.status === 413 ? 'tooLarge' : { message: error.message };
}
