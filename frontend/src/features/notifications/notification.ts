/**
 * A notification as the server speaks of it, and the one place where untyped JSON becomes one.
 */
export interface Notification {
  readonly id: number;
  /** A newer server may know kinds that this page does not: then its own words are shown. */
  readonly kind: string;
  /** What it is about: a task's title, a file's name, a device. */
  readonly title: string;
  /** The server's sentence, in English, for clients without words of their own. */
  readonly body: string;
  readonly task_id: number | null;
  readonly read_at: string | null;
  readonly created_at: string;
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '');
const idOf = (value: unknown) => (Number.isSafeInteger(value) ? (value as number) : null);

export function readNotification(value: unknown): Notification | null {
  if (typeof value !== 'object' || value === null) return null;
  const data = value as Record<string, unknown>;
  const id = idOf(data['id']);
  if (id === null || typeof data['kind'] !== 'string') return null;
  return {
    id,
    kind: data['kind'],
    title: textOf(data['title']),
    body: textOf(data['body']),
    task_id: idOf(data['task_id']),
    read_at: textOf(data['read_at']) || null,
    created_at: textOf(data['created_at']),
  };
}
