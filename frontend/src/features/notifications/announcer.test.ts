import { beforeEach, expect, it } from 'vitest';
import { aNotification } from '../../../test/notificationSamples';
import { Announcer } from './announcer';

let isWatched: boolean;
let read: Set<number>;
let shown: number[][];
let dismissed: number[];
let timers: (() => void)[];
let announcer: Announcer;

beforeEach(() => {
  [isWatched, read, shown, dismissed, timers] = [true, new Set(), [], [], []];
  announcer = new Announcer({
    isWatched: () => isWatched,
    isUnread: (id) => !read.has(id),
    show: (items) => shown.push(items.map((item) => item.id)),
    dismiss: (toast) => dismissed.push(toast),
    setTimer: (run) => {
      timers.push(run);
      return () => {
        timers = timers.filter((one) => one !== run);
      };
    },
  });
});

const arrive = (...ids: number[]) => announcer.arrived(ids.map((id) => aNotification(id)));
const pass = () => {
  for (const run of timers.splice(0)) run();
};

it('says the first at once and the crowd behind it in one sentence', () => {
  arrive(1);
  arrive(2);
  arrive(3, 4);
  expect(shown).toEqual([[1]]);
  pass();
  expect(shown).toEqual([[1], [2, 3, 4]]);
});

it('after a quiet moment begins anew', () => {
  arrive(1);
  pass();
  arrive(2);
  expect(shown).toEqual([[1], [2]]);
});

it('waits while nobody looks', () => {
  isWatched = false;
  arrive(1);
  arrive(2);
  expect(shown).toEqual([]);
  isWatched = true;
  announcer.looked();
  expect(shown).toEqual([[1, 2]]);
});

it('says nothing of what was read meanwhile', () => {
  isWatched = false;
  arrive(1, 2);
  read.add(1);
  isWatched = true;
  announcer.looked();
  expect(shown).toEqual([[2]]);
});

it('takes a toast away once all of it is read, wherever that was', () => {
  arrive(1);
  arrive(2, 3);
  pass();
  read.add(1).add(2);
  announcer.settle();
  expect(dismissed).toEqual([1]);
  read.add(3);
  announcer.settle();
  announcer.settle();
  expect(dismissed).toEqual([1, 2]);
});

it('ends with its person', () => {
  arrive(1);
  arrive(2);
  announcer.stop();
  expect([timers, shown]).toEqual([[], [[1]]]);
});
