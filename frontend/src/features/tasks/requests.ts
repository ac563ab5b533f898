/**
 * What the tasks ask of the server, and what they make of its answers.
 */
import { type ApiClient, ApiError, type HttpAnswer, type HttpRequest } from '@/services/api';
import { parseCursor } from '@/services/websocket';
import type { Edit } from './edit';
import { readTask, type Task } from './task';
import type { TasksEvent } from './tasksState';

export type Snapshot = Extract<TasksEvent, { name: 'snapshot' }>;
export type EditAnswer = Omit<Extract<TasksEvent, { name: 'answered' }>, 'name' | 'key'>;

export async function fetchSnapshot(api: ApiClient): Promise<Snapshot> {
  const { data } = await api.request({ method: 'GET', path: '/api/tasks' });
  const body = data as { items: unknown[]; epoch: string; seq: number };
  const items = body.items.map(readTask).filter((task): task is Task => task !== null);
  return { name: 'snapshot', items, epoch: body.epoch, seq: body.seq };
}

export async function sendEdit(api: ApiClient, edit: Edit): Promise<EditAnswer> {
  const headers = { 'Idempotency-Key': edit.key, ...toCondition(edit) };
  const answer = await api.request({ ...toRequest(edit), headers });
  return { task: readTask(answer.data), position: readPosition(answer) };
}

function toRequest(edit: Edit): HttpRequest {
  const path = `/api/tasks/${edit.id}`;
  switch (edit.kind) {
    case 'create':
      return { method: 'POST', path: '/api/tasks', body: edit.fields };
    case 'change':
      return { method: 'PATCH', path, body: edit.changes };
    case 'delete':
      return { method: 'DELETE', path };
    case 'restore':
      return { method: 'POST', path: `${path}/restore` };
  }
}

/**
 * Every change names the version it was made upon, not only one that waited: a slow line, a sleeping
 * tab and a hurried colleague all make an old screen, and there is no telling them apart. It costs
 * nothing while nobody else is at the same task. A delete names none: it loses nothing, the task is
 * kept for 30 days with all its values.
 */
function toCondition(edit: Edit): Record<string, string> {
  const version = edit.kind === 'change' ? edit.seen.version : 0;
  return version === 0 ? {} : { 'If-Match': `"${version}"` };
}

/** What the refusal of an edit means for it; what is no conflict is simply taken back. */
export function readRefusal(edit: Edit, error: unknown): TasksEvent {
  const { key } = edit;
  if (edit.kind !== 'change' || !(error instanceof ApiError)) return { name: 'refused', key };
  if (error.status === 404) return { name: 'gone', key };
  const current = error.status === 412 ? readCurrent(error.body) : null;
  // The same version again would be refused again, for ever.
  if (current === null || current.version === edit.seen.version) return { name: 'refused', key };
  return { name: 'stale', key, current };
}

function readCurrent(body: unknown): Task | null {
  return typeof body === 'object' && body !== null && 'current' in body
    ? readTask(body.current)
    : null;
}

function readPosition(answer: HttpAnswer) {
  return answer.position === null ? null : parseCursor(answer.position);
}
