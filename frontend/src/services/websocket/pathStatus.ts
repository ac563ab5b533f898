/**
 * What can honestly be said of a path, from verified numbers: the cursor against the head, and
 * the last frame heard. An open socket alone proves nothing.
 */
import type { ConnectionState, RefusedReason } from './connectionState';

export type PathStatus =
  | { readonly word: 'idle' }
  | { readonly word: 'live' }
  /** `behind` is 0 while nobody knows: a connection is just being made. */
  | { readonly word: 'catching-up'; readonly behind: number }
  | { readonly word: 'offline'; readonly lastHeardMs: number | null }
  | { readonly word: 'refused'; readonly reason: RefusedReason };

/** A line that broke is tried once before the word *offline* is said: most breaks are a blink. */
const ATTEMPTS_BEFORE_OFFLINE = 2;

export function pathStatus(state: ConnectionState): PathStatus {
  switch (state.name) {
    case 'idle':
      return { word: 'idle' };
    case 'refused':
      return { word: 'refused', reason: state.reason };
    case 'live':
      return liveStatus(state);
    default:
      return state.memory.attempt >= ATTEMPTS_BEFORE_OFFLINE
        ? { word: 'offline', lastHeardMs: state.memory.lastHeardMs }
        : { word: 'catching-up', behind: 0 };
  }
}

function liveStatus(state: Extract<ConnectionState, { name: 'live' }>): PathStatus {
  const behind = state.head - state.memory.cursor.seq;
  const isSameEpoch = state.epoch === state.memory.cursor.epoch;
  if (isSameEpoch && behind <= 0) return { word: 'live' };
  return { word: 'catching-up', behind: isSameEpoch ? behind : 0 };
}

export function isSameStatus(one: PathStatus, other: PathStatus): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
