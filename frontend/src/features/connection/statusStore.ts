/** What the service last said of each path, and since when it is not all well. */
import { createStore } from 'zustand/vanilla';
import websocketService, { type PathStatus, type StatusChange } from '@/services/websocket';

export interface KnownStatus {
  readonly status: PathStatus;
  readonly troubleSinceMs: number | null;
}

const UNKNOWN: KnownStatus = { status: { word: 'idle' }, troubleSinceMs: Date.now() };

export const statusStore = createStore<Readonly<Record<string, KnownStatus>>>(() => ({}));

websocketService.on('connection', ({ path, status }: StatusChange) => {
  const before = statusStore.getState()[path] ?? UNKNOWN;
  const sinceMs = status.word === 'live' ? null : (before.troubleSinceMs ?? Date.now());
  statusStore.setState({ [path]: { status, troubleSinceMs: sinceMs } });
});

export function knownStatus(
  statuses: Readonly<Record<string, KnownStatus>>,
  path: string,
): KnownStatus {
  return statuses[path] ?? UNKNOWN;
}
