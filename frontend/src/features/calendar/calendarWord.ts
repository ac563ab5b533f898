/** What the calendar says by itself, while somebody looks at something else. */
import type { TFunction } from 'i18next';
import type { Note } from './calendarState';
import { noteText } from './noteText';

/** One sentence, or how many there are to read; a plain change shows in its task, and says nothing. */
export function calendarWord(notes: readonly Note[], locale: string, t: TFunction): string | null {
  const told = notes.filter((note) => note.kind !== 'pulled' && note.kind !== 'restored_there');
  const [only] = told;
  if (only === undefined) return null;
  return told.length === 1 ? noteText(only, locale, t) : t('calendar.news', { count: told.length });
}
