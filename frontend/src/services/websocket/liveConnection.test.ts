/** What the table cannot say: numbers, silence, and the ladder of repairs. */
import { describe, expect, it } from 'vitest';
import { step } from './connectionMachine';
import type { ConnectionEvent, ConnectionState, Effect, LiveState } from './connectionState';
import type { Frame } from './frames';
import { pathStatus } from './pathStatus';

const hello = (seq: number, epoch = 'e1'): Frame => ({
  type: 'hello',
  data: { protocol: 1, epoch, seq, heartbeat_seconds: 15 },
});
const update = (seq: number): Frame => ({ type: 'task_update', seq, data: { id: 1 } });
const beat = (seq: number): Frame => ({ type: 'heartbeat', data: { seq } });

/** Drives the machine and remembers what it asked for. */
class Drive {
  state: ConnectionState = { name: 'idle' };
  nowMs = 1_000_000;
  effects: Effect[] = [];

  does(event: ConnectionEvent): this {
    const next = step(this.state, event, { nowMs: this.nowMs, random: 0.5 });
    this.state = next.state;
    this.effects = [...next.effects];
    return this;
  }

  hears(frame: Frame): this {
    return this.does({ name: 'frame', frame });
  }

  waits(ms: number): this {
    this.nowMs += ms;
    return this;
  }

  connects(seq: number, since: number | null = null): this {
    const cursor = since === null ? null : { epoch: 'e1', seq: since };
    this.does({ name: 'connect', since: cursor });
    return this.reconnects(seq);
  }

  reconnects(seq: number): this {
    return this.does({ name: 'ticketReady', ticket: 't' }).hears(hello(seq));
  }

  get names(): string[] {
    return this.effects.map((effect) => effect.type);
  }

  get seq(): number | null {
    return this.state.name === 'idle' ? null : (this.state.memory.cursor?.seq ?? null);
  }

  get live(): LiveState {
    if (this.state.name !== 'live') throw new Error(`It is ${this.state.name}.`);
    return this.state;
  }
}

describe('numbers', () => {
  it('without `since` it begins at the head', () => {
    expect(new Drive().connects(128).seq).toBe(128);
  });

  it('with `since` it says so and catches up from there', () => {
    const drive = new Drive().connects(130, 128);
    expect(drive.seq).toBe(128);
    expect(pathStatus(drive.state)).toEqual({ word: 'catching-up', behind: 2 });
    drive.hears(update(129)).hears(update(130));
    expect(pathStatus(drive.state)).toEqual({ word: 'live' });
  });

  it('applies the next one, once', () => {
    const drive = new Drive().connects(128).hears(update(129));
    expect([drive.seq, drive.names]).toEqual([129, ['deliver']]);
    drive.hears(update(129));
    expect([drive.seq, drive.names]).toEqual([129, []]);
  });

  it('passes on what has no number and moves no cursor', () => {
    const drive = new Drive().connects(128).hears({ type: 'task_update', data: { id: 1 } });
    expect([drive.seq, drive.names]).toEqual([128, ['deliver']]);
  });

  it('passes on words that it has never heard of', () => {
    const drive = new Drive().connects(128).hears({ type: 'dance', seq: 129, data: null });
    expect([drive.seq, drive.names]).toEqual([129, ['deliver']]);
  });

  it('takes the place that a reset names and goes on from there', () => {
    const reset = { type: 'reset', data: { reason: 'epoch', epoch: 'e2', seq: 5 } };
    const drive = new Drive().connects(128).hears(reset);
    expect(drive.names).toEqual(['deliver']);
    expect(drive.hears(update(6)).live.memory.cursor).toEqual({ epoch: 'e2', seq: 6 });
  });

  it('does not apply numbers of another epoch than its own', () => {
    const drive = new Drive().does({ name: 'connect', since: { epoch: 'e0', seq: 128 } });
    drive.reconnects(130).hears(update(129));
    expect(drive.names).not.toContain('deliver');
    expect(drive.seq).toBe(128);
  });
});

