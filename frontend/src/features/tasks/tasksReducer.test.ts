import { describe, expect, it } from 'vitest';
import type { Frame } from '@/services/websocket';
import { aTask, changed, created, deleted, holding, updated } from '../../../test/taskSamples';
import { shownTasks } from './shown';
import { reduceTasks } from './tasksReducer';
import { NO_TASKS, type TasksEvent, type TasksState } from './tasksState';

const frames = (...heard: Frame[]): TasksEvent => ({ name: 'frames', frames: heard, nowMs: 1 });
const at = (seq: number) => ({ epoch: 'e1', seq });
const fold = (state: TasksState, ...events: TasksEvent[]) => events.reduce(reduceTasks, state);
const titles = (state: TasksState) => [...shownTasks(state).values()].map((task) => task.title);

describe('numbered frames', () => {
  it('are applied in order', () => {
    const news = updated(11, aTask(1, { title: 'new', version: 2 }));
    const state = fold(holding(aTask(1), aTask(2)), frames(news, deleted(12, 2)));
    expect([titles(state), state.seq]).toEqual([['new'], 12]);
  });

  it('change nothing the second time', () => {
    const news = updated(11, aTask(1, { title: 'new', version: 2 }));
    const once = fold(holding(aTask(1)), frames(news));
    expect(fold(once, frames(news))).toBe(once);
  });

  it('of types that nobody here knows still count', () => {
    const state = fold(holding(), frames({ type: 'dance', seq: 11, data: 7 }));
    expect([state.seq, state.wantsSnapshot]).toEqual([11, false]);
  });

  it('with a hole before them call for a snapshot and wait for it', () => {
    const late = updated(12, aTask(1, { title: 'late', version: 3 }));
    const torn = fold(holding(aTask(1)), frames(late));
    expect([titles(torn), torn.wantsSnapshot]).toEqual([['task 1'], true]);
    const items = [aTask(1, { title: 'middle', version: 2 })];
    const mended = fold(torn, { name: 'snapshot', items, epoch: 'e1', seq: 11 });
    expect([titles(mended), mended.seq, mended.wantsSnapshot]).toEqual([['late'], 12, false]);
  });

  it('of others leave a mark for the tint, and our own echo does not', () => {
    const edit = changed('k', 1, { title: 'mine' });
    const echo = updated(11, aTask(1, { title: 'mine', version: 2 }), 'k');
    const other = updated(12, aTask(2, { title: 'theirs', version: 2 }), 'foreign');
    const state = fold(holding(aTask(1), aTask(2)), { name: 'edited', edit }, frames(echo, other));
    expect([...state.touches.keys()]).toEqual([2]);
  });

  it('that one edit of ours has made are all ours, however its answer comes', () => {
    const edit = changed('k', 1, { is_completed: true });
    const done = aTask(1, { is_completed: true, version: 2 });
    const both = frames(updated(11, done, 'k'), created(12, aTask(2), 'k'));
    const answer = { name: 'answered', key: 'k', task: done, position: at(12) } as const;
    const begun = fold(holding(aTask(1)), { name: 'edited', edit });
    for (const state of [fold(begun, both, answer), fold(begun, answer, both)]) {
      expect([state.entries.size, state.touches.size]).toEqual([2, 0]);
    }
  });
});

