/**
 * Every state against every event: tsc refuses this table as long as one of them is missing.
 */
import { describe, expect, it } from 'vitest';
import { step } from './connectionMachine';
import type {
  ConnectionEvent,
  ConnectionState,
  EventName,
  Memory,
  Moment,
  StateName,
} from './connectionState';

const NOW_MS = 1_000_000;
const MOMENT: Moment = { nowMs: NOW_MS, random: 0.5 };
const MEMORY: Memory & { cursor: { epoch: string; seq: number } } = {
  cursor: { epoch: 'e1', seq: 128 },
  attempt: 3,
  refusals: 0,
  lastHeardMs: NOW_MS - 6_000,
  strikes: 0,
  lastStrikeMs: 0,
};

/** Each is at the moment at which its tick is due. */
const STATES: Record<StateName, ConnectionState> = {
  idle: { name: 'idle' },
  ticketing: { name: 'ticketing', memory: MEMORY, dueMs: NOW_MS },
  opening: { name: 'opening', memory: MEMORY, dueMs: NOW_MS },
  live: {
    name: 'live',
    memory: MEMORY,
    epoch: 'e1',
    head: 128,
    heartbeatMs: 15_000,
    sinceMs: NOW_MS - 20_000,
    beatsBehind: 0,
    deadMs: NOW_MS + 24_000,
    renewMs: NOW_MS,
  },
  ranging: { name: 'ranging', memory: { ...MEMORY, strikes: 2 }, dueMs: NOW_MS },
  waiting: {
    name: 'waiting',
    memory: MEMORY,
    dueMs: NOW_MS,
    notBeforeMs: NOW_MS,
    needsFreshToken: false,
  },
  refused: { name: 'refused', memory: MEMORY, reason: 'forbidden' },
};

const HELLO = {
  type: 'hello',
  data: { protocol: 1, epoch: 'e1', seq: 130, heartbeat_seconds: 15 },
};
const NEXT = { type: 'task_update', seq: 129, data: { id: 7 } };

const EVENTS: Record<EventName, ConnectionEvent> = {
  connect: { name: 'connect', since: null },
  disconnect: { name: 'disconnect' },
  ticketReady: { name: 'ticketReady', ticket: 't' },
  ticketFailed: { name: 'ticketFailed', trouble: { kind: 'unreachable' } },
  frame: { name: 'frame', frame: HELLO },
  closed: { name: 'closed', code: 1012 },
  rangeReady: { name: 'rangeReady', frames: [NEXT] },
  rangeFailed: { name: 'rangeFailed' },
  tick: { name: 'tick' },
  wake: { name: 'wake' },
  offline: { name: 'offline' },
};

/** The state it leads to, and what it asks of the world. */
const TABLE: Record<StateName, Record<EventName, string>> = {
  idle: {
    connect: 'ticketing: buyTicket',
    disconnect: 'idle:',
    ticketReady: 'idle:',
    ticketFailed: 'idle:',
    frame: 'idle:',
    closed: 'idle:',
    rangeReady: 'idle:',
    rangeFailed: 'idle:',
    tick: 'idle:',
    wake: 'idle:',
    offline: 'idle:',
  },
  ticketing: {
    connect: 'ticketing:',
    disconnect: 'idle:',
    ticketReady: 'opening: open',
    ticketFailed: 'waiting:',
    frame: 'ticketing:',
    closed: 'ticketing:',
    rangeReady: 'ticketing:',
    rangeFailed: 'ticketing:',
    tick: 'waiting:',
    wake: 'ticketing:',
    offline: 'ticketing:',
  },
  opening: {
    connect: 'opening:',
    disconnect: 'idle: drop',
    ticketReady: 'opening:',
    ticketFailed: 'opening:',
    frame: 'live: deliver',
    closed: 'waiting:',
    rangeReady: 'opening:',
    rangeFailed: 'opening:',
    tick: 'waiting: drop',
    wake: 'opening:',
    offline: 'waiting: drop',
  },
  live: {
    connect: 'live:',
    disconnect: 'idle: drop',
    ticketReady: 'live:',
    ticketFailed: 'live:',
    frame: 'live:',
    closed: 'waiting:',
    rangeReady: 'live:',
    rangeFailed: 'live:',
    tick: 'live: renew',
    wake: 'live: renew',
    offline: 'waiting: drop',
  },
  ranging: {
    connect: 'ranging:',
    disconnect: 'idle:',
    ticketReady: 'ranging:',
    ticketFailed: 'ranging:',
    frame: 'ranging:',
    closed: 'ranging:',
    rangeReady: 'ticketing: deliver buyTicket',
    rangeFailed: 'waiting:',
    tick: 'waiting:',
    wake: 'ranging:',
    offline: 'waiting:',
  },
  waiting: {
    connect: 'waiting:',
    disconnect: 'idle:',
    ticketReady: 'waiting:',
    ticketFailed: 'waiting:',
    frame: 'waiting:',
    closed: 'waiting:',
    rangeReady: 'waiting:',
    rangeFailed: 'waiting:',
    tick: 'ticketing: buyTicket',
    wake: 'ticketing: buyTicket',
    offline: 'waiting:',
  },
  refused: {
    connect: 'ticketing: buyTicket',
    disconnect: 'idle:',
    ticketReady: 'refused:',
    ticketFailed: 'refused:',
    frame: 'refused:',
    closed: 'refused:',
    rangeReady: 'refused:',
    rangeFailed: 'refused:',
    tick: 'refused:',
    wake: 'refused:',
    offline: 'refused:',
  },
};

const cases = Object.entries(TABLE).flatMap(([state, row]) =>
  Object.entries(row).map(([event, expected]) => ({
    state: state as StateName,
    event: event as EventName,
    expected,
  })),
);

describe('every state against every event', () => {
  it.each(cases)('$state + $event → $expected', ({ state, event, expected }) => {
    const next = step(STATES[state], EVENTS[event], MOMENT);
    const effects = next.effects.map((effect) => ` ${effect.type}`).join('');
    expect(`${next.state.name}:${effects}`).toBe(expected);
  });

  it.each(cases)('$state + $event keeps the cursor or is idle', ({ state, event }) => {
    const next = step(STATES[state], EVENTS[event], MOMENT).state;
    if (next.name === 'idle' || state === 'idle') return;
    expect(next.memory.cursor).toEqual(
      state === 'ranging' && event === 'rangeReady'
        ? { epoch: 'e1', seq: 129 }
        : { epoch: 'e1', seq: 128 },
    );
  });
});
