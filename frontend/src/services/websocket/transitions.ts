/**
 * The steps that several states share: asking for a ticket, falling back to waiting.
 */
import { backoffMs } from './backoff';
import type { ConnectionState, Effect, Memory, Moment, Step } from './connectionState';

export const TICKET_TIMEOUT_MS = 15_000;

export function stay(state: ConnectionState): Step {
  return { state, effects: [] };
}

export function ticketing(memory: Memory, moment: Moment, isFresh: boolean): Step {
  return {
    state: { name: 'ticketing', memory, dueMs: moment.nowMs + TICKET_TIMEOUT_MS },
    effects: [{ type: 'buyTicket', isFresh }],
  };
}

export interface FallBack {
  readonly waitMsMin: number;
  readonly needsFreshToken?: boolean;
  readonly hasSocket?: boolean;
}

/** Waits with full jitter, never less than was asked for, and counts the attempt. */
export function fallBack(memory: Memory, moment: Moment, why: FallBack): Step {
  const effects: Effect[] = why.hasSocket ? [{ type: 'drop' }] : [];
  const waitMs = why.waitMsMin + backoffMs(memory.attempt, moment.random);
  return {
    state: {
      name: 'waiting',
      memory: { ...memory, attempt: memory.attempt + 1 },
      dueMs: moment.nowMs + waitMs,
      notBeforeMs: moment.nowMs + why.waitMsMin,
      needsFreshToken: why.needsFreshToken ?? false,
    },
    effects,
  };
}
