/**
 * What a push says: the payload of the server, in words of the person's language. Pure.
 */
import { isKind, KINDS_ENGLISH, KINDS_HEBREW } from '@/i18n/kinds';

export interface PushText {
  readonly title: string;
  readonly body: string;
  readonly language: string;
  readonly direction: 'ltr' | 'rtl';
  /** Two pushes about the same notification are one on the screen. */
  readonly tag: string;
  readonly taskId: number | null;
}

/** null for what is no notification of ours. */
export function pushText(payload: unknown): PushText | null {
  if (typeof payload !== 'object' || payload === null) return null;
  const { id, kind, title, body, task_id: taskId, language } = payload as Record<string, unknown>;
  if (!Number.isSafeInteger(id) || typeof kind !== 'string') return null;
  const isHebrew = language === 'he';
  const about = typeof title === 'string' ? title : '';
  const sentence = typeof body === 'string' ? body : '';
  const label = isKind(kind) ? (isHebrew ? KINDS_HEBREW : KINDS_ENGLISH)[kind] : '';
  return {
    // What it is about comes first: it is all that a locked telephone may show.
    title: about || label || sentence || 'Taskwire',
    body: about === '' ? sentence : label || sentence,
    language: isHebrew ? 'he' : 'en',
    direction: isHebrew ? 'rtl' : 'ltr',
    tag: `taskwire-${id}`,
    taskId: Number.isSafeInteger(taskId) ? (taskId as number) : null,
  };
}

/** Where a press on it leads. */
export function addressOf(taskId: number | null): string {
  return taskId === null ? '/' : `/?task=${taskId}`;
}
