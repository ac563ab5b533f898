/**
 * The end of an edit: confirmed by its answer or its echo, whichever is first, or refused.
 */
import type { Edit } from './edit';
import type { TasksState } from './tasksState';

/** `id` is the task's real id, which for a create is news. */
export function confirm(state: TasksState, key: string, id: number): TasksState {
  const edit = state.edits.find((one) => one.key === key);
  if (!edit) return state;
  const rest = state.edits.filter((one) => one !== edit);
  if (edit.kind !== 'create' || edit.id === id) return { ...state, edits: rest };
  return {
    ...state,
    edits: rest.map((one) => rename(one, edit.id, id)),
    adopted: new Map(state.adopted).set(edit.id, id),
  };
}

/** What was built upon a refused create has nothing left to stand on. */
export function refuse(state: TasksState, key: string): TasksState {
  const edit = state.edits.find((one) => one.key === key);
  if (!edit) return state;
  const isLost = (one: Edit) => one === edit || (edit.kind === 'create' && one.id === edit.id);
  return { ...state, edits: state.edits.filter((one) => !isLost(one)) };
}

function rename(edit: Edit, from: number, to: number): Edit {
  return edit.id === from ? { ...edit, id: to } : edit;
}
