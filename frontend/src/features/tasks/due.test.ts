import { describe, expect, it } from 'vitest';
import {
  addDays,
  dayLabel,
  dayOf,
  dueDay,
  dueFrom,
  dueTime,
  isOverdue,
  nextWeek,
  noonOf,
} from './due';

const WORDS = { today: 'Today', tomorrow: 'Tomorrow', yesterday: 'Yesterday' };
const TUESDAY = '2026-03-03';

describe('a day and a time', () => {
  it('come back as they went', () => {
    const due = dueFrom(TUESDAY, '09:30');
    expect([dueDay(due), dueTime(due), due.due_on]).toEqual([TUESDAY, '09:30', null]);
    expect(due.due_at).toMatch(/^2026-03-0\dT\d\d:30:00Z$/);
  });

  it('without a time are a day as such', () => {
    expect(dueFrom(TUESDAY, null)).toEqual({ due_at: null, due_on: TUESDAY });
  });

  it.each([
    [null, '09:30'],
    ['', null],
    ['2026-99-99', null],
  ])('of %j and %j are nothing', (day, time) => {
    expect(dueFrom(day, time)).toEqual({ due_at: null, due_on: null });
  });

  it('survive the change of the clocks', () => {
    const days = Array.from({ length: 366 }, (_, index) => addDays('2026-01-01', index));
    expect(new Set(days).size).toBe(366);
    expect(days.at(-1)).toBe('2027-01-01');
    expect(dayOf(noonOf('2026-03-27'))).toBe('2026-03-27');
  });
});

describe('overdue', () => {
  const now = new Date('2026-03-03T10:00:00');

  it.each([
    [{ due_on: '2026-03-02', due_at: null }, true],
    [{ due_on: '2026-03-03', due_at: null }, false],
    [{ due_on: null, due_at: new Date('2026-03-03T09:59:00').toISOString() }, true],
    [{ due_on: null, due_at: new Date('2026-03-03T10:01:00').toISOString() }, false],
    [{ due_on: null, due_at: null }, false],
  ])('%j is %s', (due, isLate) => {
    expect(isOverdue(due, now)).toBe(isLate);
  });
});

describe('the next week', () => {
  it.each([
    ['en-GB', '2026-03-09'],
    ['he', '2026-03-08'],
  ])('begins in %s on %s', (language, day) => {
    expect(nextWeek(TUESDAY, language)).toBe(day);
  });

  it('is never today', () => {
    expect(nextWeek('2026-03-08', 'he')).toBe('2026-03-15');
  });
});

describe('the name of a day', () => {
  it.each([
    ['2026-03-02', 'Yesterday'],
    ['2026-03-03', 'Today'],
    ['2026-03-04', 'Tomorrow'],
    ['2026-03-06', 'Friday'],
    ['2026-03-09', 'Monday'],
    ['2026-03-10', '10 Mar'],
    ['2026-02-27', '27 Feb'],
    ['2027-03-03', '3 Mar 2027'],
  ])('%s is %s', (day, name) => {
    expect(dayLabel(day, TUESDAY, 'en-GB', WORDS)).toBe(name);
  });
});
