/** Values of notes in a person's words: times in their zone and language, ticks as words. */
import type { TFunction } from 'i18next';
import type { Note } from './calendarState';

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const LENGTH_MAX = 60;

/** What happened, as a sentence. */
export function noteText(note: Note, locale: string, t: TFunction): string {
  return t(`calendar.notes.${note.kind}`, {
    task: note.taskTitle ?? t('calendar.aTask'),
    field: note.field === null ? '' : t(`calendar.fields.${note.field}`),
    kept: valueText(note, note.kept, locale, t),
    lost: valueText(note, note.lost, locale, t),
  });
}

export function valueText(note: Note, value: string | null, locale: string, t: TFunction): string {
  if (value === null) return '';
  if (note.field === 'slot') return momentText(value, locale);
  if (note.field === 'is_done') return t(`calendar.values.${value === 'true' ? 'true' : 'false'}`);
  return value.length > LENGTH_MAX ? `${value.slice(0, LENGTH_MAX)}…` : value;
}

export function momentText(value: string, locale: string): string {
  if (DAY.test(value)) {
    const day = new Date(`${value}T12:00:00`);
    return new Intl.DateTimeFormat(locale, { dateStyle: 'medium' }).format(day);
  }
  const moment = new Date(value);
  if (Number.isNaN(moment.getTime())) return value;
  const style = { dateStyle: 'medium', timeStyle: 'short' } as const;
  return new Intl.DateTimeFormat(locale, style).format(moment);
}
