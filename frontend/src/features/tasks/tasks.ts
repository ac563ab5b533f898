/**
 * The tasks of one person: state, what can be done to it, and the road to the server, put
 * together. Made anew for each person who signs in.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { newIdempotencyKey } from '@/services/api';
import { atMost, Outbox, setTimer, whenQuiet } from '@/services/sync';
import { type Choice, choose } from './choices';
import { type Drafts, noDrafts } from './drafts';
import { type Edit, seenNow } from './edit';
import { type EditStorage, type Kept, memoryStorage } from './editStorage';
import { type EditAnswer, fetchSnapshot, readRefusal, sendEdit } from './requests';
import { shownTasks } from './shown';
import { SnapshotKeeper } from './snapshotKeeper';
import { noSnapshots, type SnapshotStore } from './snapshotStore';
import { changesBetween, type Task, type TaskChanges } from './task';
import { reduceTasks } from './tasksReducer';
import { NO_TASKS, type TasksEvent } from './tasksState';
import { TasksSync } from './tasksSync';
import type { TasksView, TasksWorld } from './tasksView';

/** How long the page waits for what the browser has kept. */
const PATIENCE_MS = 1_000;

export class Tasks {
  readonly store: StoreApi<TasksView>;
  readonly drafts: Drafts;
  readonly #world: TasksWorld;
  readonly #storage: EditStorage;
  readonly #outbox: Outbox<Edit, EditAnswer>;
  readonly #sync: TasksSync;
  readonly #snapshots: SnapshotStore;
  readonly #keeper: SnapshotKeeper;
  #lastTemporaryId = 0;
  #isOpen = false;
  #isStopped = false;

  constructor(world: TasksWorld) {
    this.#world = world;
    this.drafts = world.drafts ?? noDrafts();
    this.#storage = world.storage ?? memoryStorage();
    this.#snapshots = world.snapshots ?? noSnapshots();
    this.store = createStore<TasksView>(() => ({
      state: NO_TASKS,
      shown: new Map(),
      loadTrouble: null,
      isSendingStuck: false,
      isKept: false,
    }));
    this.#outbox = new Outbox(this.#outboxWorld());
    this.#sync = new TasksSync(this.#syncWorld());
    this.#keeper = new SnapshotKeeper(this.#keeperWorld());
  }

  start(): void {
    this.#storage.watch((isKept) => this.store.setState({ isKept }));
    void this.#open();
  }

  /** What was kept is on the screen before the server is asked for anything. */
  async #open(): Promise<void> {
    await this.#recall();
    if (this.#isStopped) return;
    this.#isOpen = true;
    this.#sync.start();
    this.#outbox.kick();
  }

  stop(): void {
    this.#isStopped = true;
    this.#keeper.stop();
    this.#storage.close();
    this.#sync.stop();
    this.#outbox.stop();
  }

  /** The page is hidden, and may never be seen again: a last moment to write things down. */
  rest(): void {
    this.#keeper.write();
  }

