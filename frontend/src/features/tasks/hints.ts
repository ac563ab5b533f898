/**
 * Unnumbered words about tasks, as anybody may publish them in Redis. They are shown and nothing
 * more: the next numbered word about the task, or a snapshot, overrules them.
 */
import type { Frame } from '@/services/websocket';
import { readFields, readId, readTask } from './task';
import type { Hint, TasksState } from './tasksState';

const HINT_TYPES = new Set(['task_created', 'task_update', 'task_deleted']);

export function isHint(frame: Frame): boolean {
  return frame.seq === undefined && HINT_TYPES.has(frame.type);
}

export function forgetHint(state: TasksState, id: number): TasksState {
  if (!state.hints.has(id)) return state;
  const hints = new Map(state.hints);
  hints.delete(id);
  return { ...state, hints };
}

export function applyHint(state: TasksState, frame: Frame): TasksState {
  if (!isHint(frame) || typeof frame.data !== 'object' || frame.data === null) return state;
  const data = frame.data as Record<string, unknown>;
  const id = readId(frame.type === 'task_deleted' ? data['task_id'] : data['id']);
  if (id === null) return state;
  const hint = toHint(state, frame.type, id, data);
  return hint === null ? state : { ...state, hints: new Map(state.hints).set(id, hint) };
}

function toHint(
  state: TasksState,
  type: string,
  id: number,
  data: Record<string, unknown>,
): Hint | null {
  const known = state.hints.get(id);
  const isHeld = state.entries.get(id)?.task != null;
  if (type === 'task_deleted') return isHeld || known ? { kind: 'deleted' } : null;
  if (!isHeld && known?.kind !== 'created') {
    const task = type === 'task_created' ? readTask(data) : null;
    return task === null ? null : { kind: 'created', task };
  }
  const changes = readFields(data);
  if (known?.kind === 'created') return { kind: 'created', task: { ...known.task, ...changes } };
  const before = known?.kind === 'changed' ? known.changes : {};
  return { kind: 'changed', changes: { ...before, ...changes } };
}
