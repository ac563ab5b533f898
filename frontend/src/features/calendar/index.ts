/** Google Calendar. Nothing of it shows where the operator has not set it up. */
export { CalendarButton } from './CalendarButton';
export { useOutcome } from './useOutcome';
