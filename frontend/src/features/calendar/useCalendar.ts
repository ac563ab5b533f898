import { useEffect, useState } from 'react';
import { api } from '@/services/api';
import websocketService from '@/services/websocket';
import { Calendar } from './calendar';

/** The calendar of whoever is signed in, for as long as something shows it. */
export function useCalendar(): Calendar {
  const [calendar] = useState(
    () => new Calendar(api, websocketService, (url) => window.location.assign(url)),
  );
  useEffect(() => {
    calendar.start();
    return () => calendar.stop();
  }, [calendar]);
  return calendar;
}
