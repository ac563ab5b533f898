/** A person's notifications, and the toasts that speak of what has just come. */
import i18next from 'i18next';
import {
  Announcer,
  type Notification,
  Notifications,
  sentenceOf,
  toggleBell,
} from '@/features/notifications';
import type { PushDevice, Settings } from '@/features/settings';
import { navigate } from '@/features/tasks';
import { isKind } from '@/i18n/kinds';
import { api, session } from '@/services/api';
import { setTimer } from '@/services/sync';
import websocketService from '@/services/websocket';
import { dismissToast, showNews, showTrouble } from '@/ui/toasts';

export interface Announced {
  readonly notifications: Notifications;
  /** Returns its own end. */
  start(): () => void;
}

export function announcedNotifications(settings: Settings, device: PushDevice): Announced {
  const notifications = new Notifications({
    api,
    service: websocketService,
    token: session.token,
    arrived: (items) => announcer.arrived(items.filter((item) => isWanted(settings, item))),
    refused: () => showTrouble(i18next.t('notifications.refused')),
  });
  const announcer = new Announcer({
    isWatched: () => document.visibilityState === 'visible',
    isUnread: (id) => isUnread(notifications, id),
    show: (items) => showArrival(notifications, items),
    dismiss: dismissToast,
    setTimer,
  });
  return { notifications, start: () => start(notifications, announcer, device) };
}

function start(notifications: Notifications, announcer: Announcer, device: PushDevice): () => void {
  const look = () => {
    if (document.visibilityState === 'visible') announcer.looked();
  };
  notifications.start();
  const off = notifications.store.subscribe((view, before) => {
    announcer.settle();
    for (const id of readSince(before.shown, view.shown)) device.close(id);
  });
  document.addEventListener('visibilitychange', look);
  return () => {
    document.removeEventListener('visibilitychange', look);
    off();
    announcer.stop();
    notifications.stop();
  };
}

/** Each kind can be told to be quiet on the page; the list under the bell keeps everything. */
function isWanted(settings: Settings, { kind }: Notification): boolean {
  const { preferences } = settings.store.getState();
  return !isKind(kind) || (preferences?.channels[kind].page ?? true);
}

function readSince(before: readonly Notification[], now: readonly Notification[]): number[] {
  const unread = new Set(before.flatMap((item) => (item.read_at === null ? [item.id] : [])));
  return now.flatMap((item) => (item.read_at !== null && unread.has(item.id) ? [item.id] : []));
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
