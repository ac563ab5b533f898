import { describe, expect, it } from 'vitest';
import { aTask, changed, deleted, holding, updated } from '../../../test/taskSamples';
import { choose } from './choices';
import type { TaskChanges } from './task';
import { reduceTasks } from './tasksReducer';
import type { TasksEvent, TasksState } from './tasksState';

const fold = (state: TasksState, ...events: TasksEvent[]) => events.reduce(reduceTasks, state);
const edited = (key: string, changes: TaskChanges): TasksEvent => ({
  name: 'edited',
  edit: changed(key, 1, changes),
});
const stale = (key: string, fields: TaskChanges, version = 6): TasksEvent => ({
  name: 'stale',
  key,
  current: aTask(1, { ...fields, version }),
});
const waiting = (state: TasksState) =>
  state.edits.map((one) => (one.kind === 'change' ? [one.key, one.changes, one.seen.version] : []));
const begun = fold(holding(aTask(1)), edited('k', { title: 'mine' }));

describe('an edit upon a version that is gone', () => {
  it('goes again on the new one, under another key, when others changed other fields', () => {
    const state = fold(begun, stale('k', { priority: 3 }));
    expect([waiting(state), state.held]).toEqual([[['k~6', { title: 'mine' }, 6]], []]);
    expect(waiting(fold(state, stale('k~6', { priority: 2 }, 9)))).toEqual([
      ['k~9', { title: 'mine' }, 9],
    ]);
  });

  it('is done when it says what is there already', () => {
    const state = fold(begun, stale('k', { title: 'mine' }));
    expect([state.edits, state.held]).toEqual([[], []]);
  });

  it('is held with both values when the same field was changed', () => {
    const state = fold(begun, stale('k', { title: 'theirs' }));
    expect(state.edits).toEqual([]);
    expect(state.held).toMatchObject([
      { key: 'k#title', changes: { title: 'mine' }, theirs: { title: 'theirs' } },
    ]);
  });

  it('is parted: what is free goes on, what is not waits', () => {
    const both = fold(holding(aTask(1)), edited('k', { title: 'mine', priority: 1 }));
    const state = fold(both, stale('k', { title: 'theirs' }));
    expect(waiting(state)).toEqual([['k~6', { priority: 1 }, 6]]);
    expect(state.held).toMatchObject([{ changes: { title: 'mine' } }]);
  });

  it('asks once about a field, with one’s own latest word', () => {
    const twice = fold(begun, edited('k2', { title: 'mine, later' }));
    const theirs = { title: 'theirs' };
    const state = fold(twice, stale('k', theirs), stale('k2', theirs));
    expect(state.held).toMatchObject([{ changes: { title: 'mine, later' } }]);
  });

  it('takes a day and a time of day for one thing', () => {
    const dated = fold(holding(aTask(1)), edited('k', { due_on: '2026-03-04' }));
    const state = fold(dated, stale('k', { due_at: '2026-03-05T08:00:00Z' }));
    expect(state.held).toMatchObject([{ group: 'due' }]);
  });
});

describe('edits in a row', () => {
  it('follow each other without asking, whoever confirms the first', () => {
    const two = fold(begun, edited('k2', { priority: 1 }));
    const mine = aTask(1, { title: 'mine', version: 2 });
    const position = { epoch: 'e1', seq: 11 };
    const byAnswer = fold(two, { name: 'answered', key: 'k', task: mine, position });
    const byEcho = fold(two, { name: 'frames', frames: [updated(11, mine, 'k')], nowMs: 1 });
    expect(waiting(byAnswer)).toEqual([['k2', { priority: 1 }, 2]]);
    expect(waiting(byEcho)).toEqual(waiting(byAnswer));
  });
});

describe('a held edit', () => {
  const held = fold(begun, stale('k', { title: 'theirs' }));

  it('is over when both came to want the same', () => {
    const news = updated(11, aTask(1, { title: 'mine', version: 7 }));
    expect(fold(held, { name: 'frames', frames: [news], nowMs: 1 }).held).toEqual([]);
  });

  it('makes the person’s own value an edit upon what stands there now', () => {
    const news = updated(11, aTask(1, { title: 'theirs, later', version: 7 }));
    const state = fold(held, { name: 'frames', frames: [news], nowMs: 1 });
    expect(choose(state, 'k#title', 'mine')).toMatchObject([
      { kind: 'change', id: 1, changes: { title: 'mine' }, seen: { version: 7 } },
    ]);
  });

  it('leaves the other value, once chosen, as it is', () => {
    expect(choose(held, 'k#title', 'theirs')).toEqual([]);
    expect(fold(held, { name: 'chosen', key: 'k#title', edits: [] }).held).toEqual([]);
  });
});

describe('an edit of a task that is gone', () => {
  const gone = fold(
    begun,
    edited('k2', { priority: 1 }),
    { name: 'frames', frames: [deleted(11, 1)], nowMs: 1 },
    { name: 'gone', key: 'k' },
    { name: 'gone', key: 'k2' },
  );

  it('is held, and all edits of the task with it', () => {
    expect(gone.edits).toEqual([]);
    expect(gone.held).toMatchObject([
      { kind: 'gone', changes: { title: 'mine', priority: 1 }, seen: { title: 'task 1' } },
    ]);
  });

  it('can be brought back with the edit', () => {
    expect(choose(gone, 'k', 'mine')).toMatchObject([
      { kind: 'restore', id: 1 },
      { kind: 'change', id: 1, changes: { title: 'mine', priority: 1 }, seen: { version: 1 } },
    ]);
  });
});
