import { describe, expect, it } from 'vitest';
import { inUnits, isReminders, REMINDERS_MAX, type Reminder, toggled, unusual } from './reminders';

const at: Reminder = { at: '2026-03-01T08:00:00Z' };
const earlier = (minutes: number): Reminder => ({ minutes_before: minutes });

describe('reminders', () => {
  it('come and go by one press each', () => {
    expect(toggled([], earlier(10))).toEqual([earlier(10)]);
    expect(toggled([earlier(10), at], earlier(10))).toEqual([at]);
  });

  it('know the same moment however it is written', () => {
    expect(toggled([at], { at: '2026-03-01T08:00:00.000+00:00' })).toEqual([]);
  });

  it('have a bound', () => {
    const full = Array.from({ length: REMINDERS_MAX }, (_, index) => earlier(index + 1));
    expect(toggled(full, at)).toBe(full);
    expect(toggled(full, earlier(1))).toHaveLength(REMINDERS_MAX - 1);
  });

  it('that have no chip of their own are listed', () => {
    expect(unusual([earlier(0), earlier(45), at])).toEqual([earlier(45), at]);
  });

  it.each([
    [[], true],
    [[at, earlier(0)], true],
    [[{ minutes_before: -1 }], false],
    [[{ minutes_before: 1.5 }], false],
    [[{ at: 'tomorrow' }], false],
    [[null], false],
    ['often', false],
  ])('%j from others: %s', (value, isGood) => {
    expect(isReminders(value)).toBe(isGood);
  });

  it.each([
    [0, 'minute', 0],
    [90, 'minute', 90],
    [120, 'hour', 2],
    [2_880, 'day', 2],
  ])('%i minutes are counted in %ss', (minutes, unit, count) => {
    expect(inUnits(minutes)).toEqual({ unit, count });
  });
});
