/**
 * What a person did and the server has not confirmed yet. Each carries the key under which it is
 * sent, again and again if need be, so that it happens once.
 */
import type { Task, TaskChanges } from './task';

export interface ChangeEdit {
  readonly kind: 'change';
  readonly key: string;
  readonly id: number;
  readonly changes: TaskChanges;
  /**
   * The task as the person saw it when they began: its version goes out as If-Match, its values
   * tell a conflict from a mere other edit.
   */
  readonly seen: Task;
}

/**
 * What the person sees, for an edit to begin from. Where another edit is still on its way the
 * version is the one that edit began from: what lies under it they have not seen.
 */
export function seenNow(shown: Task, edits: readonly Edit[]): Task {
  const earlier = edits.flatMap((one) =>
    one.kind === 'change' && one.id === shown.id ? [one.seen.version] : [],
  );
  return { ...shown, version: Math.min(shown.version, ...earlier) };
}

export type Edit =
  | {
      readonly kind: 'create';
      readonly key: string;
      /** Below zero until the server names the task. */
      readonly id: number;
      readonly fields: TaskChanges & { readonly title: string };
      readonly createdAt: string;
    }
  | ChangeEdit
  | { readonly kind: 'delete'; readonly key: string; readonly id: number }
  | { readonly kind: 'restore'; readonly key: string; readonly id: number; readonly task: Task };
