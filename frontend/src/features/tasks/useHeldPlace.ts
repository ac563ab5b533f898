import { type RefObject, useEffect, useLayoutEffect, useRef } from 'react';
import type { ListItem } from './views';

/**
 * Somebody who has scrolled is reading. What arrives or vanishes above them must not move what is
 * before their eyes, so the list is scrolled along with it. At the very top, news push in.
 */
export function useHeldPlace(
  scroller: RefObject<HTMLElement | null>,
  items: readonly ListItem[],
  rowPx: number,
  /** As the list last told it: asking the element would have it laid out on the spot. */
  scrolledPx: number,
): void {
  const before = useRef(items);

  useLayoutEffect(() => {
    const list = scroller.current;
    const old = before.current;
    before.current = items;
    if (!list || old === items || scrolledPx === 0) return;
    const moved = rowsMoved(old, items, Math.ceil(scrolledPx / rowPx));
    if (moved === 0) return;
    list.dataset['held'] = '';
    list.scrollTop += moved * rowPx;
  }, [items, rowPx, scrolledPx, scroller]);

  useEffect(() => {
    const list = scroller.current;
    if (list?.dataset['held'] === undefined || items.length === 0) return;
    const frame = requestAnimationFrame(() => delete list.dataset['held']);
    return () => cancelAnimationFrame(frame);
  }, [items, scroller]);
}

/** By how many rows the first row in sight that is still there has moved. */
export function rowsMoved(
  old: readonly ListItem[],
  items: readonly ListItem[],
  firstInSight: number,
): number {
  const places = new Map(items.map((item, index) => [item.key, index]));
  for (let index = firstInSight; index < old.length; index += 1) {
    const place = places.get(old[index]?.key ?? '');
    if (place !== undefined) return place - index;
  }
  return 0;
}
