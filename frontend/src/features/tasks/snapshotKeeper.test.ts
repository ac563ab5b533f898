import { beforeEach, describe, expect, it } from 'vitest';
import { FakeWorld } from '../../../test/fakeWorld';
import { aTask, holding, updated } from '../../../test/taskSamples';
import { SnapshotKeeper, WRITE_EVERY_MS } from './snapshotKeeper';
import type { StoredTasks } from './snapshotStore';
import { reduceTasks } from './tasksReducer';
import type { TasksState } from './tasksState';

let world: FakeWorld;
let state: TasksState;
let saved: StoredTasks[];
let forgotten: number;
let keeper: SnapshotKeeper;

beforeEach(() => {
  world = new FakeWorld();
  [state, saved, forgotten] = [holding(aTask(1)), [], 0];
  keeper = new SnapshotKeeper({
    store: {
      load: async () => null,
      save: async (tasks) => void saved.push(tasks),
      forget: async () => {
        forgotten += 1;
      },
    },
    getState: () => state,
    nowMs: world.nowMs,
    setTimer: (run, delayMs) => world.setTimer(run, delayMs),
    whenQuiet: (run) => run(),
  });
});

function hear(seq: number): void {
  const frame = updated(seq, aTask(1, { version: seq }));
  state = reduceTasks(state, { name: 'frames', frames: [frame], nowMs: 1 });
  keeper.look();
}

describe('the list', () => {
  it('is written down some seconds after it changed, with its place', async () => {
    hear(11);
    await world.pass(WRITE_EVERY_MS - 1);
    expect(saved).toEqual([]);
    await world.pass(1);
    expect(saved).toMatchObject([{ epoch: 'e1', seq: 11, items: [{ id: 1, version: 11 }] }]);
  });

  it('is written at a bounded rate under a stream of changes', async () => {
    for (let seq = 11; seq < 111; seq += 1) {
      hear(seq);
      await world.pass(300);
    }
    expect(saved.length).toBeLessThanOrEqual(6);
    await world.pass(WRITE_EVERY_MS);
    expect(saved.at(-1)?.seq).toBe(110);
  });

  it('is not written while nothing changes, nor while it is in doubt', async () => {
    hear(11);
    await world.pass(60_000);
    expect(saved).toHaveLength(1);
    state = reduceTasks(state, { name: 'reset', reason: 'rewind' });
    keeper.look();
    await world.pass(60_000);
    expect(saved).toHaveLength(1);
  });

  it('is written at once when the page is hidden', async () => {
    hear(11);
    keeper.write();
    await world.settle();
    expect(saved.map(({ seq }) => seq)).toEqual([11]);
  });

  it('is forgotten when the server says that numbers mean something else now', async () => {
    keeper.forget();
    await world.settle();
    expect(forgotten).toBe(1);
  });

  it('is left alone once its person has gone', async () => {
    hear(11);
    keeper.stop();
    keeper.write();
    await world.pass(60_000);
    expect(saved).toEqual([]);
  });
});
