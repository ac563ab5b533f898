/** What the notifications ask of the server, and what they make of its answers. */
import { type ApiClient, type HttpAnswer, newIdempotencyKey } from '@/services/api';
import { type Cursor, parseCursor } from '@/services/websocket';
import { type Notification, readNotification } from './notification';
import type { Mark, Snapshot } from './notificationsState';

export interface MarkAnswer {
  readonly position: Cursor | null;
  /** "Read all" reads so many at once; how many are left for the next time. */
  readonly left: number;
}

export async function fetchNotifications(api: ApiClient): Promise<Snapshot> {
  const { data } = await api.request({ method: 'GET', path: '/api/notifications' });
  const body = data as { items: unknown[]; epoch: string; seq: number; unread: number };
  const items = body.items.map(readNotification).filter((one): one is Notification => one !== null);
  return { name: 'snapshot', items, epoch: body.epoch, seq: body.seq, unread: body.unread };
}

export async function sendMark(api: ApiClient, mark: Mark): Promise<MarkAnswer> {
  const what = mark.kind === 'all' ? 'read-all' : `${mark.id}/read`;
  const headers = { 'Idempotency-Key': mark.key };
  const path = `/api/notifications/${what}`;
  return readAnswer(await api.request({ method: 'POST', path, headers }));
}

function readAnswer({ data, position }: HttpAnswer): MarkAnswer {
  const { read, unread } = (data ?? {}) as { read?: unknown; unread?: unknown };
  const hasHelped = typeof read === 'number' && read > 0;
  return {
    position: position === null ? null : parseCursor(position),
    left: hasHelped && typeof unread === 'number' ? unread : 0,
  };
}

export function markOne(id: number): Mark {
  return { kind: 'one', key: newIdempotencyKey(), id, until: null };
}

export function markAll(upTo: number): Mark {
  return { kind: 'all', key: newIdempotencyKey(), upTo, until: null };
}