describe('an edit', () => {
  const edit = changed('k', 1, { title: 'mine' });
  const mine = aTask(1, { title: 'mine', version: 2 });
  const begun = fold(holding(aTask(1)), { name: 'edited', edit });

  it('shows at once', () => {
    expect(titles(begun)).toEqual(['mine']);
  });

  it('is confirmed by its answer, and the echo changes nothing more', () => {
    const answered = fold(begun, { name: 'answered', key: 'k', task: mine, position: at(11) });
    expect([titles(answered), answered.edits]).toEqual([['mine'], []]);
    const echoed = fold(answered, frames(updated(11, mine, 'k')));
    expect([titles(echoed), echoed.touches.size]).toEqual([['mine'], 0]);
  });

  it('is confirmed by its echo, and the answer changes nothing more', () => {
    const echoed = fold(begun, frames(updated(11, mine, 'k')));
    expect([titles(echoed), echoed.edits]).toEqual([['mine'], []]);
    const answer = { name: 'answered', key: 'k', task: mine, position: at(11) } as const;
    expect(fold(echoed, answer)).toBe(echoed);
  });

  it('that is refused shows the truth again', () => {
    expect(titles(fold(begun, { name: 'refused', key: 'k' }))).toEqual(['task 1']);
  });

  it('stays over what others do to the same field, and lets their other fields through', () => {
    const theirs = aTask(1, { title: 'theirs', priority: 3, version: 2 });
    const state = fold(begun, frames(updated(11, theirs)));
    expect(shownTasks(state).get(1)).toMatchObject({ title: 'mine', priority: 3 });
  });

  it('never goes back to an older version when frames come after its answer', () => {
    const answer = { ...mine, version: 3 };
    const state = fold(
      begun,
      { name: 'answered', key: 'k', task: answer, position: at(12) },
      frames(updated(11, aTask(1, { title: 'theirs', version: 2 }))),
    );
    expect(titles(state)).toEqual(['mine']);
  });
});

describe('a new task', () => {
  const create = {
    kind: 'create',
    key: 'k',
    id: -1,
    fields: { title: 'milk' },
    createdAt: '2026-03-01T08:00:00Z',
  } as const;
  const begun = fold(holding(), { name: 'edited', edit: create });
  const real = aTask(57, { title: 'milk' });

  it('shows at once under a temporary id', () => {
    expect(shownTasks(begun).get(-1)).toMatchObject({ title: 'milk', is_completed: false });
  });

  it.each([
    ['its echo', frames(created(11, real, 'k'))],
    ['its answer', { name: 'answered', key: 'k', task: real, position: at(11) }],
  ] as [string, TasksEvent][])('takes its real id from %s, with all that waits', (_from, event) => {
    const state = fold(begun, { name: 'edited', edit: changed('k2', -1, { priority: 2 }) }, event);
    expect([...shownTasks(state).keys()]).toEqual([57]);
    expect(state.edits).toMatchObject([{ key: 'k2', id: 57, changes: { priority: 2 } }]);
    expect(state.adopted.get(-1)).toBe(57);
  });

  it('that is refused takes with it what was built upon it', () => {
    const state = fold(
      begun,
      { name: 'edited', edit: changed('k2', -1, { priority: 2 }) },
      { name: 'refused', key: 'k' },
    );
    expect([titles(state), state.edits]).toEqual([[], []]);
  });
});

describe('a delete', () => {
  const begun = fold(holding(aTask(1)), {
    name: 'edited',
    edit: { kind: 'delete', key: 'k', id: 1 },
  });
  const gone = fold(begun, { name: 'answered', key: 'k', task: null, position: at(11) });

  it('hides the task at once and keeps it hidden after the answer', () => {
    expect([titles(begun), titles(gone)]).toEqual([[], []]);
  });

  it('is not undone by an older frame or a late answer', () => {
    const late = aTask(1, { title: 'late', version: 2 });
    const ghost = { name: 'answered', key: 'x', task: late, position: at(10) } as const;
    expect(titles(fold(gone, ghost))).toEqual([]);
  });

  it('is undone by a restore, which shows at once and comes as created', () => {
    const task = aTask(1, { version: 3 });
    const restore = { kind: 'restore', key: 'r', id: 1, task: aTask(1) } as const;
    const back = fold(gone, { name: 'edited', edit: restore });
    expect(titles(back)).toEqual(['task 1']);
    const state = fold(back, frames(deleted(11, 1, 'k'), created(12, task, 'r')));
    expect([titles(state), state.edits]).toEqual([['task 1'], []]);
  });
});