describe('a gap', () => {
  it('is resumed first: another socket, from the last good number', () => {
    const drive = new Drive().connects(128).hears(update(131));
    expect([drive.names, drive.seq]).toEqual([['drop', 'buyTicket'], 128]);
    drive.does({ name: 'ticketReady', ticket: 't' });
    expect(drive.effects).toEqual([
      { type: 'open', ticket: 't', since: { epoch: 'e1', seq: 128 } },
    ]);
  });

  it('is then read from the log, then given up for a snapshot, then only slowly tried', () => {
    const drive = new Drive().connects(128).hears(update(131)).reconnects(131).hears(update(131));
    expect(drive.effects).toContainEqual({
      type: 'fetchRange',
      since: { epoch: 'e1', seq: 128 },
    });

    drive.does({ name: 'rangeReady', frames: [] }).reconnects(131).hears(update(131));
    expect(drive.effects).toContainEqual({
      type: 'deliver',
      frame: { type: 'reset', data: { reason: 'gap', epoch: 'e1', seq: 131 } },
    });
    expect([drive.state.name, drive.seq]).toEqual(['ticketing', 131]);

    drive.reconnects(140).hears(update(140));
    expect(drive.state).toMatchObject({ name: 'waiting', notBeforeMs: drive.nowMs + 30_000 });
  });

  it('that was repaired a while ago is forgotten', () => {
    const drive = new Drive().connects(128).hears(update(131)).reconnects(131);
    drive.hears(update(129)).waits(60_001).hears(update(133));
    expect(drive.names).toEqual(['drop', 'buyTicket']);
  });

  it('in the range ends the taking there', () => {
    const drive = new Drive().connects(128).hears(update(131)).reconnects(131).hears(update(131));
    const range = [update(128), update(129), update(131)];
    drive.does({ name: 'rangeReady', frames: range });
    expect([drive.seq, drive.names]).toEqual([129, ['deliver', 'buyTicket']]);
  });
});

describe('heartbeats', () => {
  it('that name a higher head twice are a missed change', () => {
    const drive = new Drive().connects(128).hears(beat(129));
    expect([drive.names, drive.state.name]).toEqual([['deliver'], 'live']);
    drive.hears(beat(129));
    expect(drive.names).toEqual(['deliver', 'drop', 'buyTicket']);
  });

  it('that are late by one frame are not', () => {
    const drive = new Drive().connects(128).hears(beat(129)).hears(update(129)).hears(beat(130));
    expect(drive.state.name).toBe('live');
  });

  it('missed for twice their time mean a dead line', () => {
    const drive = new Drive().connects(128).waits(29_999).does({ name: 'tick' });
    expect(drive.names).toEqual([]);
    drive.waits(1).does({ name: 'tick' });
    expect(drive.names).toEqual(['drop', 'buyTicket']);
  });

  it('or any other frame keep the line alive', () => {
    const drive = new Drive().connects(128).waits(29_000).hears(update(129)).waits(29_000);
    expect(drive.does({ name: 'tick' }).state.name).toBe('live');
  });
});

describe('waking', () => {
  it('leaves a line that slept through its heartbeats at once', () => {
    const drive = new Drive().connects(128).waits(60_000).does({ name: 'wake' });
    expect(drive.names).toEqual(['drop', 'buyTicket']);
  });

  it('asks a quiet line and leaves it when no answer comes', () => {
    const drive = new Drive().connects(128).waits(10_000).does({ name: 'wake' });
    expect(drive.names).toEqual(['renew']);
    drive.waits(5_000).does({ name: 'tick' });
    expect(drive.names).toEqual(['drop', 'buyTicket']);
  });

  it('does not trouble a line that has just spoken', () => {
    expect(new Drive().connects(128).waits(1_000).does({ name: 'wake' }).names).toEqual([]);
  });

  it('does not hurry back to a server that asked for half a minute', () => {
    const drive = new Drive().connects(128).does({ name: 'closed', code: 4429 });
    drive.waits(29_000).does({ name: 'wake' });
    expect(drive.state.name).toBe('waiting');
    drive.waits(1_000).does({ name: 'wake' });
    expect(drive.state.name).toBe('ticketing');
  });
});

