/** A person's settings, and this browser among the places where they are told of things. */
import i18next from 'i18next';
import { NOTIFICATIONS_PATH } from '@/features/notifications';
import { PushDevice, pushBrowser, pushMemory, Settings } from '@/features/settings';
import { navigate } from '@/features/tasks';
import { api } from '@/services/api';
import websocketService, { type StatusChange } from '@/services/websocket';
import { showTrouble } from '@/ui/toasts';

export interface PersonalSettings {
  readonly settings: Settings;
  readonly device: PushDevice;
  /** Returns its own end. */
  start(): () => void;
}

export function personalSettings(personId: number): PersonalSettings {
  const settings = new Settings({
    api,
    timeZone: () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    language: () => i18next.language,
    refused: () => showTrouble(i18next.t('settings.refused')),
  });
  const device = new PushDevice(personId, api, pushBrowser, pushMemory);
  return { settings, device, start: () => start(settings, device) };
}

function start(settings: Settings, device: PushDevice): () => void {
  const speak = (language: string) => settings.speak(language);
  const look = () => {
    if (document.visibilityState === 'visible') void settings.load();
  };
  void settings.load();
  void device.look();
  const offs = [
    websocketService.on('preferences_update', () => void settings.load()),
    // Words without a number may have been lost while the line was away.
    websocketService.on('connection', ({ path, status }: StatusChange) => {
      if (path === NOTIFICATIONS_PATH && status.word === 'live') void settings.load();
    }),
  ];
  i18next.on('languageChanged', speak);
  document.addEventListener('visibilitychange', look);
  // Undefined on pages over plain http.
  const worker: ServiceWorkerContainer | undefined = navigator.serviceWorker;
  worker?.addEventListener('message', followPush);
  return () => {
    for (const off of offs) off();
    worker?.removeEventListener('message', followPush);
    document.removeEventListener('visibilitychange', look);
    i18next.off('languageChanged', speak);
  };
}

/** Somebody pressed a push, and this page is the one to show what it speaks of. */
function followPush(event: MessageEvent): void {
  const word = event.data as { type?: unknown; taskId?: unknown } | null;
  if (word?.type === 'open-task' && typeof word.taskId === 'number') {
    navigate({ taskId: word.taskId });
  }
}
