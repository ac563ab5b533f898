import type { Notification } from '@/features/notifications/notification';
import type { Frame } from '@/services/websocket';

export function aNotification(id: number, fields: Partial<Notification> = {}): Notification {
  return {
    id,
    kind: 'reminder_due',
    title: `task ${id}`,
    body: 'A reminder is due.',
    task_id: id,
    read_at: null,
    created_at: '2026-03-01T08:00:00Z',
    ...fields,
  };
}

export function read(item: Notification): Notification {
  return { ...item, read_at: '2026-03-01T09:00:00Z' };
}

export function came(seq: number, item: Notification): Frame {
  return { type: 'notification_created', seq, data: item };
}

export function wasRead(seq: number, item: Notification): Frame {
  return { type: 'notification_update', seq, data: read(item) };
}
