/**
 * What the screen shows: the server's truth, then hints, then what the person did.
 *
 * A task that neither hint nor edit touches stays the same object, so its row is not drawn again.
 */
import type { Edit } from './edit';
import { BLANK_FIELDS, type Task } from './task';
import type { Hint, TasksState } from './tasksState';

export function shownTasks(state: TasksState): ReadonlyMap<number, Task> {
  const shown = new Map<number, Task>();
  for (const [id, entry] of state.entries) {
    if (entry.task !== null) shown.set(id, entry.task);
  }
  for (const [id, hint] of state.hints) showHint(shown, id, hint);
  for (const edit of state.edits) showEdit(shown, edit);
  return shown;
}

function showHint(shown: Map<number, Task>, id: number, hint: Hint): void {
  const task = shown.get(id);
  if (hint.kind === 'deleted') shown.delete(id);
  else if (hint.kind === 'created') shown.set(id, hint.task);
  else if (task) shown.set(id, { ...task, ...hint.changes });
}

function showEdit(shown: Map<number, Task>, edit: Edit): void {
  const task = shown.get(edit.id);
  switch (edit.kind) {
    case 'create':
      shown.set(edit.id, newTask(edit));
      return;
    case 'change':
      if (task) shown.set(edit.id, { ...task, ...edit.changes });
      return;
    case 'delete':
      shown.delete(edit.id);
      return;
    case 'restore':
      if (!task) shown.set(edit.id, edit.task);
  }
}

function newTask(edit: Extract<Edit, { kind: 'create' }>): Task {
  return {
    ...BLANK_FIELDS,
    ...edit.fields,
    id: edit.id,
    version: 0,
    created_at: edit.createdAt,
    updated_at: edit.createdAt,
  };
}
