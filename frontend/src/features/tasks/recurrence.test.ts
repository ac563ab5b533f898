import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  formatRule,
  LAST_DAY,
  parseRule,
  type Rule,
  sayableRule,
  UNITS,
  WEEKDAYS,
  weekdayOf,
} from './recurrence';
import { weekInOrder, workdays } from './workweek';

const rule: fc.Arbitrary<Rule> = fc
  .record({
    unit: fc.constantFrom(...UNITS),
    interval: fc.integer({ min: 1, max: 1_000 }),
    weekdays: fc.subarray([...WEEKDAYS]),
    dayOfMonth: fc.option(fc.constantFrom(1, 12, 31, LAST_DAY)),
    kept: fc.constantFrom([], ['COUNT=3'], ['UNTIL=20270101']),
  })
  .map((one) => ({
    ...one,
    weekdays: one.unit === 'WEEKLY' ? one.weekdays : [],
    dayOfMonth: one.unit === 'MONTHLY' ? one.dayOfMonth : null,
  }));

describe('a rule', () => {
  it('that is written is read as it was', () => {
    const check = fc.property(rule, (one) => {
      expect(sayableRule(formatRule(one))).toEqual(one);
    });
    fc.assert(check);
  });

  it.each([
    ['FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH', 'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH'],
    ['FREQ=WEEKLY;BYDAY=FR,MO;INTERVAL=1', 'FREQ=WEEKLY;BYDAY=MO,FR'],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', 'FREQ=MONTHLY;BYMONTHDAY=-1'],
    ['FREQ=DAILY;COUNT=5', 'FREQ=DAILY;COUNT=5'],
  ])('%s is said, and written as %s', (text, written) => {
    const read = sayableRule(text);
    expect(read === null ? null : formatRule(read)).toBe(written);
  });

  it.each([
    'FREQ=MONTHLY;BYDAY=2TU',
    'FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1',
    'FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29',
    'FREQ=DAILY;BYDAY=MO',
    'FREQ=MONTHLY;BYMONTHDAY=1,15',
    'FREQ=HOURLY',
    'FREQ=DAILY;INTERVAL=0',
    'nonsense',
    '',
  ])('%s is one that the page does not pretend to know', (text) => {
    expect(sayableRule(text)).toBeNull();
  });

  it('keeps what it only passes on', () => {
    expect(parseRule('FREQ=DAILY;UNTIL=20270101')?.kept).toEqual(['UNTIL=20270101']);
  });
});

describe('the week', () => {
  it.each([
    ['en-GB', ['MO', 'TU', 'WE', 'TH', 'FR']],
    ['he-IL', ['SU', 'MO', 'TU', 'WE', 'TH']],
    ['en-IL', ['SU', 'MO', 'TU', 'WE', 'TH']],
  ])('of work in %s is %j', (language, days) => {
    expect(workdays(language)).toEqual(days);
  });

  it.each([
    ['en-GB', 'MO'],
    ['en-US', 'SU'],
    ['he-IL', 'SU'],
  ])('in %s begins on %s', (language, first) => {
    expect([weekInOrder(language)[0], weekInOrder(language).length]).toEqual([first, 7]);
  });

  it('of a date is named as RRULE names it', () => {
    expect(weekdayOf(new Date(2026, 2, 3, 12))).toBe('TU');
  });
});
