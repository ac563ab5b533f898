/**
 * The service worker: shows pushes, and leads from them to the page. It keeps no page and answers
 * no request, so that nobody ever sees yesterday's page by it.
 */
/// <reference lib="webworker" />
import { addressOf, pushText } from './pushText';

declare const self: ServiceWorkerGlobalScope;

self.addEventListener('install', () => void self.skipWaiting());
self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()));

self.addEventListener('push', (event) => {
  const text = pushText(read(event.data));
  if (text === null) return;
  const { title, body, tag, taskId, language: lang, direction: dir } = text;
  const icon = '/favicon.svg';
  event.waitUntil(
    self.registration.showNotification(title, { body, tag, lang, dir, icon, data: { taskId } }),
  );
});

self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const { taskId } = event.notification.data as { taskId: number | null };
  event.waitUntil(open(taskId));
});

function read(data: PushMessageData | null): unknown {
  try {
    return data?.json();
  } catch {
    return null;
  }
}

/** A page that is open is led there without a reload; what is typed in it stays. */
async function open(taskId: number | null): Promise<void> {
  const pages = await self.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const [page] = pages;
  if (page === undefined) {
    await self.clients.openWindow(addressOf(taskId));
    return;
  }
  page.postMessage({ type: 'open-task', taskId });
  // A browser may refuse to bring a page forward; it has been led there all the same.
  await page.focus().catch(() => {});
}
