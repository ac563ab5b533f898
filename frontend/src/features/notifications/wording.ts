import type { TFunction } from 'i18next';
import { isKind } from '@/i18n/kinds';
import type { Notification } from './notification';

/** Set apart, so that a title's direction does not turn the sentence around (U+2068, U+2069). */
const apart = (text: string) => `\u2068${text}\u2069`;

/** What kind of news it is; a kind from the future speaks with the server's words. */
export function kindLabel(t: TFunction, { kind, title, body }: Notification): string {
  return isKind(kind) ? t(`notifications.kinds.${kind}`) : body || title;
}

/** *Reminder: Call the plumber*, as one line for a toast. */
export function sentenceOf(t: TFunction, notification: Notification): string {
  const label = kindLabel(t, notification);
  if (!isKind(notification.kind) || notification.title === '') return label;
  return `${label}: ${apart(notification.title)}`;
}
