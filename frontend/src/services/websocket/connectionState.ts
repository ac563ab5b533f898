/**
 * What a connection can be, what can happen to it, and what it may ask of the world: only types.
 *
 *            connect             ticketReady            hello
 *   idle ─────────────► ticketing ─────────► opening ─────────► live ──┐
 *    ▲                   ▲   │ ticketFailed     │ closed, tick         │ closed, tick, gap
 *    │                   │   ▼                  ▼                      ▼
 *    └── disconnect    tick/wake ◄── waiting ◄──┴──────────────────────┤
 *                        ▲                                             │ the second gap
 *                        └───────────── ranging ◄──────────────────────┘
 *
 *   refused: terminal until connect(). No WebSocket, no timer and no Date.now() in here.
 */
import type { StayAwayReason } from './closeCodes';
import type { Cursor } from './cursor';
import type { Frame } from './frames';

/** What is carried from state to state: none of it may be lost on the way. */
export interface Memory {
  readonly cursor: Cursor | null;
  /** Attempts since the last good connection; the waiting grows with it. */
  readonly attempt: number;
  /** How often the token was refused in a row: the second time is final. */
  readonly refusals: number;
  /** When a frame was last heard: since when we are offline, if we are. */
  readonly lastHeardMs: number | null;
  /** Repairs of gaps that did not help: resume, then range, then snapshot, then slowly. */
  readonly strikes: number;
  readonly lastStrikeMs: number;
}

export type RefusedReason = StayAwayReason | 'sign-in';

export type ConnectionState =
  | { readonly name: 'idle' }
  | { readonly name: 'ticketing'; readonly memory: Memory; readonly dueMs: number }
  | { readonly name: 'opening'; readonly memory: Memory; readonly dueMs: number }
  | LiveState
  | { readonly name: 'ranging'; readonly memory: Memory; readonly dueMs: number }
  | {
      readonly name: 'waiting';
      readonly memory: Memory;
      readonly dueMs: number;
      /** Not even `online` may come earlier than this: the server has asked for quiet. */
      readonly notBeforeMs: number;
      readonly needsFreshToken: boolean;
    }
  | { readonly name: 'refused'; readonly memory: Memory; readonly reason: RefusedReason };

export interface LiveState {
  readonly name: 'live';
  readonly memory: Memory & { readonly cursor: Cursor };
  /** The epoch the server speaks in; another one than the cursor's is about to be a `reset`. */
  readonly epoch: string;
  /** The highest number the server is known to have. */
  readonly head: number;
  readonly heartbeatMs: number;
  readonly sinceMs: number;
  readonly beatsBehind: number;
  /** Without a frame until then the line is dead. */
  readonly deadMs: number;
  readonly renewMs: number;
}

export type StateName = ConnectionState['name'];

export type TicketTrouble =
  | { readonly kind: 'unreachable' }
  | { readonly kind: 'throttled'; readonly retryAfterMs: number }
  | { readonly kind: 'unauthorized'; readonly canRenew: boolean };

export type ConnectionEvent =
  | { readonly name: 'connect'; readonly since: Cursor | null }
  | { readonly name: 'disconnect' }
  | { readonly name: 'ticketReady'; readonly ticket: string }
  | { readonly name: 'ticketFailed'; readonly trouble: TicketTrouble }
  | { readonly name: 'frame'; readonly frame: Frame }
  | { readonly name: 'closed'; readonly code: number }
  | { readonly name: 'rangeReady'; readonly frames: readonly Frame[] }
  | { readonly name: 'rangeFailed' }
  | { readonly name: 'tick' }
  | { readonly name: 'wake' }
  | { readonly name: 'offline' };

export type EventName = ConnectionEvent['name'];

export type Effect =
  | { readonly type: 'buyTicket'; readonly isFresh: boolean }
  | { readonly type: 'open'; readonly ticket: string; readonly since: Cursor | null }
  | { readonly type: 'drop' }
  | { readonly type: 'renew' }
  | { readonly type: 'fetchRange'; readonly since: Cursor }
  | { readonly type: 'deliver'; readonly frame: Frame };

export interface Step {
  readonly state: ConnectionState;
  readonly effects: readonly Effect[];
}

/** The clock and the dice, as arguments: a test lives through an hour in a microsecond. */
export interface Moment {
  readonly nowMs: number;
  /** In [0, 1). */
  readonly random: number;
}

export const IDLE: ConnectionState = { name: 'idle' };

/** When the machine wants to be woken by a `tick`; null when time means nothing to it. */
export function nextTickMs(state: ConnectionState): number | null {
  switch (state.name) {
    case 'idle':
    case 'refused':
      return null;
    case 'live':
      return Math.min(state.deadMs, state.renewMs);
    default:
      return state.dueMs;
  }
}
