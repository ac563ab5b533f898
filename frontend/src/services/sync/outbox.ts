/**
 * Sends what the person did, in order and each exactly once.
 *
 * The edits themselves live in a feature's state; the outbox only ever looks at the first one. No
 * answer means: wait and ask again under the same key. A plain no means: tell, and go on.
 */
import { ApiError, isPassing, SignInRequired } from '@/services/api';

const RETRY_BASE_MS = 500;
const RETRY_CAP_MS = 30_000;

/** What an edit is made of is its feature's affair; here it is a key under which it is sent. */
interface Keyed {
  readonly key: string;
}

export interface OutboxWorld<Edit extends Keyed, Answer> {
  edits(): readonly Edit[];
  send(edit: Edit): Promise<Answer>;
  answered(edit: Edit, answer: Answer): void;
  refused(edit: Edit, error: unknown): void;
  /** Nothing gets through at the moment, or it does again. */
  stuck(isStuck: boolean): void;
  random(): number;
  setTimer(run: () => void, delayMs: number): () => void;
}

export class Outbox<Edit extends Keyed, Answer> {
  readonly #world: OutboxWorld<Edit, Answer>;
  readonly #attempted = new Set<string>();
  #isSending = false;
  #failures = 0;
  #cancelRetry: (() => void) | null = null;

  constructor(world: OutboxWorld<Edit, Answer>) {
    this.#world = world;
  }

  /** There is something new, or a reason to believe that now it works. */
  kick(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = null;
    void this.#sendAll();
  }

  /** As kick(), but leaves a wait alone: a new edit does not make a server come back. */
  nudge(): void {
    if (this.#cancelRetry === null) this.kick();
  }

  stop(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = null;
  }

  /** True as long as the server cannot have heard of it: it may still be taken back unsaid. */
  isUnsaid(key: string): boolean {
    const isWaiting = this.#world.edits().some((edit) => edit.key === key);
    return isWaiting && !this.#attempted.has(key);
  }

  async #sendAll(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      for (let edit = this.#next(); edit; edit = this.#next()) {
        if (!(await this.#trySend(edit))) return;
      }
    } finally {
      this.#isSending = false;
    }
  }

  #next(): Edit | undefined {
    return this.#world.edits()[0];
  }

  /** False when the outbox has to wait. */
  async #trySend(edit: Edit): Promise<boolean> {
    this.#attempted.add(edit.key);
    try {
      const answer = await this.#world.send(edit);
      this.#getThrough(edit);
      this.#world.answered(edit, answer);
      return true;
    } catch (error) {
      return this.#fail(edit, error);
    }
  }

  #fail(edit: Edit, error: unknown): boolean {
    // Signing in again ends with a kick; until then nothing is worth a try.
    if (error instanceof SignInRequired) return false;
    if (!isPassing(error)) {
      this.#getThrough(edit);
      this.#world.refused(edit, error);
      return true;
    }
    this.#waitAndRetry(error);
    return false;
  }

  /** Even a no is a sign of life. */
  #getThrough(edit: Edit): void {
    this.#attempted.delete(edit.key);
    this.#failures = 0;
    this.#world.stuck(false);
  }

  #waitAndRetry(error: unknown): void {
    const asked = error instanceof ApiError ? (error.retryAfterMs ?? 0) : 0;
    const ceiling = Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** Math.min(this.#failures, 10));
    this.#failures += 1;
    this.#world.stuck(true);
    const delayMs = asked + Math.round(this.#world.random() * ceiling);
    this.#cancelRetry?.();
    this.#cancelRetry = this.#world.setTimer(() => this.kick(), delayMs);
  }
}
