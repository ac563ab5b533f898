/**
 * When a person wants to be reminded: at an instant, or so many minutes before the task is due.
 * A task that is due on a day counts from nine in the morning of it. Pure.
 */
export type Reminder = { readonly at: string } | { readonly minutes_before: number };

export const REMINDERS_MAX = 10;
const MINUTES_MAX = 28 * 24 * 60;

/** At due, ten minutes, an hour and a day before. */
export const USUAL_MINUTES = [0, 10, 60, 1_440] as const;

export function isReminders(value: unknown): boolean {
  return Array.isArray(value) && value.every(isReminder);
}

function isReminder(value: unknown): value is Reminder {
  if (typeof value !== 'object' || value === null) return false;
  const { at, minutes_before: minutes } = value as { at?: unknown; minutes_before?: unknown };
  if (typeof at === 'string') return !Number.isNaN(Date.parse(at));
  return Number.isSafeInteger(minutes) && Number(minutes) >= 0 && Number(minutes) <= MINUTES_MAX;
}

export function isSame(one: Reminder, other: Reminder): boolean {
  if ('at' in one) return 'at' in other && Date.parse(one.at) === Date.parse(other.at);
  return 'minutes_before' in other && one.minutes_before === other.minutes_before;
}

export function has(reminders: readonly Reminder[], wanted: Reminder): boolean {
  return reminders.some((one) => isSame(one, wanted));
}

/** There already: taken away. Not there: added, as long as there is room. */
export function toggled(reminders: readonly Reminder[], wanted: Reminder): readonly Reminder[] {
  if (has(reminders, wanted)) return reminders.filter((one) => !isSame(one, wanted));
  return reminders.length >= REMINDERS_MAX ? reminders : [...reminders, wanted];
}

/** What no chip of its own stands for. */
export function unusual(reminders: readonly Reminder[]): readonly Reminder[] {
  const usual: readonly number[] = USUAL_MINUTES;
  return reminders.filter((one) => 'at' in one || !usual.includes(one.minutes_before));
}

/** 90 minutes are 90 minutes, 120 are two hours: the largest unit that says it without a rest. */
export function inUnits(minutes: number): { unit: 'minute' | 'hour' | 'day'; count: number } {
  if (minutes > 0 && minutes % 1_440 === 0) return { unit: 'day', count: minutes / 1_440 };
  if (minutes > 0 && minutes % 60 === 0) return { unit: 'hour', count: minutes / 60 };
  return { unit: 'minute', count: minutes };
}
