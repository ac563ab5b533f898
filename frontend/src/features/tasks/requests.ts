/**
 * What the tasks ask of the server, and what they make of its answers.
 */
import type { ApiClient, HttpAnswer, HttpRequest } from '@/services/api';
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
  const request = toRequest(edit);
  const headers = { 'Idempotency-Key': edit.key };
  const answer = await api.request({ ...request, headers });
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

function readPosition(answer: HttpAnswer) {
  return answer.position === null ? null : parseCursor(answer.position);
}
