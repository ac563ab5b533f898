/**
 * The list as it was, for painting it at once after a reload, as a port. What is stored is never
 * trusted to be the truth: the stream goes on from its place, or the server says `reset`.
 */
import type { Task } from './task';

export interface StoredTasks {
  readonly epoch: string;
  readonly seq: number;
  readonly items: readonly Task[];
}

export interface SnapshotStore {
  /** null where there is none, or none that can be used. */
  load(): Promise<StoredTasks | null>;
  /** Rejects where nothing is kept. An older place never replaces a newer one. */
  save(tasks: StoredTasks): Promise<void>;
  forget(): Promise<void>;
}

export function noSnapshots(): SnapshotStore {
  return { load: async () => null, save: async () => {}, forget: async () => {} };
}
