/** Google Calendar. Nothing of it shows where the operator has not set it up. */
export { CalendarSection } from './CalendarSection';
export { Calendar } from './calendar';
export { calendarWord } from './calendarWord';
export { useAttention } from './useAttention';
export { useOutcome } from './useOutcome';
