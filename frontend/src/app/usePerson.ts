import i18next from 'i18next';
import { useEffect, useState } from 'react';
import type { Calendar } from '@/features/calendar';
import { Imports } from '@/features/imports';
import { Jobs } from '@/features/jobs';
import { NOTIFICATIONS_PATH, type Notifications } from '@/features/notifications';
import type { PushDevice, Settings } from '@/features/settings';
import {
  IndexedEdits,
  indexedSnapshots,
  refusalSentence,
  TASKS_PATH,
  Tasks,
  tabDrafts,
} from '@/features/tasks';
import { api, session } from '@/services/api';
import websocketService, { type StatusChange } from '@/services/websocket';
import { clearToasts, showTrouble } from '@/ui/toasts';
import { announcedCalendar } from './announcedCalendar';
import { announcedNotifications } from './announcedNotifications';
import { personalSettings } from './personalSettings';

export interface Person {
  readonly tasks: Tasks;
  readonly imports: Imports;
  readonly jobs: Jobs;
  readonly notifications: Notifications;
  readonly settings: Settings;
  readonly device: PushDevice;
  readonly calendar: Calendar;
  readonly retry: () => void;
  /** Returns its own end. */
  readonly start: () => () => void;
}

/** Everything that belongs to the one who is signed in: begun with them, ended with them. */
export function usePerson(personId: number, isSessionOver: boolean): Person {
  const [person] = useState(() => makePerson(personId));

  useEffect(() => {
    person.tasks.start();
    person.imports.start();
    person.jobs.start();
    person.calendar.start();
    const stop = person.start();
    const off = websocketService.on('connection', ({ path, status }: StatusChange) => {
      if (status.word !== 'live') return;
      if (path === TASKS_PATH) person.tasks.sendWaiting();
      if (path === NOTIFICATIONS_PATH) person.notifications.sendWaiting();
    });
    const rest = () => {
      if (document.visibilityState === 'hidden') person.tasks.rest();
    };
    document.addEventListener('visibilitychange', rest);
    return () => {
      off();
      document.removeEventListener('visibilitychange', rest);
      person.tasks.stop();
      person.imports.stop();
      person.jobs.stop();
      person.calendar.stop();
      stop();
      clearToasts();
    };
  }, [person]);

  // Also the way back after signing in again.
  useEffect(() => {
    if (!isSessionOver) person.retry();
  }, [person, isSessionOver]);

  useLeaveWarning(person.tasks);
  return person;
}

function makePerson(personId: number): Person {
  const tasks = new Tasks({
    api,
    service: websocketService,
    token: session.token,
    storage: new IndexedEdits(personId),
    snapshots: indexedSnapshots(personId),
    drafts: tabDrafts(personId),
    refused: (edit, error, task) => {
      const sentence = refusalSentence(i18next.t, edit, error, task);
      if (sentence !== null) showTrouble(sentence);
    },
  });
  const mine = personalSettings(personId);
  const announced = announcedNotifications(mine.settings, mine.device);
  const { notifications } = announced;
  const retry = () => {
    tasks.retry();
    notifications.retry();
    websocketService.hurry();
  };
  const start = () => {
    const ends = [mine.start(), announced.start()];
    return () => {
      for (const end of ends) end();
    };
  };
  const imports = new Imports(api, websocketService);
  const jobs = new Jobs(api, websocketService);
  const calendar = announcedCalendar();
  const { settings, device } = mine;
  return { tasks, imports, jobs, notifications, settings, device, calendar, retry, start };
}

/** What waits in this tab alone: the browser asks before it is thrown away. */
function useLeaveWarning(tasks: Tasks): void {
  useEffect(() => {
    const warn = (event: BeforeUnloadEvent) => {
      const { state, isKept } = tasks.store.getState();
      if (!isKept && state.edits.length + state.held.length > 0) event.preventDefault();
    };
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [tasks]);
}
