import { type RefObject, useEffect } from 'react';
import type { Touch } from './tasksState';

const TINT_MS = 1_100;
const TINT = 'var(--tint)';

/** A change from elsewhere: a soft tint for about a second, also on a row that is just arriving. */
export function useTint(row: RefObject<HTMLElement | null>, touch: Touch | undefined): void {
  useEffect(() => {
    if (!touch || Date.now() - touch.atMs > TINT_MS) return;
    const animation = row.current?.animate?.(
      [{ backgroundColor: TINT }, { backgroundColor: TINT, offset: 0.35 }, {}],
      { duration: TINT_MS, easing: 'ease-out' },
    );
    return () => animation?.cancel();
  }, [touch, row]);
}
