import { describe, expect, it } from 'vitest';
import { aTask } from '../../../test/taskSamples';
import type { Task } from './task';
import { countOpen, listItems, type ViewRequest } from './views';

const TODAY = '2026-03-03';
const request: ViewRequest = {
  view: 'inbox',
  search: '',
  today: TODAY,
  pinned: null,
  nameOf: (id) => id,
};

const TASKS = [
  aTask(1, { due_on: '2026-03-01' }),
  aTask(2, { due_on: TODAY, priority: 1 }),
  aTask(3, { due_on: TODAY, priority: 3 }),
  aTask(4, { due_at: '2026-03-05T09:00:00Z' }),
  aTask(5, { is_completed: true, due_on: TODAY }),
  aTask(6, { title: 'Crème brûlée', description: 'with שָׁלוֹם' }),
  aTask(-1, { title: 'not named yet' }),
];

function look(wish: Partial<ViewRequest>, tasks: Task[] = TASKS): (string | number)[] {
  return listItems(tasks, { ...request, ...wish }).map((item) =>
    item.kind === 'task' ? item.task.id : item.key,
  );
}

describe('the inbox', () => {
  it('has what is newest first and what is done last', () => {
    expect(look({})).toEqual([-1, 6, 4, 3, 2, 1, 'heading completed', 5]);
  });

  it('has no heading when nothing is done', () => {
    expect(look({}, TASKS.slice(0, 2))).toEqual([2, 1]);
  });
});

describe('today', () => {
  it('has what is late, then what is due, the most important first', () => {
    expect(look({ view: 'today' })).toEqual(['heading overdue', 1, 'heading 2026-03-03', 3, 2]);
  });

  it('needs no heading when nothing is late', () => {
    expect(look({ view: 'today' }, TASKS.slice(1))).toEqual([3, 2]);
  });
});

describe('upcoming', () => {
  it('goes day by day', () => {
    expect(look({ view: 'upcoming' })).toEqual([
      'heading overdue',
      1,
      'heading 2026-03-03',
      3,
      2,
      'heading 2026-03-05',
      4,
    ]);
  });
});

describe('a search', () => {
  it.each([
    ['creme', [6]],
    ['BRULEE creme', [6]],
    ['שלום', [6]],
    ['nothing like it', []],
    ['task', [4, 3, 2, 1, 5]],
  ])('for %j finds %j', (search, ids) => {
    expect(look({ search })).toEqual(ids);
  });

  it('of blanks is none', () => {
    expect(look({ search: '  ' })).toHaveLength(8);
  });
});

describe('a row that is being edited', () => {
  const pinned = aTask(3, { due_on: TODAY, priority: 3 });

  it('stays in its view when somebody completes it', () => {
    const tasks = TASKS.map((task) => (task.id === 3 ? { ...task, is_completed: true } : task));
    expect(look({ view: 'today', pinned }, tasks)).toContain(3);
    expect(look({ view: 'today' }, tasks)).not.toContain(3);
  });

  it('stays when somebody deletes it', () => {
    const tasks = TASKS.filter((task) => task.id !== 3);
    expect(look({ view: 'today', pinned }, tasks)).toContain(3);
  });

  it('stays one row when the server names it', () => {
    const nameOf = (id: number) => (id === 57 ? -1 : id);
    const rows = look({ pinned: aTask(-1), nameOf }, [aTask(57)]);
    expect(rows).toEqual([57]);
  });

  it('shows what others did to it, in the place it had', () => {
    const theirs = aTask(3, { title: 'theirs', priority: 1 });
    const items = listItems([aTask(2, { due_on: TODAY, priority: 2 }), theirs], {
      ...request,
      view: 'today',
      pinned,
    });
    expect(items).toMatchObject([{ task: theirs }, { task: { id: 2 } }]);
  });
});

it('counts what is open', () => {
  expect(countOpen(TASKS, 'inbox', TODAY)).toBe(6);
  expect(countOpen(TASKS, 'today', TODAY)).toBe(3);
});
