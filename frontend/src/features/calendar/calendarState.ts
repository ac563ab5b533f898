/** What the server says of somebody's calendar, checked: an old server may say less. */
export const STATES = [
  'active',
  'disconnected',
  'needs_consent',
  'missing',
  'read_only',
  'many_removed',
] as const;
export type AccountState = (typeof STATES)[number];

export const NOTE_KINDS = [
  'pulled',
  'taken_over',
  'conflict',
  'removed_there',
  'restored_there',
  'made_again',
  'repeats_there',
  'edit_overruled',
  'left_to_guests',
  'refused',
] as const;
export type NoteKind = (typeof NOTE_KINDS)[number];

export const FIELDS = ['title', 'notes', 'is_done', 'slot'] as const;
export type Field = (typeof FIELDS)[number];

export const TROUBLES = ['operator', 'throttled', 'exhausted', 'unknown'] as const;
export type Trouble = (typeof TROUBLES)[number];

export interface Note {
  readonly id: number;
  readonly taskTitle: string | null;
  readonly kind: NoteKind;
  readonly field: Field | null;
  readonly kept: string | null;
  readonly lost: string | null;
  readonly at: string;
  readonly isOpen: boolean;
}

export interface CalendarState {
  readonly isOffered: boolean;
  readonly isConnected: boolean;
  readonly state: AccountState;
  readonly trouble: Trouble | null;
  /** How many events disappeared at once, while the server asks about them. */
  readonly removed: number;
  readonly withDays: boolean;
  readonly takesEvents: boolean;
  readonly lastSyncAt: string | null;
  readonly linked: number;
  readonly notes: readonly Note[];
}

/** Whether only the person can help: to connect again, or to answer a question. */
export function needsAttention(calendar: CalendarState | null): boolean {
  if (!calendar?.isConnected) return false;
  return calendar.state !== 'active' || calendar.notes.some((note) => note.isOpen);
}

export function readCalendar(value: unknown): CalendarState | null {
  if (typeof value !== 'object' || value === null) return null;
  const { is_offered, is_connected, state, reason, with_days, takes_events } = value as Fields;
  const { last_sync_at, linked, notes } = value as Fields;
  const known = oneOf(STATES, state);
  if (known === null) return null;
  return {
    isOffered: is_offered === true,
    isConnected: is_connected === true,
    state: known,
    trouble: oneOf(TROUBLES, reason),
    removed: known === 'many_removed' ? Number(reason) || 0 : 0,
    withDays: with_days !== false,
    takesEvents: takes_events === true,
    lastSyncAt: text(last_sync_at),
    linked: typeof linked === 'number' ? linked : 0,
    notes: (Array.isArray(notes) ? notes : []).map(readNote).filter((note) => note !== null),
  };
}

type Fields = Record<string, unknown>;

function readNote(value: unknown): Note | null {
  if (typeof value !== 'object' || value === null) return null;
  const { id, task_title, kind, field, kept, lost, at, is_open } = value as Fields;
  const known = oneOf(NOTE_KINDS, kind);
  const moment = text(at);
  if (known === null || moment === null || typeof id !== 'number') return null;
  return {
    id,
    taskTitle: text(task_title),
    kind: known,
    field: oneOf(FIELDS, field),
    kept: text(kept),
    lost: text(lost),
    at: moment,
    isOpen: is_open === true,
  };
}

function oneOf<Word extends string>(words: readonly Word[], value: unknown): Word | null {
  return words.find((word) => word === value) ?? null;
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
