/**
 * Writes the list down in quiet moments: some seconds after it changed, never more often than a
 * twentieth of the time that writing takes, and once more when the page is hidden.
 */
import type { SnapshotStore, StoredTasks } from './snapshotStore';
import type { TasksState } from './tasksState';

export const WRITE_EVERY_MS = 5_000;
const REST_PER_WORK = 20;

export interface KeeperWorld {
  readonly store: SnapshotStore;
  getState(): TasksState;
  nowMs(): number;
  setTimer(run: () => void, delayMs: number): () => void;
  /** Runs when the browser has nothing better to do. */
  whenQuiet(run: () => void): void;
}

export class SnapshotKeeper {
  readonly #world: KeeperWorld;
  #kept: TasksState['entries'] | null = null;
  #cancel: (() => void) | null = null;
  #restMs = WRITE_EVERY_MS;
  #work: Promise<void> = Promise.resolve();
  #isStopped = false;

  constructor(world: KeeperWorld) {
    this.#world = world;
  }

  /** The state may be another one than before. */
  look(): void {
    if (this.#isStopped || this.#cancel !== null || !this.#isNew()) return;
    this.#cancel = this.#world.setTimer(() => {
      this.#cancel = null;
      this.#world.whenQuiet(() => this.write());
    }, this.#restMs);
  }

  write(): void {
    if (this.#isStopped || !this.#isNew()) return;
    const { entries } = this.#world.getState();
    const stored = storable(this.#world.getState());
    if (stored === null) return;
    this.#kept = entries;
    this.#queue(() => this.#world.store.save(stored));
  }

  /** The server has gone back in time: a number that is stored may now mean something else. */
  forget(): void {
    this.#kept = null;
    this.#queue(() => this.#world.store.forget());
  }

  /** What is on the screen came from the store: no need to write it again. */
  isKept(): void {
    this.#kept = this.#world.getState().entries;
  }

  stop(): void {
    this.#cancel?.();
    this.#isStopped = true;
  }

  #isNew(): boolean {
    const { entries, wantsSnapshot } = this.#world.getState();
    return !wantsSnapshot && entries !== this.#kept;
  }

  #queue(job: () => Promise<void>): void {
    const beganMs = this.#world.nowMs();
    const done = () => {
      const tookMs = this.#world.nowMs() - beganMs;
      this.#restMs = Math.max(WRITE_EVERY_MS, tookMs * REST_PER_WORK);
      this.look();
    };
    // Where nothing is kept the next start takes the list from the server: nothing to be said.
    this.#work = this.#work.then(() => (this.#isStopped ? undefined : job())).then(done, () => {});
  }
}

function storable({ epoch, seq, entries }: TasksState): StoredTasks | null {
  if (epoch === null || seq === null) return null;
  const items = [...entries.values()].flatMap(({ task }) => (task === null ? [] : [task]));
  return { epoch, seq, items };
}
