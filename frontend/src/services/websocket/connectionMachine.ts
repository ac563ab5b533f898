/**
 * The connection as a pure machine: (state, event, moment) → (state, effects).
 *
 * What does not fit a state changes nothing: a late answer, a late close, a tick too early. What
 * happens on a live socket is decided next door, in liveConnection.ts.
 */
import { afterClose } from './closeCodes';
import {
  type ConnectionEvent,
  type ConnectionState,
  type Effect,
  IDLE,
  type Memory,
  type Moment,
  type Step,
  type TicketTrouble,
} from './connectionState';
import type { Cursor } from './cursor';
import { startLive, stepLive } from './liveConnection';
import { stepRanging } from './rangeRepair';
import { fallBack, stay, ticketing } from './transitions';

export const HELLO_TIMEOUT_MS = 10_000;

export function step(state: ConnectionState, event: ConnectionEvent, moment: Moment): Step {
  if (event.name === 'disconnect') return stop(state);
  if (event.name === 'connect') return connect(state, event.since, moment);
  switch (state.name) {
    case 'idle':
    case 'refused':
      return stay(state);
    case 'ticketing':
      return stepTicketing(state, event, moment);
    case 'opening':
      return stepOpening(state, event, moment);
    case 'live':
      return stepLive(state, event, moment);
    case 'ranging':
      return stepRanging(state, event, moment);
    case 'waiting':
      return stepWaiting(state, event, moment);
  }
}

/** connect() on a connection that is already on its way changes nothing: one socket per path. */
function connect(state: ConnectionState, since: Cursor | null, moment: Moment): Step {
  if (state.name !== 'idle' && state.name !== 'refused') return stay(state);
  const known = state.name === 'refused' ? state.memory.cursor : null;
  return ticketing(blankMemory(since ?? known), moment, false);
}

function blankMemory(cursor: Cursor | null): Memory {
  return { cursor, attempt: 0, refusals: 0, lastHeardMs: null, strikes: 0, lastStrikeMs: 0 };
}

function stop(state: ConnectionState): Step {
  const hasSocket = state.name === 'opening' || state.name === 'live';
  return { state: IDLE, effects: hasSocket ? [{ type: 'drop' }] : [] };
}

function stepTicketing(
  state: Extract<ConnectionState, { name: 'ticketing' }>,
  event: ConnectionEvent,
  moment: Moment,
): Step {
  if (event.name === 'ticketReady') return open(state.memory, event.ticket, moment);
  if (event.name === 'ticketFailed') return ticketFailed(state.memory, event.trouble, moment);
  // The answer may be lost for good (a laptop closed in between), so the asking has an end too.
  const isTooLate = event.name === 'tick' && moment.nowMs >= state.dueMs;
  return isTooLate ? fallBack(state.memory, moment, { waitMsMin: 0 }) : stay(state);
}

function open(memory: Memory, ticket: string, moment: Moment): Step {
  const effect: Effect = { type: 'open', ticket, since: memory.cursor };
  return {
    state: { name: 'opening', memory, dueMs: moment.nowMs + HELLO_TIMEOUT_MS },
    effects: [effect],
  };
}

function ticketFailed(memory: Memory, trouble: TicketTrouble, moment: Moment): Step {
  if (trouble.kind === 'unreachable') return fallBack(memory, moment, { waitMsMin: 0 });
  if (trouble.kind === 'throttled') {
    return fallBack(memory, moment, { waitMsMin: trouble.retryAfterMs });
  }
  if (!trouble.canRenew || memory.refusals > 0) {
    return { state: { name: 'refused', memory, reason: 'sign-in' }, effects: [] };
  }
  return ticketing({ ...memory, refusals: memory.refusals + 1 }, moment, true);
}

function stepOpening(
  state: Extract<ConnectionState, { name: 'opening' }>,
  event: ConnectionEvent,
  moment: Moment,
): Step {
  switch (event.name) {
    case 'frame':
      return event.frame.type === 'hello'
        ? startLive(state.memory, event.frame, moment)
        : stay(state);
    case 'closed':
      return afterClosing(state.memory, event.code, moment);
    case 'offline':
      return fallBack(state.memory, moment, { waitMsMin: 0, hasSocket: true });
    case 'tick':
      return moment.nowMs >= state.dueMs
        ? fallBack(state.memory, moment, { waitMsMin: 0, hasSocket: true })
        : stay(state);
    default:
      return stay(state);
  }
}

/** Before hello even 4401 waits: otherwise a server that refuses every token is asked in a loop. */
function afterClosing(memory: Memory, code: number, moment: Moment): Step {
  const after = afterClose(code);
  if (after.do === 'stay away') {
    return { state: { name: 'refused', memory, reason: after.reason }, effects: [] };
  }
  return fallBack(memory, moment, after);
}

function stepWaiting(
  state: Extract<ConnectionState, { name: 'waiting' }>,
  event: ConnectionEvent,
  moment: Moment,
): Step {
  const isDue = event.name === 'tick' && moment.nowMs >= state.dueMs;
  const isWoken = event.name === 'wake' && moment.nowMs >= state.notBeforeMs;
  if (isDue || isWoken) return ticketing(state.memory, moment, state.needsFreshToken);
  return stay(state);
}
