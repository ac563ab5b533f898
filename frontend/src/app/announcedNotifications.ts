/** A person's notifications, and the toasts that speak of what has just come. */
import i18next from 'i18next';
import {
  Announcer,
  type Notification,
  Notifications,
  sentenceOf,
  toggleBell,
} from '@/features/notifications';
import { navigate } from '@/features/tasks';
import { api, session } from '@/services/api';
import { setTimer } from '@/services/sync';
import websocketService from '@/services/websocket';
import { dismissToast, showNews, showTrouble } from '@/ui/toasts';

export interface Announced {
  readonly notifications: Notifications;
  /** Returns its own end. */
  start(): () => void;
}

export function announcedNotifications(): Announced {
  const notifications = new Notifications({
    api,
    service: websocketService,
    token: session.token,
    arrived: (items) => announcer.arrived(items),
    refused: () => showTrouble(i18next.t('notifications.refused')),
  });
  const announcer = new Announcer({
    isWatched: () => document.visibilityState === 'visible',
    isUnread: (id) => isUnread(notifications, id),
    show: (items) => showArrival(notifications, items),
    dismiss: dismissToast,
    setTimer,
  });
  return { notifications, start: () => start(notifications, announcer) };
}

function start(notifications: Notifications, announcer: Announcer): () => void {
  const look = () => {
    if (document.visibilityState === 'visible') announcer.looked();
  };
  notifications.start();
  const off = notifications.store.subscribe(() => announcer.settle());
  document.addEventListener('visibilitychange', look);
  return () => {
    document.removeEventListener('visibilitychange', look);
    off();
    announcer.stop();
    notifications.stop();
  };
}

function isUnread(notifications: Notifications, id: number): boolean {
  const item = notifications.store.getState().shown.find((one) => one.id === id);
  return item?.read_at === null;
}

function showArrival(notifications: Notifications, items: readonly Notification[]): number {
  const { t } = i18next;
  const [first] = items;
  if (first === undefined || items.length > 1) {
    const run = toggleBell;
    return showNews(t('notifications.arrived', { count: items.length }), {
      label: t('notifications.show'),
      run,
    });
  }
  const { id, task_id: taskId } = first;
  if (taskId === null) return showNews(sentenceOf(t, first));
  const run = () => {
    notifications.markRead(id);
    navigate({ taskId });
  };
  return showNews(sentenceOf(t, first), { label: t('notifications.open'), run });
}
