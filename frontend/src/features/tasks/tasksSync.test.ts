import { beforeEach, describe, expect, it } from 'vitest';
import { NoAnswer, SignInRequired } from '@/services/api';
import { WebSocketService } from '@/services/websocket/service';
import { FakeWorld } from '../../../test/fakeWorld';
import { aTask, updated } from '../../../test/taskSamples';
import type { Snapshot } from './requests';
import { shownTasks } from './shown';
import { reduceTasks } from './tasksReducer';
import { NO_TASKS, type TasksState } from './tasksState';
import { BATCH_MS, TasksSync } from './tasksSync';

let world: FakeWorld;
let state: TasksState;
let answers: (Snapshot | Error)[];
let asked: number;
let folds: number;
let troubles: unknown[];
let sync: TasksSync;

const snapshot = (seq: number, epoch = 'e1', title = 'task 1'): Snapshot => ({
  name: 'snapshot',
  items: [aTask(1, { title, version: seq })],
  epoch,
  seq,
});

beforeEach(() => {
  world = new FakeWorld();
  [state, answers, asked, folds, troubles] = [NO_TASKS, [], 0, 0, []];
  sync = new TasksSync({
    service: new WebSocketService(world),
    token: 'access',
    fetchSnapshot: async () => {
      asked += 1;
      const answer = answers.shift() ?? new NoAnswer(null);
      if (answer instanceof Error) throw answer;
      return answer;
    },
    dispatch: (event) => {
      folds += 1;
      state = reduceTasks(state, event);
    },
    getState: () => state,
    nowMs: world.nowMs,
    setTimer: (run, delayMs) => world.setTimer(run, delayMs),
    failed: (error) => troubles.push(error),
  });
});

const titles = () => [...shownTasks(state).values()].map((task) => task.title);

async function begin(): Promise<void> {
  answers.push(snapshot(10));
  sync.start();
  await world.settle();
  world.socket.hello(10);
}

describe('the beginning', () => {
  it('takes the list first and the stream from its place on', async () => {
    await begin();
    expect(titles()).toEqual(['task 1']);
    expect(world.socket.address.searchParams.get('since')).toBe('e1.10');
  });

  it('asks again, ever more slowly, while the list cannot be had', async () => {
    sync.start();
    await world.pass(60_000);
    expect(asked).toBeGreaterThan(3);
    expect(asked).toBeLessThan(8);
    expect(troubles[0]).toBeInstanceOf(NoAnswer);
    answers.push(snapshot(10));
    await world.pass(30_000);
    expect(titles()).toEqual(['task 1']);
  });

  it('does not ask for somebody who has to sign in first', async () => {
    answers.push(new SignInRequired());
    sync.start();
    await world.pass(600_000);
    expect(asked).toBe(1);
    answers.push(snapshot(10));
    sync.retry();
    await world.settle();
    expect(titles()).toEqual(['task 1']);
  });
});

describe('the stream', () => {
  beforeEach(begin);

  it('shows a lone frame at once', () => {
    world.socket.say(updated(11, aTask(1, { title: 'new', version: 11 })));
    expect(titles()).toEqual(['new']);
  });

  it('folds a crowd of frames in one go', async () => {
    const before = folds;
    for (let seq = 11; seq <= 510; seq += 1) {
      world.socket.say(updated(seq, aTask(seq, { version: seq })));
    }
    await world.pass(BATCH_MS);
    expect(folds - before).toBe(2);
    expect(state.entries.size).toBe(501);
  });

  it('counts numbers of types that it does not know', async () => {
    world.socket.say({ type: 'dance', seq: 11, data: {} });
    world.socket.say(updated(12, aTask(1, { title: 'new', version: 12 })));
    await world.pass(BATCH_MS);
    expect([titles(), state.wantsSnapshot]).toEqual([['new'], false]);
  });

  it('does not mistake another path’s frames for its own', async () => {
    state = { ...state };
    const before = state;
    sync.stop();
    world.socket.say(updated(11, aTask(1, { title: 'late', version: 11 })));
    await world.pass(1_000);
    expect(state).toBe(before);
  });
});

describe('a reset', () => {
  it('takes the list anew and goes on where it stands', async () => {
    await begin();
    answers.push(snapshot(4, 'e2', 'restored'));
    world.socket.say({ type: 'reset', data: { reason: 'epoch', epoch: 'e2', seq: 3 } });
    world.socket.say(updated(4, aTask(1, { title: 'restored', version: 4 })));
    world.socket.say(updated(5, aTask(1, { title: 'after', version: 5 })));
    await world.pass(BATCH_MS);
    expect([titles(), state.epoch, state.seq]).toEqual([['after'], 'e2', 5]);
    expect(world.sockets).toHaveLength(1);
  });

  it('whose list is older than the frames is answered by another, not in a hurry', async () => {
    await begin();
    answers.push(snapshot(20), snapshot(30, 'e1', 'newer'));
    world.socket.say({ type: 'reset', data: { reason: 'retention', epoch: 'e1', seq: 25 } });
    world.socket.say(updated(26, aTask(2, { version: 26 })));
    await world.settle();
    expect([state.wantsSnapshot, asked]).toEqual([true, 2]);
    await world.pass(1_000);
    expect([titles(), state.wantsSnapshot, state.seq]).toEqual([['newer'], false, 30]);
  });
});

describe('leaving and coming back', () => {
  it('goes on from the state, and hears everything after it', async () => {
    await begin();
    world.socket.say(updated(11, aTask(1, { title: 'first', version: 11 })));
    world.socket.say(updated(12, aTask(1, { title: 'unfolded', version: 12 })));
    sync.stop();
    sync.start();
    await world.settle();
    expect(world.socket.address.searchParams.get('since')).toBe('e1.11');
    world.socket.hello(12);
    world.socket.say(updated(12, aTask(1, { title: 'second', version: 12 })));
    await world.pass(BATCH_MS);
    expect([titles(), asked]).toEqual([['second'], 1]);
  });
});
