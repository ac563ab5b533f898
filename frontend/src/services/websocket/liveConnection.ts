/**
 * What happens while the socket speaks: frames are judged by their number, silence is noticed,
 * and the right to live is renewed in band.
 */
import { SETTLED_AFTER_MS } from './backoff';
import { afterClose } from './closeCodes';
import type { ConnectionEvent, Effect, LiveState, Memory, Moment, Step } from './connectionState';
import { judge } from './cursor';
import { type Frame, readHeartbeat, readHello, readReset } from './frames';
import { repairGap } from './gapLadder';
import { fallBack, stay, ticketing } from './transitions';

/** The server ends a socket 15 minutes after its last proof; we prove ourselves well before. */
export const RENEW_EVERY_MS = 10 * 60_000;
/** On waking, a line that was quiet for longer than this is asked whether it is alive. */
export const QUIET_MS = 5_000;
/** How long the answer to that question may take. */
export const PROBE_MS = 5_000;
/** One missed beat is a frame still in flight; two are a missed change. */
const BEATS_BEHIND_MAX = 2;

export function startLive(memory: Memory, frame: Frame, moment: Moment): Step {
  const hello = readHello(frame.data);
  if (hello === null) return fallBack(memory, moment, { waitMsMin: 0, hasSocket: true });
  const heartbeatMs = hello.heartbeat_seconds * 1000;
  const cursor = memory.cursor ?? { epoch: hello.epoch, seq: hello.seq };
  const state: LiveState = {
    name: 'live',
    memory: { ...memory, cursor, refusals: 0, lastHeardMs: moment.nowMs },
    epoch: hello.epoch,
    head: hello.seq,
    heartbeatMs,
    sinceMs: moment.nowMs,
    beatsBehind: 0,
    deadMs: moment.nowMs + 2 * heartbeatMs,
    renewMs: moment.nowMs + RENEW_EVERY_MS,
  };
  return { state, effects: [{ type: 'deliver', frame }] };
}

export function stepLive(state: LiveState, event: ConnectionEvent, moment: Moment): Step {
  switch (event.name) {
    case 'frame':
      return hear(heard(state, moment), event.frame, moment);
    case 'closed':
      return lose(state, event.code, moment);
    case 'tick':
      return passTime(state, moment);
    case 'wake':
      return wake(state, moment);
    case 'offline':
      // Not believed for long: a server on this very machine is still there, and the first try
      // half a second later finds it.
      return fallBack({ ...state.memory, attempt: 1 }, moment, { waitMsMin: 0, hasSocket: true });
    default:
      return stay(state);
  }
}

/** Any frame proves the line, whatever it says. */
function heard(state: LiveState, moment: Moment): LiveState {
  return {
    ...state,
    memory: { ...state.memory, lastHeardMs: moment.nowMs },
    deadMs: moment.nowMs + 2 * state.heartbeatMs,
  };
}

function hear(state: LiveState, frame: Frame, moment: Moment): Step {
  const deliver: Effect = { type: 'deliver', frame };
  if (frame.type === 'hello') return stay(state);
  if (frame.type === 'heartbeat') return beat(state, frame, moment);
  if (frame.type === 'reset') return reset(state, frame, moment);
  if (frame.seq === undefined) return { state, effects: [deliver] };
  if (state.epoch !== state.memory.cursor.epoch) return repairGap(state, frame.seq, moment);
  switch (judge(state.memory.cursor, frame.seq)) {
    case 'old':
      return stay(state);
    case 'gap':
      return repairGap(state, frame.seq, moment);
    case 'next':
      return { state: advance(state, frame.seq), effects: [deliver] };
  }
}

function advance(state: LiveState, seq: number): LiveState {
  const cursor = { ...state.memory.cursor, seq };
  return {
    ...state,
    memory: { ...state.memory, cursor },
    head: Math.max(state.head, seq),
    beatsBehind: 0,
  };
}

function beat(state: LiveState, frame: Frame, moment: Moment): Step {
  const deliver: Effect = { type: 'deliver', frame };
  const seq = readHeartbeat(frame.data);
  if (seq === null) return { state, effects: [deliver] };
  const head = Math.max(state.head, seq);
  const isBehind = seq > state.memory.cursor.seq;
  const beatsBehind = isBehind ? state.beatsBehind + 1 : 0;
  const next = { ...state, head, beatsBehind };
  if (beatsBehind < BEATS_BEHIND_MAX) return { state: next, effects: [deliver] };
  const repair = repairGap(next, seq, moment);
  return { state: repair.state, effects: [deliver, ...repair.effects] };
}

function reset(state: LiveState, frame: Frame, moment: Moment): Step {
  const data = readReset(frame.data);
  if (data === null) return repairGap(state, state.head, moment);
  const cursor = { epoch: data.epoch, seq: data.seq };
  const next: LiveState = {
    ...state,
    memory: { ...state.memory, cursor },
    epoch: data.epoch,
    head: data.seq,
    beatsBehind: 0,
  };
  return { state: next, effects: [{ type: 'deliver', frame }] };
}

function lose(state: LiveState, code: number, moment: Moment): Step {
  const after = afterClose(code);
  if (after.do === 'stay away') {
    return { state: { name: 'refused', memory: state.memory, reason: after.reason }, effects: [] };
  }
  const isSettled = moment.nowMs - state.sinceMs >= SETTLED_AFTER_MS;
  const memory = isSettled ? { ...state.memory, attempt: 0 } : state.memory;
  // The right to live ended on a good connection: nothing to wait for but a token.
  if (after.needsFreshToken && isSettled) return ticketing(memory, moment, true);
  return fallBack(memory, moment, after);
}

function passTime(state: LiveState, moment: Moment): Step {
  if (moment.nowMs >= state.deadMs) return declareDead(state, moment);
  if (moment.nowMs < state.renewMs) return stay(state);
  return {
    state: { ...state, renewMs: moment.nowMs + RENEW_EVERY_MS },
    effects: [{ type: 'renew' }],
  };
}

/** A silent line gets no backoff: it lived until now, and the first try says how things are. */
function declareDead(state: LiveState, moment: Moment): Step {
  const next = ticketing({ ...state.memory, attempt: 1 }, moment, false);
  return { state: next.state, effects: [{ type: 'drop' }, ...next.effects] };
}

/**
 * The tab woke or the network changed. A line known to be dead is left at once; a quiet one is
 * asked (`auth` is answered by a heartbeat), since a zombie socket says nothing by itself.
 */
function wake(state: LiveState, moment: Moment): Step {
  if (moment.nowMs >= state.deadMs) return declareDead(state, moment);
  if (moment.nowMs - (state.memory.lastHeardMs ?? 0) < QUIET_MS) return stay(state);
  const deadMs = Math.min(state.deadMs, moment.nowMs + PROBE_MS);
  return { state: { ...state, deadMs }, effects: [{ type: 'renew' }] };
}
