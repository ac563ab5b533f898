import { CalendarDays } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Dialog } from '@/ui/Dialog';
import { CalendarPanel } from './CalendarPanel';
import { useCalendar } from './useCalendar';

/** Nothing at all where the operator has not set Google up. */
export function CalendarButton() {
  const { t } = useTranslation();
  const calendar = useCalendar();
  const state = useStore(calendar.store, (view) => view.calendar);
  const [isOpen, setOpen] = useState(false);
  if (!state?.isOffered) return null;
  return (
    <>
      <button
        type="button"
        className="menu-item"
        data-testid="open-calendar"
        onClick={() => setOpen(true)}
      >
        <CalendarDays size={18} aria-hidden /> {t('calendar.title')}
      </button>
      {isOpen ? (
        <Dialog title={t('calendar.title')} onClose={() => setOpen(false)} testId="calendar">
          <CalendarPanel calendar={calendar} state={state} />
        </Dialog>
      ) : null}
    </>
  );
}
