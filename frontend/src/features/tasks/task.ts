/**
 * A task as the server speaks of it, and the one place where untyped JSON becomes one.
 */
import type { RecurrenceFrom } from './recurrence';
import { isReminders, type Reminder } from './reminders';

export type Priority = 0 | 1 | 2 | 3;
export const PRIORITIES = [0, 1, 2, 3] as const;
export const PRIORITY_NAMES = ['none', 'low', 'medium', 'high'] as const;

/** What a person can change. */
export interface TaskFields {
  readonly title: string;
  readonly description: string;
  readonly is_completed: boolean;
  /** An instant, RFC 3339 UTC. Never together with due_on. */
  readonly due_at: string | null;
  /** A day, YYYY-MM-DD, the same in every zone. */
  readonly due_on: string | null;
  readonly priority: Priority;
  readonly reminders: readonly Reminder[];
  /** An RRULE without its beginning, or null for a task that happens once. */
  readonly recurrence: string | null;
  /** What the next one is counted from. */
  readonly recurrence_from: RecurrenceFrom;
}

export interface Task extends TaskFields {
  readonly id: number;
  readonly version: number;
  readonly created_at: string;
  readonly updated_at: string;
}

export type TaskChanges = Partial<TaskFields>;

export const TITLE_LENGTH_MAX = 500;
export const DESCRIPTION_LENGTH_MAX = 20_000;

export const BLANK_FIELDS: TaskFields = {
  title: '',
  description: '',
  is_completed: false,
  due_at: null,
  due_on: null,
  priority: 0,
  reminders: [],
  recurrence: null,
  recurrence_from: 'due',
};

const isText = (value: unknown) => typeof value === 'string';
const isTextOrNull = (value: unknown) => value === null || typeof value === 'string';

const FIELD_CHECKS: Record<keyof TaskFields, (value: unknown) => boolean> = {
  title: isText,
  description: isText,
  is_completed: (value) => typeof value === 'boolean',
  due_at: isTextOrNull,
  due_on: isTextOrNull,
  priority: (value) => value === 0 || value === 1 || value === 2 || value === 3,
  reminders: isReminders,
  recurrence: isTextOrNull,
  recurrence_from: (value) => value === 'due' || value === 'completion',
};

export const FIELD_NAMES = Object.keys(FIELD_CHECKS) as (keyof TaskFields)[];

/** The fields that are what they should be; a foreign publisher may send anything. */
export function readFields(data: Record<string, unknown>): TaskChanges {
  const good = FIELD_NAMES.filter((name) => name in data && FIELD_CHECKS[name](data[name]));
  return Object.fromEntries(good.map((name) => [name, data[name]])) as TaskChanges;
}

/** Two lists of reminders are equal when they say the same; all else when it is the same. */
export function isSameValue(one: unknown, other: unknown): boolean {
  if (one === other) return true;
  return Array.isArray(one) && JSON.stringify(one) === JSON.stringify(other);
}

export function readId(value: unknown): number | null {
  return Number.isSafeInteger(value) ? (value as number) : null;
}

export function readTask(value: unknown): Task | null {
  if (typeof value !== 'object' || value === null) return null;
  const data = value as Record<string, unknown>;
  const id = readId(data['id']);
  const fields = readFields(data);
  if (id === null || fields.title === undefined) return null;
  return {
    ...BLANK_FIELDS,
    ...fields,
    id,
    version: readId(data['version']) ?? 0,
    created_at: typeof data['created_at'] === 'string' ? data['created_at'] : '',
    updated_at: typeof data['updated_at'] === 'string' ? data['updated_at'] : '',
  };
}

/** Two halves of one answer are never sent apart: an instant or a day, a rule and its beginning. */
const PAIRS: readonly (readonly (keyof TaskFields)[])[] = [
  ['due_at', 'due_on'],
  ['recurrence', 'recurrence_from'],
];
const withHalf = (name: keyof TaskFields) => PAIRS.find((pair) => pair.includes(name)) ?? [name];

/** Only what differs: a stale screen must not send back what it merely happened to show. */
export function changesBetween(task: TaskFields, wanted: TaskChanges): TaskChanges {
  const after = { ...task, ...wanted };
  const names = FIELD_NAMES.filter((name) => !isSameValue(after[name], task[name]));
  const sent = new Set(names.flatMap(withHalf));
  return Object.fromEntries([...sent].map((name) => [name, after[name]])) as TaskChanges;
}
