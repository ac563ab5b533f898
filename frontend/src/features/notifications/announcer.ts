/**
 * Toasts for what arrives while somebody looks: the first at once, whatever follows close behind
 * it as one sentence. What came while nobody looked waits until somebody does.
 */
import type { Notification } from './notification';

export const WINDOW_MS = 2_000;

export interface AnnouncerWorld {
  isWatched(): boolean;
  isUnread(id: number): boolean;
  /** Returns the name under which it can be taken away again. */
  show(items: readonly Notification[]): number;
  dismiss(toast: number): void;
  setTimer(run: () => void, delayMs: number): () => void;
}

export class Announcer {
  readonly #world: AnnouncerWorld;
  readonly #toasts = new Map<number, readonly Notification[]>();
  #waiting: Notification[] = [];
  #cancel: (() => void) | null = null;

  constructor(world: AnnouncerWorld) {
    this.#world = world;
  }

  arrived(items: readonly Notification[]): void {
    this.#waiting.push(...items);
    if (this.#cancel === null) this.#announce();
  }

  /** Somebody looks again. */
  looked(): void {
    if (this.#cancel === null) this.#announce();
  }

  /** Read here or elsewhere: a toast that has nothing unread left to say goes. */
  settle(): void {
    for (const [toast, items] of this.#toasts) {
      if (items.some((item) => this.#world.isUnread(item.id))) continue;
      this.#toasts.delete(toast);
      this.#world.dismiss(toast);
    }
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#waiting = [];
  }

  #announce(): void {
    this.#cancel = null;
    if (!this.#world.isWatched()) return;
    const items = this.#waiting.filter((item) => this.#world.isUnread(item.id));
    this.#waiting = [];
    if (items.length === 0) return;
    this.#toasts.set(this.#world.show(items), items);
    this.#cancel = this.#world.setTimer(() => this.#announce(), WINDOW_MS);
  }
}
