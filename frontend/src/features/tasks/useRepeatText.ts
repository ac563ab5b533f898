import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useLocale } from '@/i18n';
import { LAST_DAY, type RecurrenceFrom, type Rule, sayableRule, type Weekday } from './recurrence';
import { weekdayName, workdays } from './workweek';

type RepeatText = (recurrence: string | null, from: RecurrenceFrom) => string;

/** *Every 2 weeks on Tue and Thu, after it is done*: how a task repeats, as a sentence. */
export function useRepeatText(): RepeatText {
  const { t } = useTranslation();
  const locale = useLocale();
  return (recurrence, from) => repeatText(t, locale, recurrence, from);
}

export function repeatText(
  t: TFunction,
  locale: string,
  recurrence: string | null,
  from: RecurrenceFrom,
): string {
  if (recurrence === null) return t('repeat.never');
  const rule = sayableRule(recurrence);
  if (rule === null) return t('repeat.byRule', { rule: recurrence });
  const after = from === 'completion' ? t('repeat.afterDone') : '';
  return [every(t, locale, rule), after, ...rule.kept.map((part) => ending(t, locale, part))]
    .filter(Boolean)
    .join(' ');
}

function every(t: TFunction, locale: string, rule: Rule): string {
  const { unit, interval: count, weekdays, dayOfMonth } = rule;
  if (unit === 'DAILY') return t('repeat.days', { count });
  if (unit === 'YEARLY') return t('repeat.years', { count });
  if (unit === 'MONTHLY') {
    return [t('repeat.months', { count }), onDayOfMonth(t, dayOfMonth)].filter(Boolean).join(' ');
  }
  if (count === 1 && isWorkweek(weekdays, locale)) return t('repeat.workdays');
  if (weekdays.length === 0) return t('repeat.weeks', { count });
  const days = t('repeat.onDays', { days: listOf(weekdays, locale) });
  return `${t('repeat.weeks', { count })} ${days}`;
}

function onDayOfMonth(t: TFunction, day: number | null): string {
  if (day === null) return '';
  return day === LAST_DAY ? t('repeat.onLastDay') : t('repeat.onDay', { day });
}

function isWorkweek(weekdays: readonly Weekday[], locale: string): boolean {
  const work = workdays(locale);
  return weekdays.length === work.length && work.every((day) => weekdays.includes(day));
}

function listOf(weekdays: readonly Weekday[], locale: string): string {
  const names = weekdays.map((day) => weekdayName(day, locale, 'long'));
  return new Intl.ListFormat(locale, { type: 'conjunction' }).format(names);
}

function ending(t: TFunction, locale: string, part: string): string {
  const [name, value = ''] = part.split('=');
  if (name === 'COUNT') return t('repeat.times', { count: Number(value) });
  const day = /^(\d{4})(\d\d)(\d\d)/.exec(value);
  if (name !== 'UNTIL' || day === null) return '';
  const date = new Date(Number(day[1]), Number(day[2]) - 1, Number(day[3]), 12);
  const when = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(date);
  return t('repeat.until', { when });
}
