import { useTranslation } from 'react-i18next';
import { useLocale } from '@/i18n';
import type { Calendar } from './calendar';
import type { Note } from './calendarState';
import { momentText, noteText, valueText } from './noteText';

interface NotesProps {
  readonly calendar: Calendar;
  readonly notes: readonly Note[];
}

/** What the sync did. What was changed on both sides comes first, until somebody has answered. */
export function CalendarNotes({ calendar, notes }: NotesProps) {
  const { t } = useTranslation();
  const open = notes.filter((note) => note.isOpen);
  const rest = notes.filter((note) => !note.isOpen);
  return (
    <>
      {open.length > 0 ? <h3>{t('calendar.conflicts')}</h3> : null}
      <ul className="calendar-conflicts" data-testid="calendar-conflicts">
        {open.map((note) => (
          <Conflict key={note.id} calendar={calendar} note={note} />
        ))}
      </ul>
      {rest.length > 0 ? <h3>{t('calendar.history')}</h3> : null}
      <ul className="calendar-notes" data-testid="calendar-notes">
        {rest.map((note) => (
          <li key={note.id} data-kind={note.kind}>
            <Sentence note={note} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** Both values, and the one that lost is one click away. */
function Conflict({ calendar, note }: { calendar: Calendar; note: Note }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const ways = [
    { isOther: true, words: 'calendar.takeOther', value: note.lost },
    {
      isOther: false,
      words: note.kept === null ? 'calendar.keepThis' : 'calendar.keep',
      value: note.kept,
    },
  ] as const;
  return (
    <li data-kind={note.kind}>
      <Sentence note={note} />
      <p className="chips">
        {ways.map(({ isOther, words, value }) => (
          <button
            key={words}
            type="button"
            className="chip"
            data-testid={isOther ? 'calendar-take-other' : 'calendar-keep'}
            onClick={() => void calendar.settle(note.id, isOther)}
          >
            <bdi>{t(words, { value: valueText(note, value, locale, t) })}</bdi>
          </button>
        ))}
      </p>
    </li>
  );
}

function Sentence({ note }: { note: Note }) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <p>
      {noteText(note, locale, t)} <time dateTime={note.at}>{momentText(note.at, locale)}</time>
    </p>
  );
}
