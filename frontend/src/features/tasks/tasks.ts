/**
 * The tasks of one person: state, what can be done to it, and the road to the server, put
 * together. Made anew for each person who signs in.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type ApiClient, newIdempotencyKey } from '@/services/api';
import type { TokenSource, WebSocketService } from '@/services/websocket';
import type { Edit } from './edit';
import { type EditStorage, memoryStorage } from './editStorage';
import { Outbox } from './outbox';
import { fetchSnapshot, sendEdit } from './requests';
import { shownTasks } from './shown';
import { changesBetween, type Task, type TaskChanges } from './task';
import { reduceTasks } from './tasksReducer';
import { NO_TASKS, type TasksEvent, type TasksState } from './tasksState';
import { TasksSync } from './tasksSync';

export interface TasksView {
  readonly state: TasksState;
  readonly shown: ReadonlyMap<number, Task>;
  /** Why the list is not there yet, if it is not. */
  readonly loadTrouble: unknown;
  /** Edits are waiting because the last try to send one got no answer. */
  readonly isSendingStuck: boolean;
}

export interface TasksWorld {
  readonly api: ApiClient;
  readonly service: WebSocketService;
  readonly token: TokenSource;
  readonly storage?: EditStorage;
  /** `task` is what the screen shows after the edit was taken back. */
  refused(edit: Edit, error: unknown, task: Task | undefined): void;
}

export class Tasks {
  readonly store: StoreApi<TasksView>;
  readonly #world: TasksWorld;
  readonly #storage: EditStorage;
  readonly #outbox: Outbox;
  readonly #sync: TasksSync;
  #lastTemporaryId = 0;

  constructor(world: TasksWorld) {
    this.#world = world;
    this.#storage = world.storage ?? memoryStorage();
    this.store = createStore<TasksView>(() => ({
      state: NO_TASKS,
      shown: new Map(),
      loadTrouble: null,
      isSendingStuck: false,
    }));
    this.#outbox = new Outbox(this.#outboxWorld());
    this.#sync = new TasksSync(this.#syncWorld());
  }

  start(): void {
    this.#sync.start();
  }

  stop(): void {
    this.#sync.stop();
    this.#outbox.stop();
  }

  /** The line is back, or somebody signed in again. */
  retry(): void {
    this.#sync.retry();
    this.#outbox.kick();
  }

  /** The line is proven to work: what waits may go. */
  sendWaiting(): void {
    this.#outbox.kick();
  }

  add(fields: TaskChanges & { readonly title: string }): number {
    this.#lastTemporaryId -= 1;
    const id = this.#lastTemporaryId;
    const createdAt = new Date().toISOString();
    this.#edit({ kind: 'create', key: newIdempotencyKey(), id, fields, createdAt });
    return id;
  }

  change(id: number, wanted: TaskChanges): void {
    const task = this.get(id);
    if (!task) return;
    const changes = changesBetween(task, wanted);
    const names = Object.keys(changes) as (keyof TaskChanges)[];
    if (names.length === 0) return;
    const before = Object.fromEntries(names.map((name) => [name, task[name]])) as TaskChanges;
    this.#edit({ kind: 'change', key: newIdempotencyKey(), id: task.id, changes, before });
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

  /** By either name: a task keeps answering to its temporary id. */
  get(id: number): Task | undefined {
    return this.store.getState().shown.get(this.resolve(id));
  }

  resolve(id: number): number {
    return this.store.getState().state.adopted.get(id) ?? id;
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
    if (next.edits !== state.edits) this.#storage.keep(next.edits);
    this.store.setState({ state: next, shown: shownTasks(next) });
  }

  #outboxWorld() {
    return {
      edits: () => this.store.getState().state.edits,
      send: (edit: Edit) => sendEdit(this.#world.api, edit),
      answered: (edit: Edit, answer: Awaited<ReturnType<typeof sendEdit>>) =>
        this.#dispatch({ name: 'answered', key: edit.key, ...answer }),
      refused: (edit: Edit, error: unknown) => {
        this.#dispatch({ name: 'refused', key: edit.key });
        this.#world.refused(edit, error, this.get(edit.id));
      },
      stuck: (isSendingStuck: boolean) => this.store.setState({ isSendingStuck }),
      random: () => Math.random(),
      setTimer,
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

function setTimer(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}
