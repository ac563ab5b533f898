import fc from 'fast-check';
import { expect, it } from 'vitest';
import { backoffMs, CAP_MS } from './backoff';

it('doubles what it may wait, up to the cap', () => {
  const ceilings = [0, 1, 2, 3, 4, 5, 6, 7, 1_000].map((attempt) => backoffMs(attempt, 1));
  expect(ceilings).toEqual([500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
});

it('may not wait at all: the jitter is full', () => {
  expect(backoffMs(9, 0)).toBe(0);
});

it('stays within its bounds, whatever the dice say', () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
      const waitMs = backoffMs(attempt, random);
      expect(waitMs).toBeGreaterThanOrEqual(0);
      expect(waitMs).toBeLessThanOrEqual(CAP_MS);
    }),
  );
});