describe('a snapshot', () => {
  it('does not untell what an answer has already told', () => {
    const newer = aTask(1, { title: 'newer', version: 2 });
    const learned = fold(holding(aTask(1)), {
      name: 'answered',
      key: 'x',
      task: newer,
      position: at(12),
    });
    const snapshot = { name: 'snapshot', items: [aTask(1)], epoch: 'e1', seq: 11 } as const;
    expect(titles(fold(learned, { name: 'reset', reason: 'retention' }, snapshot))).toEqual([
      'newer',
    ]);
  });

  it.each([
    ['rewind', 'e1'],
    ['epoch', 'e2'],
  ])('after a %s replaces everything, also what looks newer', (reason, epoch) => {
    const state = fold(
      holding(aTask(1, { version: 9 }), aTask(2)),
      { name: 'reset', reason },
      { name: 'snapshot', items: [aTask(1, { title: 'restored' })], epoch, seq: 3 },
    );
    expect([titles(state), state.seq]).toEqual([['restored'], 3]);
  });

  it('is the ground for the frames that came before it', () => {
    const early = [updated(11, aTask(1, { title: 'b', version: 2 })), deleted(12, 2)];
    const state = fold(NO_TASKS, frames(...early), {
      name: 'snapshot',
      items: [aTask(1), aTask(2)],
      epoch: 'e1',
      seq: 10,
    });
    expect([titles(state), state.seq, state.early]).toEqual([['b'], 12, []]);
  });

  it('keeps the edits that nobody has confirmed', () => {
    const state = fold(
      holding(aTask(1)),
      { name: 'edited', edit: changed('k', 1, { title: 'mine' }) },
      { name: 'reset', reason: 'retention' },
      { name: 'snapshot', items: [aTask(1)], epoch: 'e1', seq: 20 },
    );
    expect(titles(state)).toEqual(['mine']);
  });
});

describe('words without a number', () => {
  const foreign = { type: 'task_update', data: { id: 1, title: 'x' } };

  it('are shown, and move no cursor', () => {
    const state = fold(holding(aTask(1)), frames(foreign));
    expect([titles(state), state.seq]).toEqual([['x'], 10]);
    expect(state.entries.get(1)?.task?.title).toBe('task 1');
  });

  it('merge with one another', () => {
    const more = { type: 'task_update', data: { id: 1, priority: 3 } };
    const state = fold(holding(aTask(1)), frames(foreign, more));
    expect(shownTasks(state).get(1)).toMatchObject({ title: 'x', priority: 3 });
  });

  it.each([
    ['the next numbered word', frames(updated(11, aTask(1, { title: 'true', version: 2 })))],
    [
      'an answer',
      {
        name: 'answered',
        key: 'k',
        task: aTask(1, { title: 'true', version: 2 }),
        position: at(11),
      },
    ],
    [
      'a snapshot',
      { name: 'snapshot', items: [aTask(1, { title: 'true' })], epoch: 'e1', seq: 10 },
    ],
  ] as [string, TasksEvent][])('are overruled by %s', (_by, event) => {
    expect(titles(fold(holding(aTask(1)), frames(foreign), event))).toEqual(['true']);
  });

  it('create and delete only what is seen', () => {
    const hint = { type: 'task_created', data: { id: 9, title: 'hinted' } };
    const seen = fold(holding(aTask(1)), frames(hint));
    expect(titles(seen)).toEqual(['task 1', 'hinted']);
    const gone = fold(seen, frames({ type: 'task_deleted', data: { task_id: 1 } }));
    expect(titles(gone)).toEqual(['hinted']);
    expect(gone.entries.size).toBe(1);
  });

  it.each([
    null,
    7,
    'x',
    [],
    {},
    { id: 'one', title: 'x' },
    { id: 1, title: 7, priority: 9, is_completed: 'yes', due_on: {} },
    { id: 404, title: 'unknown' },
  ])('that are nonsense change nothing shown: %j', (data) => {
    const state = fold(holding(aTask(1)), frames({ type: 'task_update', data }));
    expect([...shownTasks(state).values()]).toEqual([aTask(1)]);
  });
});
