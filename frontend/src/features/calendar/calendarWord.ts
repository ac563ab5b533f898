/** What the calendar says by itself, while somebody looks at something else. */
import type { TFunction } from 'i18next';
import type { Note, NoteKind } from './calendarState';
import { noteText } from './noteText';

/** What stands in the list of tasks by itself. */
const SEEN_ANYWAY: readonly NoteKind[] = ['pulled', 'restored_there', 'taken_over'];

/** One sentence, or how many there are to read; a plain change shows in its task, and says nothing. */
export function calendarWord(notes: readonly Note[], locale: string, t: TFunction): string | null {
  const told = notes.filter((note) => !SEEN_ANYWAY.includes(note.kind));
  const [only] = told;
  if (only === undefined) return null;
  return told.length === 1 ? noteText(only, locale, t) : t('calendar.news', { count: told.length });
}
