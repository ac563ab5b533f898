import { useTranslation } from 'react-i18next';
import { useLocale } from '@/i18n';
import type { Calendar } from './calendar';
import type { Note } from './calendarState';
import { momentText, valueText } from './noteText';

interface NotesProps {
  readonly calendar: Calendar;
  readonly notes: readonly Note[];
}

/** What the sync did; a conflict shows both values, and the one that lost is one click away. */
export function CalendarNotes({ calendar, notes }: NotesProps) {
  const { t } = useTranslation();
  if (notes.length === 0) return null;
  return (
    <>
      <h3>{t('calendar.history')}</h3>
      <ul className="calendar-notes" data-testid="calendar-notes">
        {notes.map((note) => (
          <NoteLine key={note.id} calendar={calendar} note={note} />
        ))}
      </ul>
    </>
  );
}

function NoteLine({ calendar, note }: { calendar: Calendar; note: Note }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const lost = valueText(note, note.lost, locale, t);
  const sentence = t(`calendar.notes.${note.kind}`, {
    task: note.taskTitle ?? t('calendar.aTask'),
    field: note.field === null ? '' : t(`calendar.fields.${note.field}`),
    kept: valueText(note, note.kept, locale, t),
    lost,
  });
  return (
    <li data-kind={note.kind}>
      <bdi>{sentence}</bdi> <time dateTime={note.at}>{momentText(note.at, locale)}</time>
      {note.isOpen ? (
        <p className="calendar-ways">
          <button
            type="button"
            className="link-button"
            data-testid="calendar-take-other"
            onClick={() => void calendar.settle(note.id, true)}
          >
            {t('calendar.takeOther', { lost })}
          </button>
          <button
            type="button"
            className="link-button"
            onClick={() => void calendar.settle(note.id, false)}
          >
            {t('calendar.keepThis')}
          </button>
        </p>
      ) : null}
    </li>
  );
}
