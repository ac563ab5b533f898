import { type RefObject, useEffect, useRef } from 'react';
import { focusRow } from './listFocus';
import type { ListContents } from './useListItems';

/**
 * A row that vanishes takes the focus with it, and a keyboard without focus is lost. So the row
 * that now stands in its place takes over, if the list had the focus at all.
 */
export function useFocusRescue(
  scroller: RefObject<HTMLElement | null>,
  items: ListContents['items'],
  nameOf: ListContents['nameOf'],
  currentIndex: number,
): void {
  const hadFocus = useRef(false);
  const lastIndex = useRef(currentIndex);

  useEffect(() => {
    const note = (event: Event) => {
      hadFocus.current = scroller.current?.contains(event.target as Node) ?? false;
    };
    document.addEventListener('focusin', note);
    document.addEventListener('pointerdown', note);
    return () => {
      document.removeEventListener('focusin', note);
      document.removeEventListener('pointerdown', note);
    };
  }, [scroller]);

  useEffect(() => {
    const isLost = hadFocus.current && document.activeElement === document.body;
    const heir = isLost ? nearestTask(items, lastIndex.current) : null;
    if (heir !== null) focusRow(nameOf(heir));
    else lastIndex.current = currentIndex;
  }, [items, nameOf, currentIndex]);
}

function nearestTask(items: ListContents['items'], index: number): number | null {
  const after = items.slice(Math.max(0, index)).find((item) => item.kind === 'task');
  const before = items.slice(0, Math.max(0, index)).findLast((item) => item.kind === 'task');
  const heir = after ?? before;
  return heir?.kind === 'task' ? heir.task.id : null;
}
