/**
 * The promise itself: whatever the order in which echoes, answers, other people's edits and
 * snapshots arrive, the page ends with what the server holds, and never shows an older version
 * after a newer one.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aTask, created, deleted, updated } from '../../../test/taskSamples';
import type { Edit } from './edit';
import { shownTasks } from './shown';
import type { Task } from './task';
import { reduceTasks } from './tasksReducer';
import { NO_TASKS, type TasksEvent, type TasksState } from './tasksState';

const IDS = [1, 2, 3];

interface Deed {
  readonly isMine: boolean;
  readonly id: number;
  readonly title: string;
  readonly deletes: boolean;
  /** When its answer arrives, among the numbers of the frames. */
  readonly answeredAt: number;
  readonly repeatedAt: number;
}

const deed: fc.Arbitrary<Deed> = fc.record({
  isMine: fc.boolean(),
  id: fc.constantFrom(...IDS),
  title: fc.constantFrom('a', 'b', 'c'),
  deletes: fc.boolean(),
  answeredAt: fc.double({ min: 0, max: 25, noNaN: true }),
  repeatedAt: fc.double({ min: 0, max: 25, noNaN: true }),
});

interface Happening {
  readonly at: number;
  readonly event: TasksEvent;
}

/** The server: applies each deed, numbers it, and remembers what it held after each number. */
class Server {
  readonly tasks = new Map<number, Task>();
  readonly versions = new Map<number, number>();
  readonly happenings: Happening[] = [];
  readonly history: Task[][] = [];
  seq = 0;

  constructor() {
    for (const id of IDS.slice(0, 2)) this.tasks.set(id, aTask(id));
    this.remember();
  }

  remember(): void {
    this.history.push([...this.tasks.values()]);
  }

  does(done: Deed): void {
    this.seq += 1;
    const key = `key ${this.seq}`;
    const before = this.tasks.get(done.id);
    const version = (this.versions.get(done.id) ?? 1) + 1;
    this.versions.set(done.id, version);
    const task = done.deletes && before ? null : aTask(done.id, { title: done.title, version });
    if (task) this.tasks.set(done.id, task);
    else this.tasks.delete(done.id);
    this.remember();
    const frame = task
      ? (before ? updated : created)(this.seq, task, key)
      : deleted(this.seq, done.id, key);
    this.tells({ name: 'frames', frames: [frame], nowMs: 1 }, this.seq);
    this.tells({ name: 'frames', frames: [frame], nowMs: 1 }, this.seq + done.repeatedAt);
    if (done.isMine) this.answers(done, key, task, before);
  }

  answers(done: Deed, key: string, task: Task | null, before: Task | undefined): void {
    const position = { epoch: 'e1', seq: this.seq };
    this.tells({ name: 'answered', key, task, position }, done.answeredAt);
    const edit = editOf(done, key, before);
    this.tells({ name: 'edited', edit }, Math.min(this.seq, done.answeredAt) - 0.5);
  }

  tells(event: TasksEvent, at: number): void {
    this.happenings.push({ at, event });
  }

  inOrder(): TasksEvent[] {
    const sorted = this.happenings.toSorted((one, other) => one.at - other.at);
    return sorted.map(({ event }) => event);
  }
}

function editOf(done: Deed, key: string, before: Task | undefined): Edit {
  const { id, title } = done;
  if (!before) return { kind: 'restore', key, id, task: aTask(id, { title }) };
  if (done.deletes) return { kind: 'delete', key, id };
  return { kind: 'change', key, id, changes: { title }, seen: before };
}

function begin(server: Server): TasksState {
  const items = server.history[0] ?? [];
  return reduceTasks(NO_TASKS, { name: 'snapshot', items, epoch: 'e1', seq: 0 });
}

/** The fold, with an eye on every step. */
function watch(state: TasksState, events: readonly TasksEvent[]): TasksState {
  const newest = new Map<number, number>();
  return events.reduce((before, event) => {
    const after = reduceTasks(before, event);
    for (const [id, { task }] of after.entries) {
      if (!task) continue;
      expect(task.version).toBeGreaterThanOrEqual(newest.get(id) ?? 0);
      newest.set(id, task.version);
    }
    return after;
  }, state);
}

const byId = (tasks: Iterable<Task>) => [...tasks].sort((one, other) => one.id - other.id);

function expectTruth(state: TasksState, server: Server): void {
  expect(state.edits).toEqual([]);
  expect(state.seq).toBe(server.seq);
  expect(byId(shownTasks(state).values())).toEqual(byId(server.tasks.values()));
}

describe('any interleaving', () => {
  it('ends with what the server holds', () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 20 }), (deeds) => {
        const server = new Server();
        for (const done of deeds) server.does(done);
        expectTruth(watch(begin(server), server.inOrder()), server);
      }),
      { numRuns: 500 },
    );
  });

  it('ends there also with a reset in the middle and a snapshot that comes late', () => {
    const cut = fc.tuple(fc.nat(20), fc.nat(20), fc.double({ min: 0, max: 10, noNaN: true }));
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 20 }), cut, (deeds, [resetAt, ahead, late]) => {
        const server = new Server();
        for (const done of deeds) server.does(done);
        const seq = Math.min(server.seq, resetAt + ahead);
        const items = server.history[seq] ?? [];
        const startAt = Math.min(resetAt, server.seq) + 0.25;
        server.tells({ name: 'reset', reason: 'retention' }, startAt);
        server.tells({ name: 'snapshot', items, epoch: 'e1', seq }, startAt + late);
        expectTruth(watch(begin(server), server.inOrder()), server);
      }),
      { numRuns: 500 },
    );
  });

  it('of words without a number stores nothing', () => {
    const data = fc.record({ id: fc.constantFrom(...IDS), title: fc.string() });
    const type = fc.constantFrom('task_created', 'task_update');
    fc.assert(
      fc.property(fc.array(fc.record({ type, data })), (frames) => {
        const state = begin(new Server());
        const after = reduceTasks(state, { name: 'frames', frames, nowMs: 1 });
        expect([after.entries, after.seq]).toEqual([state.entries, state.seq]);
      }),
    );
  });
});
