/**
 * One snapshot per person in the browser's database, shared by all of the person's tabs.
 */

import { transact } from '@/services/storage';
import { parseCursor } from '@/services/websocket';
import type { SnapshotStore, StoredTasks } from './snapshotStore';
import { readTask, type Task } from './task';

/** Grows whenever a stored list would be misread by the page of today: it is then taken anew. */
const FORMAT = 2;

export function indexedSnapshots(person: number): SnapshotStore {
  return {
    load: async () => readStored(await load(person), person),
    save: (tasks) => save(person, tasks),
    forget: () => clear((store) => store.delete([person])),
  };
}

/** Nobody is signed in, so nobody's list stays. Or somebody is: then only theirs. */
export function forgetSnapshots(except?: number): Promise<void> {
  return clear((store) => {
    if (except === undefined) store.clear();
    else {
      store.delete(IDBKeyRange.upperBound([except], true));
      store.delete(IDBKeyRange.lowerBound([except], true));
    }
  }).catch(() => {});
}

async function load(person: number): Promise<unknown> {
  return transact<unknown>('snapshots', 'readonly', (store, answer) => {
    const request = store.get([person]);
    request.onsuccess = () => answer(request.result);
  });
}

async function save(person: number, tasks: StoredTasks): Promise<void> {
  await transact('snapshots', 'readwrite', (store) => {
    const request = store.get([person]);
    request.onsuccess = () => {
      const known = readPlace(request.result);
      // Another tab is ahead. Of two epochs nobody can tell; the server will, at the next start.
      if (known !== null && known.epoch === tasks.epoch && known.seq >= tasks.seq) return;
      store.put({ ...tasks, person, format: FORMAT, count: tasks.items.length });
    };
  });
}

async function clear(run: (store: IDBObjectStore) => void): Promise<void> {
  await transact('snapshots', 'readwrite', run);
}

/** Anything that is not exactly what was written is nothing: the server has it all. */
function readStored(value: unknown, person: number): StoredTasks | null {
  const place = readPlace(value);
  const record = value as { person?: unknown; count?: unknown; items?: unknown };
  if (place === null || record.person !== person || !Array.isArray(record.items)) return null;
  const items = record.items.map(readTask).filter((task): task is Task => task !== null);
  const ids = new Set(items.map((task) => task.id));
  return ids.size === record.count ? { ...place, items } : null;
}

function readPlace(value: unknown): { epoch: string; seq: number } | null {
  if (typeof value !== 'object' || value === null) return null;
  const { format, epoch, seq } = value as Record<string, unknown>;
  return format === FORMAT ? parseCursor(`${epoch}.${seq}`) : null;
}
