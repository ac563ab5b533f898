/** The browser, as pushDevice.ts wants it. */
import type { PushBrowser, PushMemory } from './pushDevice';

const WORKER = '/sw.js';
const STORAGE_KEY = 'taskwire-push';

export const pushBrowser: PushBrowser = {
  // Pages over plain http have none of this, but for localhost.
  isSupported: () =>
    'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window,
  permission: () => Notification.permission,
  askPermission: () => Notification.requestPermission(),
  async subscription() {
    const registration = await navigator.serviceWorker.getRegistration();
    return (await registration?.pushManager.getSubscription()) ?? null;
  },
  async subscribe(publicKey) {
    await navigator.serviceWorker.register(WORKER);
    const registration = await navigator.serviceWorker.ready;
    return registration.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: publicKey,
    });
  },
  async close(notificationId) {
    const registration = await navigator.serviceWorker.getRegistration();
    const shown = await registration?.getNotifications({ tag: `taskwire-${notificationId}` });
    for (const one of shown ?? []) one.close();
  },
};

export const pushMemory: PushMemory = {
  read() {
    try {
      const kept = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? 'null');
      return typeof kept?.person === 'number' && typeof kept?.id === 'number' ? kept : null;
    } catch {
      return null;
    }
  },
  write(kept) {
    if (kept === null) localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, JSON.stringify(kept));
  },
};
