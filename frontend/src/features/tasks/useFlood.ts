import { useEffect, useRef } from 'react';

/** So many rows at once still glide to their places; more are no news that anybody could follow. */
const GLIDING_MAX = 5;

/**
 * Whether the list has just changed by more rows than an eye follows: an import, a first load. Every
 * row in sight would begin to glide with each batch and never arrive, painted all the time.
 */
export function useFlood(count: number): boolean {
  const before = useRef(count);
  useEffect(() => {
    before.current = count;
  }, [count]);
  return Math.abs(count - before.current) > GLIDING_MAX;
}
