/**
 * What the server is at for this person: the newest of it, live. Words over the socket may be lost,
 * so while something runs the list is asked for as well.
 */
import { createStore } from 'zustand/vanilla';
import { type ApiClient, hasEnded, type Job, later, readJob } from '@/services/api';
import { setTimer } from '@/services/sync';
import type { WebSocketService } from '@/services/websocket';

export const ASK_EVERY_MS = 5_000;
/** As many as the server lists. */
const SHOWN_MAX = 20;

export interface JobsView {
  /** Newest first; null before the first answer. */
  readonly items: readonly Job[] | null;
}

export class Jobs {
  readonly store = createStore<JobsView>(() => ({ items: null }));
  readonly #api: ApiClient;
  readonly #service: Pick<WebSocketService, 'on'>;
  #off = () => {};
  #cancel = () => {};

  constructor(api: ApiClient, service: Pick<WebSocketService, 'on'>) {
    this.#api = api;
    this.#service = service;
  }

  start(): void {
    this.#off = this.#service.on('job_update', (data: unknown) => this.#hear(data));
    void this.load();
  }

  stop(): void {
    this.#off();
    this.#cancel();
  }

  /** No answer is no news: the next asking may have one. */
  async load(): Promise<void> {
    this.#cancel();
    try {
      const { data } = await this.#api.request({ method: 'GET', path: '/api/jobs' });
      const { items } = data as { items: unknown[] };
      const listed = items.map(readJob).filter((job): job is Job => job !== null);
      this.#show(listed.reduce(withJob, this.store.getState().items ?? []));
    } catch {
      this.#askLater();
    }
  }

  async cancel(id: number): Promise<void> {
    try {
      this.#hear((await this.#api.request({ method: 'DELETE', path: `/api/jobs/${id}` })).data);
    } catch {
      await this.load();
    }
  }

  #hear(data: unknown): void {
    const job = readJob(data);
    if (job !== null) this.#show(withJob(this.store.getState().items ?? [], job));
  }

  #show(items: readonly Job[]): void {
    this.store.setState({ items });
    if (items.some((job) => !hasEnded(job))) this.#askLater();
  }

  #askLater(): void {
    this.#cancel();
    this.#cancel = setTimer(() => void this.load(), ASK_EVERY_MS);
  }
}

export function withJob(items: readonly Job[], word: Job): readonly Job[] {
  const known = items.find((job) => job.id === word.id);
  const job = known ? later(known, word) : word;
  const rest = items.filter((one) => one.id !== word.id);
  return [...rest, job].sort((one, other) => other.id - one.id).slice(0, SHOWN_MAX);
}
