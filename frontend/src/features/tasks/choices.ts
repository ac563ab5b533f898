/**
 * What a person's choice about a held edit means: which edits are made of it.
 */
import { newIdempotencyKey } from '@/services/api';
import type { Edit } from './edit';
import { theirsNow } from './held';
import { changesBetween } from './task';
import type { TasksState } from './tasksState';

export type Choice = 'mine' | 'theirs';

/** `theirs` makes nothing of it: what is there stays, or what is gone stays gone. */
export function choose(state: TasksState, key: string, choice: Choice): readonly Edit[] {
  const held = state.held.find((one) => one.key === key);
  if (!held || choice === 'theirs') return [];
  const { id, changes } = held;
  if (held.kind === 'gone') {
    // The change still names the version it was made upon: what else happened to the task before
    // it was deleted is looked at field by field, as always.
    return [
      { kind: 'restore', key: newIdempotencyKey(), id, task: held.seen },
      { kind: 'change', key: newIdempotencyKey(), id, changes, seen: held.seen },
    ];
  }
  const seen = theirsNow(state, held);
  const wanted = changesBetween(seen, { ...seen, ...changes });
  return [{ kind: 'change', key: newIdempotencyKey(), id, changes: wanted, seen }];
}
