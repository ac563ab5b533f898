/** A person's calendar, and the toasts that speak of what it has just done by itself. */
import i18next from 'i18next';
import { Calendar, calendarWord } from '@/features/calendar';
import { navigate } from '@/features/tasks';
import { api } from '@/services/api';
import websocketService from '@/services/websocket';
import { showNews } from '@/ui/toasts';

export function announcedCalendar(): Calendar {
  const calendar = new Calendar(
    api,
    websocketService,
    (url) => window.location.assign(url),
    (notes) => {
      const { t } = i18next;
      const word = calendarWord(notes, i18next.language, t);
      if (word === null) return;
      showNews(word, { label: t('calendar.show'), run: () => show(calendar) });
    },
  );
  return calendar;
}

function show(calendar: Calendar): void {
  calendar.want();
  navigate({ isSettings: true });
}
