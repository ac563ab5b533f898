import type { Edit } from '@/features/tasks/edit';
import { BLANK_FIELDS, type Task, type TaskChanges } from '@/features/tasks/task';
import { reduceTasks } from '@/features/tasks/tasksReducer';
import { NO_TASKS, type TasksState } from '@/features/tasks/tasksState';
import type { Frame } from '@/services/websocket';

export function aTask(id: number, fields: Partial<Task> = {}): Task {
  const at = '2026-03-01T08:00:00Z';
  const task = { ...BLANK_FIELDS, id, title: `task ${id}`, version: 1, created_at: at };
  return { ...task, updated_at: at, ...fields };
}

export function updated(seq: number, task: Task, op?: string): Frame {
  return { type: 'task_update', seq, data: task, ...(op ? { op } : {}) };
}

export function created(seq: number, task: Task, op?: string): Frame {
  return { type: 'task_created', seq, data: task, ...(op ? { op } : {}) };
}

export function deleted(seq: number, id: number, op?: string): Frame {
  return { type: 'task_deleted', seq, data: { task_id: id }, ...(op ? { op } : {}) };
}

export function changed(key: string, id: number, changes: TaskChanges): Edit {
  return { kind: 'change', key, id, changes, seen: aTask(id, { version: 1 }) };
}

/** What a page holds after its first snapshot, standing at 10. */
export function holding(...tasks: Task[]): TasksState {
  return reduceTasks(NO_TASKS, { name: 'snapshot', items: tasks, epoch: 'e1', seq: 10 });
}
