import { expect, it } from 'vitest';
import { relativeTime } from './relativeTime';

const NOW = new Date(2026, 2, 12, 9, 0);

it.each([
  [new Date(2026, 2, 12, 8, 59, 40), 'now'],
  [new Date(2026, 2, 12, 9, 5), 'now'],
  [new Date(2026, 2, 12, 8, 59), '1 minute ago'],
  [new Date(2026, 2, 12, 8, 18), '42 minutes ago'],
  [new Date(2026, 2, 12, 6, 0), '3 hours ago'],
  [new Date(2026, 2, 11, 22, 0), 'yesterday'],
  [new Date(2026, 2, 9, 9, 0), '3 days ago'],
  [new Date(2026, 1, 1, 9, 0), '1 Feb 2026'],
  [new Date('nonsense'), ''],
])('%s is said as %s', (moment, words) => {
  expect(relativeTime(moment, NOW, 'en-GB')).toBe(words);
});

it('just after midnight an hour ago is an hour ago and not yesterday', () => {
  const midnight = new Date(2026, 2, 12, 0, 30);
  expect(relativeTime(new Date(2026, 2, 11, 23, 10), midnight, 'en-GB')).toBe('1 hour ago');
});

it('speaks Hebrew', () => {
  expect(relativeTime(new Date(2026, 2, 12, 8, 58), NOW, 'he-IL')).toBe('לפני 2 דקות');
});
