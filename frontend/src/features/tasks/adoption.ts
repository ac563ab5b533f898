/**
 * Takes in what was kept: before a reload, or by a tab that is gone. It is older than anything
 * done here, so it goes first.
 */
import type { Edit } from './edit';
import type { Kept } from './editStorage';
import type { Held } from './held';
import type { TasksState } from './tasksState';

export function adoptKept(state: TasksState, items: readonly Kept[]): TasksState {
  const known = new Set([...state.edits, ...state.held].map((one) => one.key));
  const fresh = items.filter((item) => !known.has(item.key));
  if (fresh.length === 0) return state;
  const renamed = renameTemporary(state, fresh);
  return {
    ...state,
    edits: [...renamed.filter(isEdit), ...state.edits],
    held: [...renamed.filter((item) => !isEdit(item)), ...state.held] as readonly Held[],
  };
}

export function isEdit(item: Kept): item is Edit {
  return item.kind !== 'conflict' && item.kind !== 'gone';
}

const KINDS: readonly unknown[] = ['create', 'change', 'delete', 'restore', 'conflict', 'gone'];

/** What is read from disk may be of another day and another version of this page. */
export function isKept(item: unknown): item is Kept {
  if (typeof item !== 'object' || item === null) return false;
  const { kind, key, id } = item as Record<string, unknown>;
  return KINDS.includes(kind) && typeof key === 'string' && Number.isSafeInteger(id);
}

/** Each tab counts its new tasks down from zero: two of them may have used the same number. */
function renameTemporary(state: TasksState, items: readonly Kept[]): readonly Kept[] {
  const taken = new Set([...state.edits.map((edit) => edit.id), ...state.adopted.keys()]);
  const clashes = items.filter((item) => item.kind === 'create' && taken.has(item.id));
  let lowest = Math.min(0, ...taken, ...items.map((item) => item.id));
  const names = new Map<number, number>();
  for (const { id } of clashes) {
    lowest -= 1;
    names.set(id, lowest);
  }
  return items.map((item) => ({ ...item, id: names.get(item.id) ?? item.id }));
}
