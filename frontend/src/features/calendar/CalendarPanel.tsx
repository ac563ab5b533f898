import { useState } from 'react';
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
      <Switch
        words={t('calendar.withDays')}
        hook="calendar-with-days"
        isOn={state.withDays}
        onChange={(isOn) => void calendar.setWithDays(isOn)}
      />
      <Switch
        words={t('calendar.takesEvents')}
        hook="calendar-takes-events"
        isOn={state.takesEvents}
        onChange={(isOn) => void calendar.setTakesEvents(isOn)}
      />
    </>
  );
}

interface SwitchProps {
  readonly words: string;
  readonly hook: string;
  readonly isOn: boolean;
  readonly onChange: (isOn: boolean) => void;
}

function Switch({ words, hook, isOn, onChange }: SwitchProps) {
  return (
    <label className="setting-line">
      <span>{words}</span>
      <input
        type="checkbox"
        className="switch"
        data-testid={hook}
        checked={isOn}
        onChange={(event) => onChange(event.target.checked)}
      />
    </label>
  );
}

function Removals({ calendar }: Pick<PanelProps, 'calendar'>) {
  const { t } = useTranslation();
  return (
    <p className="chips">
      <button
        type="button"
        className="button"
        onClick={() => void calendar.answerRemovals('make_again')}
      >
        {t('calendar.removals.again')}
      </button>
      <button
        type="button"
        className="chip"
        onClick={() => void calendar.answerRemovals('keep_tasks')}
      >
        {t('calendar.removals.keep')}
      </button>
    </p>
  );
}

function Ways({ calendar, state }: PanelProps) {
  const { t } = useTranslation();
  const [isLeaving, setLeaving] = useState(false);
  if (!state.isConnected) return <Connect calendar={calendar} label={t('calendar.connect')} />;
  if (isLeaving) return <Leaving calendar={calendar} onStay={() => setLeaving(false)} />;
  const isStill = state.state !== 'active' && state.state !== 'many_removed';
  return (
    <p className="chips">
      {isStill ? <Connect calendar={calendar} label={t('calendar.reconnect')} /> : null}
      {state.state === 'active' ? (
        <button
          type="button"
          className="chip"
          data-testid="calendar-sync"
          onClick={() => void calendar.syncNow()}
        >
          {t('calendar.syncNow')}
        </button>
      ) : null}
      <button
        type="button"
        className="chip"
        data-testid="calendar-disconnect"
        onClick={() => setLeaving(true)}
      >
        {t('calendar.disconnect')}
      </button>
    </p>
  );
}

/** The one question that leaving has; nothing has happened before it is answered. */
function Leaving({ calendar, onStay }: Pick<PanelProps, 'calendar'> & { onStay: () => void }) {
  const { t } = useTranslation();
  const leave = (deletesEvents: boolean) => {
    onStay();
    void calendar.disconnect(deletesEvents);
  };
  return (
    <fieldset className="calendar-leaving">
      <legend>{t('calendar.leaving.question')}</legend>
      <p className="chips">
        <button
          type="button"
          className="chip"
          data-testid="calendar-leave-events"
          onClick={() => leave(false)}
        >
          {t('calendar.leaving.keep')}
        </button>
        <button
          type="button"
          className="chip"
          data-testid="calendar-remove-events"
          onClick={() => leave(true)}
        >
          {t('calendar.leaving.remove')}
        </button>
        <button type="button" className="chip" onClick={onStay}>
          {t('calendar.leaving.stay')}
        </button>
      </p>
    </fieldset>
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
