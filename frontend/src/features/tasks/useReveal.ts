import { useEffect } from 'react';
import { useStore } from 'zustand';
import { listFocus } from './listFocus';
import type { ListContents } from './useListItems';

/** What somebody has just added comes into their sight, wherever the list was scrolled to. */
export function useReveal(
  items: ListContents['items'],
  nameOf: ListContents['nameOf'],
  scrollTo: (index: number) => void,
): void {
  const reveal = useStore(listFocus, (focus) => focus.reveal);
  useEffect(() => {
    if (reveal === null) return;
    const isIt = (item: (typeof items)[number]) =>
      item.kind === 'task' && nameOf(item.task.id) === reveal;
    const index = items.findIndex(isIt);
    if (index < 0) return;
    listFocus.setState({ reveal: null });
    scrollTo(index);
  }, [reveal, items, nameOf, scrollTo]);
}
