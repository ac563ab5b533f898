import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { CalendarPanel } from './CalendarPanel';
import type { Calendar } from './calendar';

interface CalendarSectionProps {
  readonly calendar: Calendar;
  /** Whatever stands above it is there, and will push it no further down. */
  readonly isPlaced: boolean;
}

/** A section of the settings. Nothing at all where the operator has not set Google up. */
export function CalendarSection({ calendar, isPlaced }: CalendarSectionProps) {
  const { t } = useTranslation();
  const section = useRef<HTMLElement>(null);
  const state = useStore(calendar.store, (view) => view.calendar);
  const isWanted = useStore(calendar.store, (view) => view.isWanted);
  const isOffered = state?.isOffered === true;
  useEffect(() => {
    if (!isWanted || !isOffered || !isPlaced) return;
    section.current?.scrollIntoView();
    calendar.arrive();
  }, [calendar, isWanted, isOffered, isPlaced]);
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
