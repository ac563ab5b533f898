/**
 * The second rung of the ladder: the socket is closed, the log is read over HTTP, and then a new
 * socket goes on from wherever that led.
 */
import type {
  ConnectionEvent,
  ConnectionState,
  Effect,
  Memory,
  Moment,
  Step,
} from './connectionState';
import { judge } from './cursor';
import { type Frame, readReset } from './frames';
import { fallBack, stay, ticketing } from './transitions';

type Ranging = Extract<ConnectionState, { name: 'ranging' }>;

export function stepRanging(state: Ranging, event: ConnectionEvent, moment: Moment): Step {
  switch (event.name) {
    case 'rangeReady':
      return applyRange(state.memory, event.frames, moment);
    case 'rangeFailed':
    case 'offline':
      return fallBack(state.memory, moment, { waitMsMin: 0 });
    case 'tick':
      return moment.nowMs >= state.dueMs
        ? fallBack(state.memory, moment, { waitMsMin: 0 })
        : stay(state);
    default:
      return stay(state);
  }
}

/** What the range holds in order is taken; the first number out of order ends the taking. */
function applyRange(memory: Memory, frames: readonly Frame[], moment: Moment): Step {
  let cursor = memory.cursor;
  const effects: Effect[] = [];
  for (const frame of frames) {
    const reset = frame.type === 'reset' ? readReset(frame.data) : null;
    if (reset !== null) cursor = { epoch: reset.epoch, seq: reset.seq };
    else if (frame.seq === undefined || cursor === null) continue;
    else if (judge(cursor, frame.seq) === 'old') continue;
    else if (judge(cursor, frame.seq) === 'gap') break;
    else cursor = { ...cursor, seq: frame.seq };
    effects.push({ type: 'deliver', frame });
  }
  const next = ticketing({ ...memory, cursor }, moment, false);
  return { state: next.state, effects: [...effects, ...next.effects] };
}