describe('the right to live', () => {
  it('is renewed well before the quarter of an hour is over', () => {
    const drive = new Drive().connects(128);
    for (let minute = 0; minute < 10; minute += 1) {
      for (let part = 0; part < 4; part += 1) drive.waits(15_000).hears(beat(128));
    }
    expect(drive.does({ name: 'tick' }).names).toEqual(['renew']);
    expect(drive.does({ name: 'tick' }).names).toEqual([]);
  });

  it('that ended on a good connection needs a fresh token and no waiting', () => {
    const drive = new Drive().connects(128).waits(20_000).does({ name: 'closed', code: 4401 });
    expect(drive.effects).toEqual([{ type: 'buyTicket', isFresh: true }]);
  });

  it('refused at once is not asked for in a loop', () => {
    const drive = new Drive().connects(128).does({ name: 'closed', code: 4401 });
    expect(drive.state).toMatchObject({ name: 'waiting', needsFreshToken: true });
  });

  it('is lost when a fresh token is refused as well', () => {
    const no = { kind: 'unauthorized', canRenew: true } as const;
    const drive = new Drive().does({ name: 'connect', since: null });
    drive.does({ name: 'ticketFailed', trouble: no });
    expect(drive.effects).toEqual([{ type: 'buyTicket', isFresh: true }]);
    drive.does({ name: 'ticketFailed', trouble: no });
    expect(drive.state).toMatchObject({ name: 'refused', reason: 'sign-in' });
  });

  it('of a plain token is lost at the first refusal', () => {
    const drive = new Drive().does({ name: 'connect', since: null });
    drive.does({ name: 'ticketFailed', trouble: { kind: 'unauthorized', canRenew: false } });
    expect(drive.state).toMatchObject({ name: 'refused', reason: 'sign-in' });
  });
});

describe('coming back', () => {
  it('waits longer each time, and starts anew after ten seconds of life', () => {
    const drive = new Drive().does({ name: 'connect', since: null });
    const waits: number[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      drive.does({ name: 'ticketFailed', trouble: { kind: 'unreachable' } });
      waits.push(drive.state.name === 'waiting' ? drive.state.dueMs - drive.nowMs : -1);
      drive.waits(60_000).does({ name: 'tick' });
    }
    expect(waits).toEqual([250, 500, 1_000]);

    drive.reconnects(1).waits(10_000).does({ name: 'closed', code: 1006 });
    expect(drive.state).toMatchObject({ name: 'waiting', dueMs: drive.nowMs + 250 });
  });

  it('does not forget its failures for a connection that died young', () => {
    const drive = new Drive().does({ name: 'connect', since: null });
    drive.does({ name: 'ticketFailed', trouble: { kind: 'unreachable' } }).waits(60_000);
    drive.does({ name: 'tick' }).reconnects(1).waits(9_000).does({ name: 'closed', code: 1006 });
    expect(drive.state).toMatchObject({ name: 'waiting', dueMs: drive.nowMs + 500 });
  });

  it('says offline only after the first try has failed', () => {
    const drive = new Drive().connects(128).waits(20_000).does({ name: 'closed', code: 1006 });
    expect(pathStatus(drive.state).word).toBe('catching-up');
    const heardMs = drive.nowMs - 20_000;
    drive.waits(500).does({ name: 'tick' });
    drive.does({ name: 'ticketFailed', trouble: { kind: 'unreachable' } });
    expect(pathStatus(drive.state)).toEqual({ word: 'offline', lastHeardMs: heardMs });
  });

  it('stays away for good after 4403', () => {
    const drive = new Drive().connects(128).does({ name: 'closed', code: 4403 });
    expect(drive.state).toMatchObject({ name: 'refused', reason: 'forbidden' });
    expect(drive.does({ name: 'wake' }).names).toEqual([]);
  });
});
