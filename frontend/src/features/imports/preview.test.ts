import { describe, expect, it } from 'vitest';
import { guessFormat, readPreview, remapped } from './preview';

describe('the format of a file', () => {
  it.each([
    ['list.txt', 'milk', 'text'],
    ['notes.md', '', 'text'],
    ['tasks.CSV', 'title,due', 'csv'],
    ['Inbox.csv', 'TYPE,CONTENT,DESCRIPTION,PRIORITY', 'todoist'],
    ['Inbox.csv', '\uFEFF"TYPE","CONTENT"', 'todoist'],
    ['calendar.ics', 'BEGIN:VCALENDAR', 'ics'],
    ['taskwire.json', '{', 'taskwire'],
  ])('%s, beginning with %j, is %s', (name, line, format) => {
    expect(guessFormat(name, line)).toBe(format);
  });
});

describe('columns', () => {
  const mapping = { title: 'Name', due: 'When' };

  it('are given to one field each', () => {
    expect(remapped(mapping, 'title', 'When')).toEqual({ title: 'When' });
    expect(remapped(mapping, 'priority', 'P')).toEqual({ ...mapping, priority: 'P' });
  });

  it('can be taken away', () => {
    expect(remapped(mapping, 'due', '')).toEqual({ title: 'Name' });
  });
});

it('a preview is read for what it is', () => {
  const answer = {
    total: 7,
    columns: ['Name', 3],
    mapping: { title: 'Name' },
    tasks: [{ title: 'milk', due_on: '2026-03-01', is_completed: true }, null],
    not_carried: ['labels'],
  };
  expect(readPreview(answer)).toEqual({
    total: 7,
    columns: ['Name'],
    mapping: { title: 'Name' },
    tasks: [
      { title: 'milk', due: '2026-03-01', isCompleted: true },
      { title: '', due: null, isCompleted: false },
    ],
    notCarried: ['labels'],
  });
  expect(readPreview(null)).toMatchObject({ total: 0, tasks: [] });
});
