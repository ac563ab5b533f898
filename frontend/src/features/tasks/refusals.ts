import type { TFunction } from 'i18next';
import { ApiError } from '@/services/api';
import { inSentence } from './commands';
import type { Edit } from './edit';
import type { Task } from './task';

/**
 * The sentence for an edit that was taken back: what happened, what was kept, what to do. null
 * where the person got what they wanted anyway.
 */
export function refusalSentence(
  t: TFunction,
  edit: Edit,
  error: unknown,
  task: Task | undefined,
): string | null {
  const title = inSentence(titleOf(edit, task));
  const status = error instanceof ApiError ? error.status : 0;
  if (status === 404 && edit.kind === 'delete') return null;
  if (status === 409 && edit.kind === 'create') return t('refused.full', { title });
  return t(`refused.${edit.kind}`, { title });
}

function titleOf(edit: Edit, task: Task | undefined): string {
  if (edit.kind === 'create') return edit.fields.title;
  if (edit.kind === 'restore') return edit.task.title;
  const typed = edit.kind === 'change' ? edit.changes.title : undefined;
  return task?.title ?? typed ?? String(edit.id);
}
