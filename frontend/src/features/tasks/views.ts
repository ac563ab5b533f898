/**
 * What each view shows, as a flat list of headings and tasks. Pure: the day is an argument.
 */
import { addDays, type Day, dueDay } from './due';
import type { Task } from './task';

export const VIEWS = ['inbox', 'today', 'upcoming'] as const;
export type View = (typeof VIEWS)[number];

export type Heading =
  | { readonly kind: 'completed'; readonly count: number }
  | { readonly kind: 'overdue' }
  | { readonly kind: 'day'; readonly day: Day };

export type ListItem =
  | { readonly kind: 'heading'; readonly key: string; readonly heading: Heading }
  | {
      readonly kind: 'task';
      readonly key: string;
      readonly task: Task;
      readonly isUnderDay: boolean;
    };

type TaskItem = Extract<ListItem, { kind: 'task' }>;

export interface ViewRequest {
  readonly view: View;
  readonly search: string;
  readonly today: Day;
  /** Being edited: it stays where it is, whatever others do to it. */
  readonly pinned: Task | null;
  /** A task's lasting name, through the change from temporary to real id. */
  readonly nameOf: (id: number) => number;
}

export function listItems(tasks: Iterable<Task>, request: ViewRequest): ListItem[] {
  const { all, held } = withPinned(tasks, request);
  const toItem = (task: Task): TaskItem => ({
    kind: 'task',
    key: `task ${request.nameOf(task.id)}`,
    task: task.id === held?.id ? held : task,
    isUnderDay: false,
  });
  if (request.search.trim() !== '') return found(all, request.search).map(toItem);
  if (request.view === 'inbox') return inbox(all, toItem);
  if (request.view === 'today') return today(all, request.today, toItem);
  return upcoming(all, request.today, toItem);
}

/** The open tasks that a view holds, for the number beside its name. */
export function countOpen(tasks: Iterable<Task>, view: View, today: Day): number {
  let count = 0;
  for (const task of tasks) {
    if (!task.is_completed && (view === 'inbox' || isDueBy(task, today))) count += 1;
  }
  return count;
}

/**
 * The task under the cursor keeps the place it had when the person began with it; `held` is what
 * others have made of it since, and what its row shows.
 */
function withPinned(
  tasks: Iterable<Task>,
  { pinned, nameOf }: ViewRequest,
): { all: Task[]; held: Task | undefined } {
  const all = [...tasks];
  if (pinned === null) return { all, held: undefined };
  const index = all.findIndex((task) => nameOf(task.id) === nameOf(pinned.id));
  const held = all[index];
  if (held === undefined) return { all: [...all, pinned], held };
  const { due_at, due_on, is_completed, priority } = pinned;
  all[index] = { ...held, due_at, due_on, is_completed, priority };
  return { all, held };
}

/** Newest first: what was just added appears under the field it was typed into. */
function newestFirst(one: Task, other: Task): number {
  const isNew = one.id < 0;
  if (isNew !== other.id < 0) return isNew ? -1 : 1;
  return isNew ? one.id - other.id : other.id - one.id;
}

function byDue(one: Task, other: Task): number {
  const days = compare(dueDay(one) ?? '', dueDay(other) ?? '');
  if (days !== 0) return days;
  const times = compare(one.due_at ?? '~', other.due_at ?? '~');
  return times || other.priority - one.priority || newestFirst(one, other);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function inbox(tasks: Task[], toItem: (task: Task) => TaskItem): ListItem[] {
  const open = tasks.filter((task) => !task.is_completed).sort(newestFirst);
  const done = tasks.filter((task) => task.is_completed).sort(newestFirst);
  if (done.length === 0) return open.map(toItem);
  const heading = toHeading('completed', { kind: 'completed', count: done.length });
  return [...open.map(toItem), heading, ...done.map(toItem)];
}

function isDueBy(task: Task, day: Day): boolean {
  const due = dueDay(task);
  return due !== null && due <= day;
}

function today(tasks: Task[], day: Day, toItem: (task: Task) => TaskItem): ListItem[] {
  const due = tasks.filter((task) => !task.is_completed && isDueBy(task, day)).sort(byDue);
  const late = due.filter((task) => (dueDay(task) ?? day) < day);
  const rest = due.slice(late.length).map((task) => underDay(toItem(task), day));
  if (late.length === 0) return rest;
  return [
    toHeading('overdue', { kind: 'overdue' }),
    ...late.map(toItem),
    ...(rest.length > 0 ? [dayHeading(day), ...rest] : []),
  ];
}

function upcoming(tasks: Task[], day: Day, toItem: (task: Task) => TaskItem): ListItem[] {
  const due = tasks.filter((task) => !task.is_completed && dueDay(task) !== null).sort(byDue);
  const items: ListItem[] = [];
  let current: Day | null = null;
  for (const task of due) {
    const group = laterOf(dueDay(task) ?? day, addDays(day, -1));
    if (group !== current) {
      items.push(group < day ? toHeading('overdue', { kind: 'overdue' }) : dayHeading(group));
      current = group;
    }
    items.push(group < day ? toItem(task) : underDay(toItem(task), group));
  }
  return items;
}

/** The heading, or the view itself, has said the day: unless others have just moved it. */
function underDay(item: TaskItem, day: Day): TaskItem {
  return { ...item, isUnderDay: dueDay(item.task) === day };
}

/** All that is late is one group, whatever its day. */
function laterOf(one: Day, other: Day): Day {
  return one > other ? one : other;
}

function dayHeading(day: Day): ListItem {
  return toHeading(day, { kind: 'day', day });
}

function toHeading(key: string, heading: Heading): ListItem {
  return { kind: 'heading', key: `heading ${key}`, heading };
}

function found(tasks: Task[], search: string): Task[] {
  const words = fold(search).split(/\s+/).filter(Boolean);
  const matches = (task: Task) => {
    const text = fold(`${task.title}\n${task.description}`);
    return words.every((word) => text.includes(word));
  };
  const isDone = (task: Task) => Number(task.is_completed);
  return tasks
    .filter(matches)
    .sort((one, other) => isDone(one) - isDone(other) || newestFirst(one, other));
}

/** Case, accents and Hebrew points do not stand between a person and what they look for. */
function fold(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}
