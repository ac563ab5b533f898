/**
 * What a person did and the server has not confirmed yet. Each carries the key under which it is
 * sent, again and again if need be, so that it happens once.
 */
import type { Task, TaskChanges } from './task';

export type Edit =
  | {
      readonly kind: 'create';
      readonly key: string;
      /** Below zero until the server names the task. */
      readonly id: number;
      readonly fields: TaskChanges & { readonly title: string };
      readonly createdAt: string;
    }
  | {
      readonly kind: 'change';
      readonly key: string;
      readonly id: number;
      readonly changes: TaskChanges;
      /** What the person saw when they began: to tell a conflict from a mere other edit. */
      readonly before: TaskChanges;
    }
  | { readonly kind: 'delete'; readonly key: string; readonly id: number }
  | { readonly kind: 'restore'; readonly key: string; readonly id: number; readonly task: Task };
