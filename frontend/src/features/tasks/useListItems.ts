import { useDeferredValue, useMemo } from 'react';
import { useStore } from 'zustand';
import { useTasksView } from './context';
import { dayOf } from './due';
import { listFocus } from './listFocus';
import type { Route } from './route';
import { type ListItem, listItems } from './views';

export interface ListContents {
  readonly items: readonly ListItem[];
  readonly nameOf: (id: number) => number;
}

export function useListItems(route: Route, now: Date): ListContents {
  const shown = useTasksView((view) => view.shown);
  const nameOf = useNames();
  const pinned = useStore(listFocus, (focus) => focus.editing);
  const search = useDeferredValue(route.search);
  const today = dayOf(now);
  const { view } = route;
  const items = useMemo(
    () => listItems(shown.values(), { view, search, today, pinned, nameOf }),
    [shown, view, search, today, pinned, nameOf],
  );
  return { items, nameOf };
}

/** A task's lasting name is its first id, so that a row survives being named by the server. */
export function useNames(): (id: number) => number {
  const adopted = useTasksView((view) => view.state.adopted);
  return useMemo(() => {
    const names = new Map([...adopted].map(([temporary, id]) => [id, temporary]));
    return (id) => names.get(id) ?? id;
  }, [adopted]);
}
