import { useStore } from 'zustand';
import type { Calendar } from './calendar';
import { needsAttention } from './calendarState';

/** Whether something stands still, or waits for an answer, that only this person can give. */
export function useAttention(calendar: Calendar): boolean {
  return useStore(calendar.store, (view) => needsAttention(view.calendar));
}
