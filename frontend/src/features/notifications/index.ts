/** What the rest of the page may know of notifications. */
export { Announcer } from './announcer';
export { Bell } from './Bell';
export { toggleBell } from './bellStore';
export type { Notification } from './notification';
export { NOTIFICATIONS_PATH, Notifications } from './notifications';
export { sentenceOf } from './wording';
