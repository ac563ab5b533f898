import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { CalendarPanel } from './CalendarPanel';
import type { Calendar } from './calendar';

/** A section of the settings. Nothing at all where the operator has not set Google up. */
export function CalendarSection({ calendar }: { calendar: Calendar }) {
  const { t } = useTranslation();
  const section = useRef<HTMLElement>(null);
  const state = useStore(calendar.store, (view) => view.calendar);
  const isWanted = useStore(calendar.store, (view) => view.isWanted);
  const isOffered = state?.isOffered === true;
  useEffect(() => {
    if (!isWanted || !isOffered) return;
    section.current?.scrollIntoView();
    calendar.arrive();
  }, [calendar, isWanted, isOffered]);
  if (!isOffered) return null;
  return (
    <section
      ref={section}
      className="settings-section"
      aria-labelledby="settings-calendar"
      data-testid="calendar"
    >
      <h2 id="settings-calendar">{t('calendar.title')}</h2>
      <CalendarPanel calendar={calendar} state={state} />
    </section>
  );
}
