/** Whatever happens, in whatever order: one socket at most, and a cursor that only goes forward. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { step } from './connectionMachine';
import {
  type ConnectionEvent,
  type ConnectionState,
  type Effect,
  IDLE,
  nextTickMs,
} from './connectionState';
import type { Frame } from './frames';

const seq = fc.integer({ min: 0, max: 30 });
const frame: fc.Arbitrary<Frame> = fc.oneof(
  seq.map((head) => ({ type: 'hello', data: { epoch: 'e', seq: head, heartbeat_seconds: 15 } })),
  seq.map((number) => ({ type: 'task_update', seq: number, data: {} })),
  seq.map((head) => ({ type: 'heartbeat', data: { seq: head } })),
  fc.constant({ type: 'task_update', data: {} }),
);
const code = fc.constantFrom(1006, 1012, 1013, 4401, 4408, 4429, 1002);
const event: fc.Arbitrary<ConnectionEvent> = fc.oneof(
  fc.constant({ name: 'connect', since: null } as const),
  fc.constant({ name: 'disconnect' } as const),
  fc.constant({ name: 'ticketReady', ticket: 't' } as const),
  fc.constant({ name: 'ticketFailed', trouble: { kind: 'unreachable' } } as const),
  frame.map((heard) => ({ name: 'frame', frame: heard }) as const),
  code.map((number) => ({ name: 'closed', code: number }) as const),
  fc.array(frame).map((frames) => ({ name: 'rangeReady', frames }) as const),
  fc.constant({ name: 'rangeFailed' } as const),
  fc.constant({ name: 'tick' } as const),
  fc.constant({ name: 'wake' } as const),
  fc.constant({ name: 'offline' } as const),
);
const moments = fc.array(fc.tuple(event, fc.integer({ min: 0, max: 40_000 })), { maxLength: 60 });

/** Performs the effects in the simplest way there is, and objects to what must not happen. */
class Witness {
  state = IDLE;
  nowMs = 0;
  hasSocket = false;

  /** A socket that is not there neither speaks nor closes. */
  canHappen(next: ConnectionEvent): boolean {
    return this.hasSocket || (next.name !== 'frame' && next.name !== 'closed');
  }

  sees(next: ConnectionEvent): void {
    const before = cursorOf(this.state);
    const taken = step(this.state, next, { nowMs: this.nowMs, random: 0.5 });
    this.state = taken.state;
    if (next.name === 'closed') this.hasSocket = false;
    for (const effect of taken.effects) this.perform(effect);
    expect(cursorOf(this.state) ?? before ?? 0).toBeGreaterThanOrEqual(before ?? 0);
  }

  perform(effect: Effect): void {
    if (effect.type === 'open') expect(this.hasSocket).toBe(false);
    if (effect.type === 'open') this.hasSocket = true;
    if (effect.type === 'drop') this.hasSocket = false;
  }

  agrees(): void {
    const { name } = this.state;
    expect(this.hasSocket).toBe(name === 'opening' || name === 'live');
    expect(nextTickMs(this.state) === null).toBe(name === 'idle' || name === 'refused');
  }
}

function cursorOf(state: ConnectionState): number | null {
  return state.name === 'idle' ? null : (state.memory.cursor?.seq ?? null);
}

it('never has two sockets, never goes back, and is always either done or due', () => {
  fc.assert(
    fc.property(moments, (happenings) => {
      const witness = new Witness();
      for (const [next, laterMs] of happenings) {
        witness.nowMs += laterMs;
        if (witness.canHappen(next)) witness.sees(next);
        witness.agrees();
      }
    }),
    { numRuns: 500 },
  );
});
