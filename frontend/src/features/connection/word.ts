/**
 * The one word about the connection, from facts: how far the cursor is behind the head, when a
 * frame was last heard, what is waiting to be sent. Pure: the present is an argument.
 */
import type { PathStatus } from '@/services/websocket';

export interface ConnectionFacts {
  readonly status: PathStatus;
  /** Since when the status is anything but live; null while it is. */
  readonly troubleSinceMs: number | null;
  /** The list itself is being taken anew, or cannot be had. */
  readonly wantsSnapshot: boolean;
  readonly hasLoadTrouble: boolean;
  readonly editsWaiting: number;
  readonly isSendingStuck: boolean;
  readonly isSessionOver: boolean;
}

export type ConnectionWord =
  | { readonly state: 'live' }
  | { readonly state: 'catching-up'; readonly behind: number; readonly waiting: number }
  | { readonly state: 'offline'; readonly sinceMs: number | null; readonly waiting: number }
  | { readonly state: 'stopped' }
  | { readonly state: 'sign-in'; readonly waiting: number };

/** Being connected takes a moment; longer than this without a frame is being offline. */
export const CONNECTING_MS = 3_000;
/** Less than this is not worth a banner. */
export const BANNER_AFTER_MS = 5_000;

export function connectionWord(facts: ConnectionFacts, nowMs: number): ConnectionWord {
  const { status, editsWaiting: waiting } = facts;
  if (facts.isSessionOver) return { state: 'sign-in', waiting };
  if (status.word === 'refused') {
    return status.reason === 'sign-in' ? { state: 'sign-in', waiting } : { state: 'stopped' };
  }
  if (isOffline(facts, nowMs)) {
    const heardMs = status.word === 'offline' ? status.lastHeardMs : null;
    return { state: 'offline', sinceMs: heardMs ?? facts.troubleSinceMs, waiting };
  }
  const behind = status.word === 'catching-up' ? status.behind : 0;
  const isLive = status.word === 'live' && !facts.wantsSnapshot && !facts.isSendingStuck;
  return isLive ? { state: 'live' } : { state: 'catching-up', behind, waiting };
}

function isOffline(facts: ConnectionFacts, nowMs: number): boolean {
  const { status, troubleSinceMs } = facts;
  if (status.word === 'offline') return true;
  if (status.word === 'idle') return facts.hasLoadTrouble;
  if (status.word !== 'catching-up' || status.behind > 0 || troubleSinceMs === null) return false;
  return nowMs - troubleSinceMs > CONNECTING_MS;
}

export function needsBanner(
  word: ConnectionWord,
  troubleSinceMs: number | null,
  nowMs: number,
): boolean {
  if (word.state === 'stopped') return true;
  if (word.state !== 'offline') return false;
  return troubleSinceMs === null || nowMs - troubleSinceMs > BANNER_AFTER_MS;
}
