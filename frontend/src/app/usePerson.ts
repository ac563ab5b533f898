import i18next from 'i18next';
import { useEffect, useState } from 'react';
import { Imports } from '@/features/imports';
import { NOTIFICATIONS_PATH, type Notifications } from '@/features/notifications';
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
import { announcedNotifications } from './announcedNotifications';

export interface Person {
  readonly tasks: Tasks;
  readonly imports: Imports;
  readonly notifications: Notifications;
  readonly retry: () => void;
  /** Returns its own end. */
  readonly startNotifications: () => () => void;
}

/** Everything that belongs to the one who is signed in: begun with them, ended with them. */
export function usePerson(personId: number, isSessionOver: boolean): Person {
  const [person] = useState(() => makePerson(personId));

  useEffect(() => {
    person.tasks.start();
    person.imports.start();
    const stopNotifications = person.startNotifications();
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
      stopNotifications();
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
  const { notifications, start } = announcedNotifications();
  const retry = () => {
    tasks.retry();
    notifications.retry();
    websocketService.hurry();
  };
  const imports = new Imports(api, websocketService);
  return { tasks, imports, notifications, retry, startNotifications: start };
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
