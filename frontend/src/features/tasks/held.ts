/**
 * Edits that wait for the person instead of the server: the same field was changed elsewhere, or
 * the task was deleted there. Both values are kept until somebody chooses, over reloads as well.
 */
import { agree, decide, type FieldGroup, groupsOf, only, rebased } from './decide';
import type { ChangeEdit, Edit } from './edit';
import type { Task, TaskChanges } from './task';
import type { TasksState } from './tasksState';

export type Held =
  | {
      readonly kind: 'conflict';
      readonly key: string;
      readonly id: number;
      readonly group: FieldGroup;
      readonly changes: TaskChanges;
      /** What is there instead, as far as we were told when the edit was refused. */
      readonly theirs: Task;
    }
  | {
      readonly kind: 'gone';
      readonly key: string;
      readonly id: number;
      readonly changes: TaskChanges;
      /** The task as it was when the edit began. */
      readonly seen: Task;
    };

/** The server refused with 412 and said what is there now. */
export function takeStale(state: TasksState, key: string, current: Task): TasksState {
  const edit = changeOf(state, key);
  if (!edit) return state;
  const { again, conflicts } = decide(edit.seen, edit.changes, current);
  const isDone = Object.keys(again).length === 0;
  const replaced = isDone ? [] : [rebased(edit, again, current)];
  const edits = state.edits.flatMap<Edit>((one) => (one === edit ? replaced : [one]));
  const settled = groupsOf(edit.changes).filter((group) => !conflicts.includes(group));
  const held = state.held.filter((one) => !settled.some((group) => isAbout(one, edit.id, group)));
  return conflicts.reduce<TasksState>(
    (before, group) => holdConflict(before, edit, group, current),
    { ...state, edits, held },
  );
}

/** The server refused with 404: deleted elsewhere. */
export function takeGone(state: TasksState, key: string): TasksState {
  const edit = changeOf(state, key);
  if (!edit) return state;
  const known = state.held.find((one) => one.kind === 'gone' && one.id === edit.id);
  const held: Held = known
    ? { ...known, changes: { ...known.changes, ...edit.changes } }
    : { kind: 'gone', key: edit.key, id: edit.id, changes: edit.changes, seen: edit.seen };
  return {
    ...state,
    edits: state.edits.filter((one) => one !== edit),
    held: [...state.held.filter((one) => one !== known), held],
  };
}

/** The person chose: what was held is over, and `edits` is what they want instead of it. */
export function takeChoice(state: TasksState, key: string, edits: readonly Edit[]): TasksState {
  const held = state.held.filter((one) => one.key !== key);
  return { ...state, held, edits: [...state.edits, ...edits] };
}

/** A later edit of one's own replaces an earlier one: one question per field is enough. */
function holdConflict(
  state: TasksState,
  edit: ChangeEdit,
  group: FieldGroup,
  theirs: Task,
): TasksState {
  const key = `${edit.key}#${group}`;
  const changes = only(edit.changes, [group]);
  const held: Held = { kind: 'conflict', key, id: edit.id, group, changes, theirs };
  return { ...state, held: [...state.held.filter((one) => !isAbout(one, edit.id, group)), held] };
}

function isAbout(held: Held, id: number, group: FieldGroup): boolean {
  return held.kind === 'conflict' && held.id === id && held.group === group;
}

/** What stands against the person's own value now: the newest that is known of the task. */
export function theirsNow(state: TasksState, held: Extract<Held, { kind: 'conflict' }>): Task {
  const known = state.entries.get(held.id)?.task;
  return known && known.version >= held.theirs.version ? known : held.theirs;
}

/** Where both came to want the same thing there is nothing left to ask. */
export function settleAgreed(state: TasksState): TasksState {
  if (state.held.length === 0) return state;
  const held = state.held.filter((one) => one.kind === 'gone' || !isAgreed(state, one));
  return held.length === state.held.length ? state : { ...state, held };
}

function isAgreed(state: TasksState, held: Extract<Held, { kind: 'conflict' }>): boolean {
  const theirs = theirsNow(state, held);
  const wanted = { ...theirs, ...held.changes };
  return groupsOf(held.changes).every((group) => agree(group, wanted, theirs));
}

function changeOf(state: TasksState, key: string): ChangeEdit | undefined {
  return state.edits.find((one): one is ChangeEdit => one.kind === 'change' && one.key === key);
}
