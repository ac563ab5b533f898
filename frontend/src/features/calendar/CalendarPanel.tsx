import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useLocale } from '@/i18n';
import { CalendarNotes } from './CalendarNotes';
import type { Calendar } from './calendar';
import type { CalendarState } from './calendarState';
import { momentText } from './noteText';

interface PanelProps {
  readonly calendar: Calendar;
  readonly state: CalendarState;
}

export function CalendarPanel({ calendar, state }: PanelProps) {
  const { t } = useTranslation();
  const isUnanswered = useStore(calendar.store, (view) => view.isUnanswered);
  const isActive = state.state === 'active';
  return (
    <div className="calendar-panel">
      <p className="quiet">{t('calendar.about')}</p>
      <p role="status" data-testid="calendar-state" data-state={state.state}>
        {t(`calendar.states.${state.state}`, { count: state.removed })}{' '}
        {isActive && state.trouble !== null ? t(`calendar.troubles.${state.trouble}`) : null}
      </p>
      {isUnanswered ? <p role="alert">{t('calendar.noAnswer')}</p> : null}
      {state.state === 'many_removed' ? <Removals calendar={calendar} /> : null}
      {isActive ? <Active calendar={calendar} state={state} /> : null}
      <Ways calendar={calendar} state={state} />
      <CalendarNotes calendar={calendar} notes={state.notes} />
    </div>
  );
}

function Active({ calendar, state }: PanelProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    <>
      <p className="quiet" data-testid="calendar-last-sync">
        {state.lastSyncAt === null
          ? t('calendar.never')
          : t('calendar.lastSync', { when: momentText(state.lastSyncAt, locale) })}
        {' · '}
        {t('calendar.did', { count: state.linked })}
      </p>
      <label className="setting-line">
        <input
          type="checkbox"
          data-testid="calendar-with-days"
          checked={state.withDays}
          onChange={(event) => void calendar.setWithDays(event.target.checked)}
        />{' '}
        {t('calendar.withDays')}
      </label>
    </>
  );
}

function Removals({ calendar }: Pick<PanelProps, 'calendar'>) {
  const { t } = useTranslation();
  return (
    <p className="calendar-ways">
      <button
        type="button"
        className="button"
        onClick={() => void calendar.answerRemovals('make_again')}
      >
        {t('calendar.removals.again')}
      </button>
      <button
        type="button"
        className="quiet-button"
        onClick={() => void calendar.answerRemovals('keep_tasks')}
      >
        {t('calendar.removals.keep')}
      </button>
    </p>
  );
}

function Ways({ calendar, state }: PanelProps) {
  const { t } = useTranslation();
  if (!state.isConnected) return <Connect calendar={calendar} label={t('calendar.connect')} />;
  const isAsking = state.state === 'many_removed';
  return (
    <>
      {state.state === 'active' ? (
        <button
          type="button"
          className="button"
          data-testid="calendar-sync"
          onClick={() => void calendar.syncNow()}
        >
          {t('calendar.syncNow')}
        </button>
      ) : null}
      {state.state !== 'active' && !isAsking ? (
        <Connect calendar={calendar} label={t('calendar.reconnect')} />
      ) : null}
      <p className="calendar-ways">
        <button
          type="button"
          className="quiet-button"
          data-testid="calendar-disconnect"
          onClick={() => void calendar.disconnect(false)}
        >
          {t('calendar.disconnect')}
        </button>
        <button
          type="button"
          className="quiet-button"
          data-testid="calendar-disconnect-all"
          onClick={() => void calendar.disconnect(true)}
        >
          {t('calendar.disconnectAll')}
        </button>
      </p>
    </>
  );
}

function Connect({ calendar, label }: { calendar: Calendar; label: string }) {
  return (
    <button
      type="button"
      className="button"
      data-testid="calendar-connect"
      onClick={() => void calendar.connect()}
    >
      {label}
    </button>
  );
}