  /** The line is back, or somebody signed in again. */
  retry(): void {
    if (!this.#isOpen) return;
    this.#sync.retry();
    this.#outbox.kick();
  }

  /** The line is proven to work: what waits may go. */
  sendWaiting(): void {
    void this.#adopt();
    this.#outbox.kick();
  }

  add(fields: TaskChanges & { readonly title: string }): number {
    const id = this.#nextTemporaryId();
    const createdAt = new Date().toISOString();
    this.#edit({ kind: 'create', key: newIdempotencyKey(), id, fields, createdAt });
    return id;
  }

  change(id: number, wanted: TaskChanges): void {
    const task = this.get(id);
    if (!task) return;
    const changes = changesBetween(task, wanted);
    if (Object.keys(changes).length === 0) return;
    const seen = seenNow(task, this.store.getState().state.edits);
    this.#edit({ kind: 'change', key: newIdempotencyKey(), id: task.id, changes, seen });
  }

  /** Returns the way back. */
  remove(id: number): () => void {
    const task = this.get(id);
    if (!task) return () => {};
    const key = newIdempotencyKey();
    this.#edit({ kind: 'delete', key, id: task.id });
    return () => this.#undoRemove(key, task);
  }

  /** Brings back a task that was deleted, here or elsewhere. */
  restore(task: Task): void {
    this.#edit({ kind: 'restore', key: newIdempotencyKey(), id: this.resolve(task.id), task });
  }

  /** One click on a conflict, or on an edit whose task is gone. */
  choose(key: string, choice: Choice): void {
    const edits = choose(this.store.getState().state, key, choice);
    this.#dispatch({ name: 'chosen', key, edits });
    this.#outbox.nudge();
  }

  /** By either name: a task keeps answering to its temporary id. */
  get(id: number): Task | undefined {
    return this.store.getState().shown.get(this.resolve(id));
  }

  resolve(id: number): number {
    return this.store.getState().state.adopted.get(id) ?? id;
  }

  async #recall(): Promise<void> {
    const stored = this.#snapshots.load().then((found) => {
      // Too late is the same as never: the server has been asked by now.
      if (found === null || this.#isOpen || this.#isStopped) return;
      this.#dispatch({ name: 'snapshot', ...found });
      this.#keeper.isKept();
    });
    const recalled = Promise.allSettled([stored, this.#adopt()]);
    await atMost(PATIENCE_MS, recalled);
  }

  async #adopt(): Promise<void> {
    await this.#storage.adopt((items: readonly Kept[]) => {
      if (this.#isStopped) return;
      this.#dispatch({ name: 'adopted', items });
      if (this.#isOpen) this.#outbox.nudge();
    });
  }

  /** Below all that is waiting, also what was kept from before. */
  #nextTemporaryId(): number {
    const waiting = this.store.getState().state.edits.map((edit) => edit.id);
    this.#lastTemporaryId = Math.min(this.#lastTemporaryId, ...waiting) - 1;
    return this.#lastTemporaryId;
  }

  #undoRemove(key: string, task: Task): void {
    if (this.#outbox.isUnsaid(key)) this.#dispatch({ name: 'refused', key });
    else this.restore({ ...task, id: this.resolve(task.id) });
  }

  #edit(edit: Edit): void {
    this.#dispatch({ name: 'edited', edit });
    this.#outbox.nudge();
  }

  #dispatch(event: TasksEvent): void {
    const { state } = this.store.getState();
    const next = reduceTasks(state, event);
    if (next === state) return;
    if (next.edits !== state.edits || next.held !== state.held) {
      this.#storage.keep([...next.held, ...next.edits]);
    }
    this.store.setState({ state: next, shown: shownTasks(next) });
    if (event.name === 'reset') this.#keeper.forget();
    else this.#keeper.look();
  }

  #outboxWorld() {
    return {
      edits: () => this.store.getState().state.edits,
      send: (edit: Edit) => sendEdit(this.#world.api, edit),
      answered: (edit: Edit, answer: EditAnswer) =>
        this.#dispatch({ name: 'answered', key: edit.key, ...answer }),
      refused: (edit: Edit, error: unknown) => {
        const refusal = readRefusal(edit, error);
        this.#dispatch(refusal);
        if (refusal.name === 'refused') this.#world.refused(edit, error, this.get(edit.id));
      },
      stuck: (isSendingStuck: boolean) => this.store.setState({ isSendingStuck }),
      random: () => Math.random(),
      setTimer,
    };
  }

  #keeperWorld() {
    return {
      store: this.#snapshots,
      getState: () => this.store.getState().state,
      nowMs: () => Date.now(),
      setTimer,
      whenQuiet,
    };
  }

  #syncWorld() {
    return {
      service: this.#world.service,
      token: this.#world.token,
      fetchSnapshot: async () => {
        const snapshot = await fetchSnapshot(this.#world.api);
        this.store.setState({ loadTrouble: null });
        return snapshot;
      },
      dispatch: (event: TasksEvent) => this.#dispatch(event),
      getState: () => this.store.getState().state,
      nowMs: () => Date.now(),
      setTimer,
      failed: (error: unknown) => this.store.setState({ loadTrouble: error }),
    };
  }
}
