/**
 * How a task repeats: the part of RRULE (RFC 5545) that the page can say and change. Whatever it
 * cannot, it keeps as it is and shows as it is written. Pure.
 */
export type RecurrenceFrom = 'due' | 'completion';

export const UNITS = ['DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'] as const;
export type Unit = (typeof UNITS)[number];

/** In RRULE's names, from Sunday on, as JavaScript counts them. */
export const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

export const INTERVAL_MAX = 1_000;
export const LAST_DAY = -1;

export interface Rule {
  readonly unit: Unit;
  readonly interval: number;
  /** WEEKLY: on these days. Empty means: on that of the due date. */
  readonly weekdays: readonly Weekday[];
  /** MONTHLY: on this day, or on LAST_DAY. null means: on that of the due date. */
  readonly dayOfMonth: number | null;
  /** Parts that the page only passes on: COUNT, UNTIL, WKST. */
  readonly kept: readonly string[];
}

export const EVERY_DAY: Rule = {
  unit: 'DAILY',
  interval: 1,
  weekdays: [],
  dayOfMonth: null,
  kept: [],
};

const PASSED_ON = /^(COUNT|UNTIL|WKST)=/;

/** null for what the page has no words for. */
export function parseRule(text: string): Rule | null {
  return text
    .split(';')
    .filter(Boolean)
    .reduce<Rule | null>(
      (rule, part) => (rule === null ? null : withPart(rule, part)),
      text.includes('FREQ=') ? EVERY_DAY : null,
    );
}

function withPart(rule: Rule, part: string): Rule | null {
  if (PASSED_ON.test(part)) return { ...rule, kept: [...rule.kept, part] };
  const [name, value = ''] = part.split('=');
  switch (name) {
    case 'FREQ':
      return isOneOf(UNITS, value) ? { ...rule, unit: value } : null;
    case 'INTERVAL':
      return isInterval(Number(value)) ? { ...rule, interval: Number(value) } : null;
    case 'BYDAY':
      return withWeekdays(rule, value.split(','));
    case 'BYMONTHDAY':
      return isDayOfMonth(Number(value)) ? { ...rule, dayOfMonth: Number(value) } : null;
    default:
      return null;
  }
}

function withWeekdays(rule: Rule, days: readonly string[]): Rule | null {
  const known = days.filter((day): day is Weekday => isOneOf(WEEKDAYS, day));
  return known.length === days.length ? { ...rule, weekdays: known } : null;
}

function isOneOf<Name extends string>(names: readonly Name[], text: string): text is Name {
  return names.some((name) => name === text);
}

export function isInterval(count: number): boolean {
  return Number.isInteger(count) && count >= 1 && count <= INTERVAL_MAX;
}

function isDayOfMonth(day: number): boolean {
  return Number.isInteger(day) && (day === LAST_DAY || (day >= 1 && day <= 31));
}

export function formatRule(rule: Rule): string {
  const days = WEEKDAYS.filter((day) => rule.weekdays.includes(day));
  return [
    `FREQ=${rule.unit}`,
    rule.interval === 1 ? '' : `INTERVAL=${rule.interval}`,
    rule.unit === 'WEEKLY' && days.length > 0 ? `BYDAY=${days.join(',')}` : '',
    rule.unit === 'MONTHLY' && rule.dayOfMonth !== null ? `BYMONTHDAY=${rule.dayOfMonth}` : '',
    ...rule.kept,
  ]
    .filter(Boolean)
    .join(';');
}

/** The page can say it only when its own way of writing it says the same. */
export function sayableRule(text: string): Rule | null {
  const rule = parseRule(text);
  if (rule === null) return null;
  const parts = (one: string) => one.split(';').filter(isMeaningful).map(sortedDays).sort().join();
  return parts(formatRule(rule)) === parts(text) ? rule : null;
}

const isMeaningful = (part: string) => part !== '' && part !== 'INTERVAL=1';
const sortedDays = (part: string) =>
  part.startsWith('BYDAY=') ? part.slice(6).split(',').sort().join('+') : part;

export function everyWeek(weekdays: readonly Weekday[]): Rule {
  return { ...EVERY_DAY, unit: 'WEEKLY', weekdays };
}

export function everyMonth(dayOfMonth: number): Rule {
  return { ...EVERY_DAY, unit: 'MONTHLY', dayOfMonth };
}

export const EVERY_YEAR: Rule = { ...EVERY_DAY, unit: 'YEARLY' };

export function weekdayOf(moment: Date): Weekday {
  return WEEKDAYS[moment.getDay()] ?? 'SU';
}
