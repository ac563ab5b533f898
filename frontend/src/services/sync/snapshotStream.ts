/**
 * Joins the snapshot to the stream: first the list and its place, then the socket from that place
 * on. When the server says `reset`, or the fold has missed something, the list is taken again.
 *
 * What the items are, and which of the unnumbered words matter, is their feature's affair.
 */
import { SignInRequired } from '@/services/api';
import type { Frame, ResetData, TokenSource, WebSocketService } from '@/services/websocket';
import { ConnectionRefused } from '@/services/websocket';

/** A crowd of frames (an import) is folded and drawn twenty times a second, not for each. */
export const BATCH_MS = 50;
const RETRY_MS_MIN = 1_000;
const RETRY_MS_MAX = 30_000;

export interface Place {
  readonly epoch: string | null;
  /** The last number applied; null before the first snapshot. */
  readonly seq: number | null;
  readonly wantsSnapshot: boolean;
}

export type StreamEvent<Snapshot> =
  | Snapshot
  | { readonly name: 'frames'; readonly frames: readonly Frame[]; readonly nowMs: number }
  | { readonly name: 'reset'; readonly reason: string };

export interface StreamWorld<Snapshot> {
  readonly service: Pick<WebSocketService, 'connect' | 'disconnect' | 'on' | 'status'>;
  readonly token: TokenSource;
  fetchSnapshot(): Promise<Snapshot>;
  dispatch(event: StreamEvent<Snapshot>): void;
  getState(): Place;
  nowMs(): number;
  setTimer(run: () => void, delayMs: number): () => void;
  /** The list could not be had, and will be asked for again. */
  failed(error: unknown): void;
}

export class SnapshotStream<Snapshot> {
  readonly #path: string;
  /** Words of this type count although they have no number. */
  readonly #hintPrefix: string | null;
  readonly #world: StreamWorld<Snapshot>;
  readonly #offs: (() => void)[] = [];
  #batch: Frame[] = [];
  #batchOpensMs = 0;
  #cancelBatch: (() => void) | null = null;
  #cancelRetry: (() => void) | null = null;
  #isFetching = false;
  #failures = 0;
  #isStopped = false;

  constructor(path: string, hintPrefix: string | null, world: StreamWorld<Snapshot>) {
    this.#path = path;
    this.#hintPrefix = hintPrefix;
    this.#world = world;
  }

  start(): void {
    const { service } = this.#world;
    this.#isStopped = false;
    this.#offs.push(
      service.on('*', (_data, frame, path) => {
        if (path === this.#path && this.#counts(frame)) this.#hear(frame);
      }),
      service.on('reset', (data: ResetData, _frame, path) => {
        if (path === this.#path) this.#reset(data);
      }),
    );
    this.retry();
  }

  stop(): void {
    this.#isStopped = true;
    for (const off of this.#offs.splice(0)) off();
    this.#cancelBatch?.();
    this.#cancelRetry?.();
    this.#cancelBatch = null;
    this.#cancelRetry = null;
    // What was heard and not yet folded is heard again: whoever starts anew asks from the state on.
    this.#batch = [];
    this.#world.service.disconnect(this.#path);
  }

  /** A reason to believe that now it works: signed in again, the line is back. */
  retry(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    if (this.#world.getState().wantsSnapshot) void this.#fetch();
    else this.#connect();
  }

  #reset(data: ResetData): void {
    this.#flush();
    this.#world.dispatch({ name: 'reset', reason: data.reason });
    void this.#fetch();
  }

  /** A lone frame is shown at once; only what comes close behind another one waits. */
  #hear(frame: Frame): void {
    this.#batch.push(frame);
    if (this.#cancelBatch !== null) return;
    const waitMs = this.#batchOpensMs - this.#world.nowMs();
    if (waitMs <= 0) this.#flush();
    else this.#cancelBatch = this.#world.setTimer(() => this.#flush(), waitMs);
  }

  #flush(): void {
    this.#cancelBatch?.();
    this.#cancelBatch = null;
    if (this.#batch.length === 0) return;
    const frames = this.#batch;
    this.#batch = [];
    const nowMs = this.#world.nowMs();
    this.#batchOpensMs = nowMs + BATCH_MS;
    this.#world.dispatch({ name: 'frames', frames, nowMs });
    if (this.#world.getState().wantsSnapshot) this.#fetchLater(RETRY_MS_MIN);
  }

  async #fetch(): Promise<void> {
    if (this.#isFetching || this.#isStopped) return;
    this.#isFetching = true;
    try {
      const snapshot = await this.#world.fetchSnapshot();
      if (!this.#isStopped) this.#take(snapshot);
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#isFetching = false;
    }
  }

  #take(snapshot: Snapshot): void {
    this.#failures = 0;
    this.#world.dispatch(snapshot);
    this.#connect();
    // A list that was older than the frames already heard: ask again, but not in a hurry.
    if (this.#world.getState().wantsSnapshot) this.#fetchLater(RETRY_MS_MIN);
  }

  #connect(): void {
    const { epoch, seq } = this.#world.getState();
    if (epoch === null || seq === null || this.#isStopped) return;
    this.#world.service
      .connect(this.#world.token, this.#path, { since: { epoch, seq } })
      .catch((error: unknown) => {
        // The indicator says what was refused and why; there is nothing else to do here.
        if (!(error instanceof ConnectionRefused)) throw error;
      });
  }

  #fail(error: unknown): void {
    if (this.#isStopped) return;
    this.#world.failed(error);
    if (error instanceof SignInRequired) return;
    this.#failures += 1;
    this.#fetchLater(Math.min(RETRY_MS_MAX, RETRY_MS_MIN * 2 ** Math.min(this.#failures, 5)));
  }

  #fetchLater(delayMs: number): void {
    this.#cancelRetry ??= this.#world.setTimer(() => {
      this.#cancelRetry = null;
      void this.#fetch();
    }, delayMs);
  }

  /** Every number counts, whatever it is about. */
  #counts(frame: Frame): boolean {
    if (frame.seq !== undefined) return true;
    return this.#hintPrefix !== null && frame.type.startsWith(this.#hintPrefix);
  }
}
