/**
 * How long to wait before trying again: full jitter, so that ten thousand pages which lost the
 * same server do not come back in the same instant.
 *
 *   attempt 0: 0 … 0.5 s   1: 0 … 1 s   2: 0 … 2 s   …   from 6 on: 0 … 30 s
 */
export const BASE_MS = 500;
export const CAP_MS = 30_000;
/** A connection that lived this long was a good one, and the counting starts anew. */
export const SETTLED_AFTER_MS = 10_000;

/** `random` is in [0, 1). */
export function backoffMs(attempt: number, random: number): number {
  const ceiling = Math.min(CAP_MS, BASE_MS * 2 ** Math.min(attempt, 30));
  return Math.round(random * ceiling);
}
