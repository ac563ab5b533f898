/**
 * An edit was made upon a version that is gone (412). What becomes of it is decided field by
 * field, from three things: what the person saw, what they want, and what is there now.
 *
 *   now is what they want   nothing left to do
 *   now is what they saw    others changed other fields: again, upon the new version
 *   now is something else   a conflict: both values stay until the person chooses
 */
import type { ChangeEdit } from './edit';
import { isSameValue, type Task, type TaskChanges, type TaskFields } from './task';

/** What belongs together is decided together: setting a day takes a time away. */
export const FIELD_GROUPS = {
  title: ['title'],
  description: ['description'],
  completed: ['is_completed'],
  due: ['due_at', 'due_on'],
  priority: ['priority'],
  reminders: ['reminders'],
  repeat: ['recurrence', 'recurrence_from'],
} as const satisfies Record<string, readonly (keyof TaskFields)[]>;

export type FieldGroup = keyof typeof FIELD_GROUPS;
const GROUPS = Object.keys(FIELD_GROUPS) as FieldGroup[];

export interface Decision {
  /** What can be sent again as it is, upon the present version. */
  readonly again: TaskChanges;
  /** What only the person can decide. */
  readonly conflicts: readonly FieldGroup[];
}

export function decide(seen: TaskFields, changes: TaskChanges, current: TaskFields): Decision {
  const wanted = { ...seen, ...changes };
  const open = groupsOf(changes).filter((group) => !agree(group, wanted, current));
  const conflicts = open.filter((group) => !agree(group, seen, current));
  const free = open.filter((group) => !conflicts.includes(group));
  return { again: only(changes, free), conflicts };
}

/**
 * The edit upon the version that is there now. Its key follows from the first key and the version:
 * two tabs that decide the same thing still do it once.
 */
export function rebased(edit: ChangeEdit, changes: TaskChanges, current: Task): ChangeEdit {
  const [root] = edit.key.split('~');
  return { ...edit, key: `${root}~${current.version}`, changes, seen: current };
}

export function groupsOf(changes: TaskChanges): readonly FieldGroup[] {
  return GROUPS.filter((group) => FIELD_GROUPS[group].some((name) => name in changes));
}

export function agree(group: FieldGroup, one: TaskFields, other: TaskFields): boolean {
  return FIELD_GROUPS[group].every((name) => isSameValue(one[name], other[name]));
}

export function only(changes: TaskChanges, groups: readonly FieldGroup[]): TaskChanges {
  const names: readonly string[] = groups.flatMap((group) => FIELD_GROUPS[group]);
  return Object.fromEntries(
    Object.entries(changes).filter(([name]) => names.includes(name)),
  ) as TaskChanges;
}
