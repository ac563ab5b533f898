import { useMemo } from 'react';
import { type Shortcuts, useShortcuts } from '@/ui/shortcuts';
import { useCommands } from './commands';
import { useTasks } from './context';
import { beginEditing, focusRow } from './listFocus';
import { navigate } from './route';
import type { Priority, Task } from './task';
import type { ListContents } from './useListItems';

interface ListKeys extends ListContents {
  readonly currentIndex: number;
  readonly scrollTo: (index: number) => void;
}

export const DUE_FIELD_ID = 'detail-due';

export function useListKeys({ items, nameOf, currentIndex, scrollTo }: ListKeys): void {
  const tasks = useTasks();
  const commands = useCommands();

  const shortcuts = useMemo((): Shortcuts => {
    const item = items[currentIndex];
    const task = item?.kind === 'task' ? item.task : null;
    const move = (by: 1 | -1) => {
      const index = isInList() ? nextTask(items, currentIndex, by) : currentIndex;
      const target = items[index];
      if (target?.kind !== 'task') return;
      scrollTo(index);
      focusRow(nameOf(target.task.id));
    };
    const onTask = (act: (task: Task) => void) => () => task && act(task);
    const setPriority = (priority: Priority) => onTask(({ id }) => tasks.change(id, { priority }));
    const open = onTask(({ id }) => navigate({ taskId: id }));
    const openDue = onTask(({ id }) => {
      navigate({ taskId: id });
      requestAnimationFrame(() => document.getElementById(DUE_FIELD_ID)?.focus());
    });
    return {
      KeyJ: () => move(1),
      KeyK: () => move(-1),
      ArrowDown: () => move(1),
      ArrowUp: () => move(-1),
      KeyE: onTask((one) => beginEditing(one, nameOf(one.id))),
      KeyX: onTask(commands.toggleCompleted),
      KeyD: openDue,
      Delete: onTask(commands.remove),
      Digit1: setPriority(3),
      Digit2: setPriority(2),
      Digit3: setPriority(1),
      Digit4: setPriority(0),
      Enter: open,
      Space: onTask(commands.toggleCompleted),
    };
  }, [items, nameOf, currentIndex, scrollTo, tasks, commands]);

  useShortcuts(shortcuts);
}

function nextTask(items: ListContents['items'], from: number, by: 1 | -1): number {
  let index = from + by;
  while (items[index]?.kind === 'heading') index += by;
  return index;
}

function isInList(): boolean {
  return document.activeElement?.closest('.list') != null;
}
