import { useEffect, useRef } from 'react';
import { useTasks, useTasksView } from './context';
import { beginEditing } from './listFocus';

export const TITLE_DRAFT = 'title:';

/** A title that was being typed when the page was reloaded is open again, with what was typed. */
export function useReopenedTitle(): void {
  const tasks = useTasks();
  const isLoaded = useTasksView((view) => view.state.seq !== null);
  const isDone = useRef(false);
  useEffect(() => {
    if (!isLoaded || isDone.current) return;
    isDone.current = true;
    const name = tasks.drafts.names().find((one) => one.startsWith(TITLE_DRAFT));
    const task = tasks.get(Number(name?.slice(TITLE_DRAFT.length)));
    if (task) beginEditing(task, task.id);
  }, [tasks, isLoaded]);
}
