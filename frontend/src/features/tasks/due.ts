/**
 * Days and hours as people mean them: a day is a name (YYYY-MM-DD) in the person's own zone, an
 * instant is the same moment everywhere. Pure: the present is an argument.
 */
import type { TaskFields } from './task';

export type Day = string;
type Due = Pick<TaskFields, 'due_at' | 'due_on'>;

const NO_DUE: Due = { due_at: null, due_on: null };

export function dayOf(moment: Date): Day {
  const month = String(moment.getMonth() + 1).padStart(2, '0');
  const date = String(moment.getDate()).padStart(2, '0');
  return `${moment.getFullYear()}-${month}-${date}`;
}

/** At noon, so that no change of the clocks moves it into another day. */
export function noonOf(day: Day): Date {
  return new Date(`${day}T12:00:00`);
}

export function addDays(day: Day, count: number): Day {
  const moment = noonOf(day);
  moment.setDate(moment.getDate() + count);
  return dayOf(moment);
}

export function daysBetween(from: Day, to: Day): number {
  return Math.round((noonOf(to).getTime() - noonOf(from).getTime()) / 86_400_000);
}

export function dueDay(task: Due): Day | null {
  if (task.due_on !== null) return task.due_on;
  return task.due_at === null ? null : dayOf(new Date(task.due_at));
}

/** HH:MM in the person's zone, or null for a task that is due on a day as such. */
export function dueTime(task: Due): string | null {
  if (task.due_at === null) return null;
  const moment = new Date(task.due_at);
  const hours = String(moment.getHours()).padStart(2, '0');
  return `${hours}:${String(moment.getMinutes()).padStart(2, '0')}`;
}

/** A time without a day means nothing and is dropped. */
export function dueFrom(day: Day | null, time: string | null): Due {
  if (day === null || Number.isNaN(noonOf(day).getTime())) return NO_DUE;
  if (time === null || !/^\d\d:\d\d/.test(time)) return { due_at: null, due_on: day };
  return { due_at: toInstant(new Date(`${day}T${time}`)), due_on: null };
}

function toInstant(moment: Date): string {
  return moment.toISOString().replace('.000Z', 'Z');
}

export function isOverdue(task: Due, now: Date): boolean {
  if (task.due_at !== null) return new Date(task.due_at) < now;
  return task.due_on !== null && task.due_on < dayOf(now);
}

/** The first day of the next week, where the week begins for this language. */
export function nextWeek(today: Day, language: string): Day {
  const first = firstWeekday(language);
  const ahead = (first - noonOf(today).getDay() + 7) % 7;
  return addDays(today, ahead === 0 ? 7 : ahead);
}

type WeekAware = Intl.Locale & {
  getWeekInfo?: () => { firstDay: number };
  weekInfo?: { firstDay: number };
};

function firstWeekday(language: string): number {
  const locale = new Intl.Locale(language).maximize() as WeekAware;
  const info = locale.getWeekInfo?.() ?? locale.weekInfo;
  return (info?.firstDay ?? (locale.language === 'he' ? 7 : 1)) % 7;
}

export interface DayWords {
  readonly today: string;
  readonly tomorrow: string;
  readonly yesterday: string;
}

/** *Today*, *Friday*, *12 Mar*: as near as a person would say it. */
export function dayLabel(day: Day, today: Day, language: string, words: DayWords): string {
  const distance = daysBetween(today, day);
  if (distance === 0) return words.today;
  if (distance === 1) return words.tomorrow;
  if (distance === -1) return words.yesterday;
  const moment = noonOf(day);
  if (distance > 1 && distance < 7) {
    return new Intl.DateTimeFormat(language, { weekday: 'long' }).format(moment);
  }
  const isThisYear = day.slice(0, 4) === today.slice(0, 4);
  return new Intl.DateTimeFormat(language, {
    day: 'numeric',
    month: 'short',
    ...(isThisYear ? {} : { year: 'numeric' }),
  }).format(moment);
}

export function timeLabel(moment: Date, language: string): string {
  return new Intl.DateTimeFormat(language, { timeStyle: 'short' }).format(moment);
}
