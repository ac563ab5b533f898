/**
 * What to do about a number that is missing: a ladder, and never in a loop.
 *
 *   1st  resume: a new socket with `since`        3rd  snapshot: give up the range, say `reset`
 *   2nd  range: read the log over HTTP            then slowly: the same, but 30 s apart
 *
 * A repair that helped is forgotten after a minute without another gap.
 */
import { CAP_MS } from './backoff';
import type { Effect, LiveState, Memory, Moment, Step } from './connectionState';
import { fallBack, ticketing } from './transitions';

export const STRIKES_FORGOTTEN_AFTER_MS = 60_000;
export const RANGE_TIMEOUT_MS = 15_000;

/** `seq` is the number that showed the gap: the server has at least that much. */
export function repairGap(state: LiveState, seq: number, moment: Moment): Step {
  const memory = strike(state.memory, moment);
  const drop: Effect = { type: 'drop' };
  if (memory.strikes === 1) return withDrop(ticketing(memory, moment, false));
  if (memory.strikes === 2) {
    return {
      state: { name: 'ranging', memory, dueMs: moment.nowMs + RANGE_TIMEOUT_MS },
      effects: [drop, { type: 'fetchRange', since: state.memory.cursor }],
    };
  }
  const leapt = { ...memory, cursor: { epoch: state.epoch, seq } };
  const announce = announceReset(state.epoch, seq);
  const isFirstSnapshot = memory.strikes === 3;
  const next = isFirstSnapshot
    ? withDrop(ticketing(leapt, moment, false))
    : fallBack(leapt, moment, { waitMsMin: CAP_MS, hasSocket: true });
  return { state: next.state, effects: [...next.effects, announce] };
}

function strike(memory: Memory, moment: Moment): Memory {
  const isLongAgo = moment.nowMs - memory.lastStrikeMs > STRIKES_FORGOTTEN_AFTER_MS;
  const strikes = (isLongAgo ? 0 : memory.strikes) + 1;
  return { ...memory, strikes, lastStrikeMs: moment.nowMs };
}

/** The same word that the server uses, so that whoever listens has one road for both. */
function announceReset(epoch: string, seq: number): Effect {
  return { type: 'deliver', frame: { type: 'reset', data: { reason: 'gap', epoch, seq } } };
}

function withDrop(step: Step): Step {
  return { state: step.state, effects: [{ type: 'drop' }, ...step.effects] };
}
