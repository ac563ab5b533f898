import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatCursor, judge, parseCursor } from './cursor';

describe('judging a number', () => {
  it.each([
    [127, 'old'],
    [128, 'old'],
    [129, 'next'],
    [130, 'gap'],
  ] as const)('%i after 128 is %s', (seq, verdict) => {
    expect(judge({ epoch: 'e', seq: 128 }, seq)).toBe(verdict);
  });
});

describe('a cursor as text', () => {
  it('comes back as it went, also when the epoch has dots', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(), (epoch, seq) => {
        expect(parseCursor(formatCursor({ epoch, seq }))).toEqual({ epoch, seq });
      }),
    );
  });

  it.each(['', '128', '.128', 'epoch', 'epoch.', 'epoch.-1', 'epoch.1e3'])('is not %j', (text) => {
    expect(parseCursor(text)).toBeNull();
  });
});
