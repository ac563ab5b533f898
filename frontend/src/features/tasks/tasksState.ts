/**
 * What the page holds of the tasks: only types and the empty beginning.
 *
 *   entries   the server's truth, each with the number at which we learned it
 *   hints     unnumbered words of others: shown, never stored, overruled by the next numbered one
 *   edits     what the person did and the server has not confirmed
 *   held      edits that met another's: the person is asked which value to keep
 *
 *   shown = entries, then hints, then edits          (shown.ts)
 */
import type { Frame } from '@/services/websocket';
import type { Edit } from './edit';
import type { Kept } from './editStorage';
import type { Held } from './held';
import type { Task, TaskChanges } from './task';

export interface Entry {
  /** null is a tombstone: a late answer must not raise the dead. */
  readonly task: Task | null;
  readonly seq: number;
}

export type Hint =
  | { readonly kind: 'changed'; readonly changes: TaskChanges }
  | { readonly kind: 'created'; readonly task: Task }
  | { readonly kind: 'deleted' };

export interface Touch {
  readonly count: number;
  readonly atMs: number;
}

export interface TasksState {
  readonly epoch: string | null;
  /** The last number applied; null before the first snapshot. */
  readonly seq: number | null;
  readonly entries: ReadonlyMap<number, Entry>;
  readonly hints: ReadonlyMap<number, Hint>;
  readonly edits: readonly Edit[];
  readonly held: readonly Held[];
  /** Numbered frames that came before the snapshot they belong upon. */
  readonly early: readonly Frame[];
  readonly wantsSnapshot: boolean;
  /** The next snapshot replaces everything, also what looks newer: the server went back in time. */
  readonly isRewound: boolean;
  /** Temporary ids and what became of them; a row keeps its identity through the change. */
  readonly adopted: ReadonlyMap<number, number>;
  /** Keys of the newest confirmed edits: whatever else they have made is ours as well. */
  readonly mine: readonly string[];
  /** When somebody else last changed a task, for the soft tint. */
  readonly touches: ReadonlyMap<number, Touch>;
}

export type TasksEvent =
  | {
      readonly name: 'snapshot';
      readonly items: readonly Task[];
      readonly epoch: string;
      readonly seq: number;
    }
  | { readonly name: 'frames'; readonly frames: readonly Frame[]; readonly nowMs: number }
  | { readonly name: 'reset'; readonly reason: string }
  | { readonly name: 'edited'; readonly edit: Edit }
  | {
      readonly name: 'answered';
      readonly key: string;
      /** null where the answer has no body, as after a delete. */
      readonly task: Task | null;
      readonly position: { readonly epoch: string; readonly seq: number } | null;
    }
  | { readonly name: 'refused'; readonly key: string }
  /** 412: the edit was made upon a version that is gone. */
  | { readonly name: 'stale'; readonly key: string; readonly current: Task }
  /** 404 for an edit of a task. */
  | { readonly name: 'gone'; readonly key: string }
  | { readonly name: 'chosen'; readonly key: string; readonly edits: readonly Edit[] }
  /** Kept from before a reload, or left behind by a tab that is gone. */
  | { readonly name: 'adopted'; readonly items: readonly Kept[] };

export const NO_TASKS: TasksState = {
  epoch: null,
  seq: null,
  entries: new Map(),
  hints: new Map(),
  edits: [],
  held: [],
  early: [],
  wantsSnapshot: true,
  isRewound: false,
  adopted: new Map(),
  mine: [],
  touches: new Map(),
};
