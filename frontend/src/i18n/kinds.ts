/**
 * What a notification is called, per kind. Apart from the other words because the service worker
 * carries these and nothing else.
 */
export const KINDS_ENGLISH = {
  reminder_due: 'Reminder',
  task_overdue: 'Overdue',
  import_finished: 'Import finished',
  import_failed: 'Import failed',
  sync_finished: 'Calendar synced',
  sync_failed: 'Calendar sync failed',
  sign_in: 'New sign-in',
};

export type Kind = keyof typeof KINDS_ENGLISH;

export const KINDS_HEBREW: Record<Kind, string> = {
  reminder_due: 'תזכורת',
  task_overdue: 'באיחור',
  import_finished: 'הייבוא הסתיים',
  import_failed: 'הייבוא נכשל',
  sync_finished: 'היומן סונכרן',
  sync_failed: 'סנכרון היומן נכשל',
  sign_in: 'כניסה חדשה לחשבון',
};

export function isKind(kind: string): kind is Kind {
  return Object.hasOwn(KINDS_ENGLISH, kind);
}
