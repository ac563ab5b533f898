import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aNotification, came, read, wasRead } from '../../../test/notificationSamples';
import type { Notification } from './notification';
import {
  countUnread,
  HELD_MAX,
  reduceNotifications,
  shownNotifications,
} from './notificationsReducer';
import {
  NO_NOTIFICATIONS,
  type NotificationsEvent,
  type NotificationsState,
} from './notificationsState';

const fold = (state: NotificationsState, ...events: NotificationsEvent[]) =>
  events.reduce(reduceNotifications, state);
const frames = (...list: ReturnType<typeof came>[]): NotificationsEvent => ({
  name: 'frames',
  frames: list,
});
const snapshot = (seq: number, items: Notification[], unread?: number): NotificationsEvent => ({
  name: 'snapshot',
  items,
  epoch: 'e1',
  seq,
  unread: unread ?? items.filter((item) => item.read_at === null).length,
});
const holding = (...items: Notification[]) => fold(NO_NOTIFICATIONS, snapshot(10, items));
const marked = (id: number): NotificationsEvent => ({
  name: 'marked',
  mark: { kind: 'one', key: `k${id}`, id, until: null },
});
const allMarked = (upTo: number): NotificationsEvent => ({
  name: 'marked',
  mark: { kind: 'all', key: 'all', upTo, until: null },
});
const answered = (key: string, seq: number): NotificationsEvent => ({
  name: 'answered',
  key,
  position: { epoch: 'e1', seq },
});
const unreadIds = (state: NotificationsState) =>
  shownNotifications(state).flatMap((item) => (item.read_at === null ? [item.id] : []));

describe('what arrives', () => {
  it('stands above what was there, and is news', () => {
    const state = fold(holding(aNotification(1)), frames(came(11, aNotification(2))));
    expect(shownNotifications(state).map((item) => item.id)).toEqual([2, 1]);
    expect([countUnread(state), state.arrived.map((item) => item.id)]).toEqual([2, [2]]);
  });

  it('is news once, and not when it was read before it came', () => {
    const state = fold(
      holding(),
      frames(came(11, aNotification(1))),
      frames(came(12, read(aNotification(2)))),
    );
    expect([state.arrived, countUnread(state)]).toEqual([[], 1]);
  });

  it('twice is counted once', () => {
    const state = fold(holding(), frames(came(11, aNotification(1)), came(11, aNotification(1))));
    expect([countUnread(state), state.seq]).toEqual([1, 11]);
  });

  it('before the list waits for it, and what comes with the list is no news', () => {
    const early = fold(NO_NOTIFICATIONS, frames(came(11, aNotification(2))));
    expect(shownNotifications(early)).toEqual([]);
    const state = fold(early, snapshot(10, [aNotification(1)]));
    expect([unreadIds(state), state.arrived.length, state.seq]).toEqual([[2, 1], 1, 11]);
  });

  it('beyond a gap asks for the list anew', () => {
    const state = fold(holding(), frames(came(12, aNotification(2))));
    expect([state.wantsSnapshot, state.seq]).toEqual([true, 10]);
    expect(unreadIds(fold(state, snapshot(11, [aNotification(1)])))).toEqual([2, 1]);
  });

  it('pushes out the oldest', () => {
    const items = Array.from({ length: HELD_MAX }, (_, index) => aNotification(index + 1));
    const state = fold(holding(...items), frames(came(11, aNotification(HELD_MAX + 1))));
    expect([state.items.size, state.items.has(1)]).toEqual([HELD_MAX, false]);
    expect(countUnread(state)).toBe(HELD_MAX + 1);
  });

  it('of another type counts as a number and nothing else', () => {
    const state = fold(holding(), frames({ type: 'dance', seq: 11, data: { id: 1 } }));
    expect([state.seq, countUnread(state)]).toEqual([11, 0]);
  });
});

describe('reading', () => {
  const two = () => holding(aNotification(1), aNotification(2));

  it('shows at once', () => {
    const state = fold(two(), marked(1));
    expect([unreadIds(state), countUnread(state)]).toEqual([[2], 1]);
  });

  it('is never unread again between the answer and its frame', () => {
    const answer = fold(two(), marked(1), answered('k1', 11));
    expect([unreadIds(answer), answer.marks.length]).toEqual([[2], 1]);
    const state = fold(answer, frames(wasRead(11, aNotification(1))));
    expect([unreadIds(state), countUnread(state), state.marks]).toEqual([[2], 1, []]);
  });

  it('whose frame came first ends with the answer', () => {
    const state = fold(two(), marked(1), frames(wasRead(11, aNotification(1))), answered('k1', 11));
    expect([unreadIds(state), countUnread(state), state.marks]).toEqual([[2], 1, []]);
  });

  it('is taken back when it is refused', () => {
    const state = fold(two(), marked(1), { name: 'refused', key: 'k1' });
    expect([unreadIds(state), countUnread(state)]).toEqual([[2, 1], 2]);
  });

  it('elsewhere is read here', () => {
    const state = fold(two(), frames(wasRead(11, aNotification(2))));
    expect([unreadIds(state), countUnread(state)]).toEqual([[1], 1]);
  });

  it('of one that is older than the list counts as well', () => {
    const state = fold(
      NO_NOTIFICATIONS,
      snapshot(10, [aNotification(5)], 3),
      frames(wasRead(11, aNotification(1))),
    );
    expect([countUnread(state), state.items.has(1)]).toEqual([2, false]);
  });

  it('of all means what was there, also what is not listed', () => {
    const state = fold(
      NO_NOTIFICATIONS,
      snapshot(10, [aNotification(5)], 700),
      allMarked(5),
      frames(came(11, aNotification(6))),
    );
    expect([unreadIds(state), countUnread(state)]).toEqual([[6], 1]);
  });
});

describe('a reset', () => {
  it('keeps what is shown until the new list is there, then believes that one', () => {
    const state = fold(holding(aNotification(1)), { name: 'reset' });
    expect([unreadIds(state), state.wantsSnapshot]).toEqual([[1], true]);
    expect(unreadIds(fold(state, snapshot(3, [aNotification(7)])))).toEqual([7]);
  });
});

/** A server, a page and the two roads between them; each step is one thing that may happen. */
class Weather {
  readonly server = new Map<number, Notification>();
  state = holding();
  readonly #log: ReturnType<typeof came>[] = [];
  readonly #answers: NotificationsEvent[] = [];
  #told = 0;

  readonly steps = {
    create: () => {
      const item = aNotification(this.server.size + 1);
      this.server.set(item.id, item);
      this.#log.push(came(11 + this.#log.length, item));
    },
    'read elsewhere': (id: number) => this.#readThere(id),
    'read here': (id: number) => {
      if (!unreadIds(this.state).includes(id)) return;
      this.state = fold(this.state, marked(id));
      this.#readThere(id);
      this.#answers.push(answered(`k${id}`, 10 + this.#log.length));
    },
    answer: () => this.#tell(...this.#answers.splice(0, 1)),
    frame: () => this.#deliver(this.#told + 1),
  };

  end(): void {
    this.#tell(...this.#answers.splice(0));
    this.#deliver(this.#log.length);
  }

  #readThere(id: number): void {
    const item = this.server.get(id);
    if (!item || item.read_at !== null) return;
    this.server.set(id, read(item));
    this.#log.push(wasRead(11 + this.#log.length, item));
  }

  #tell(...events: NotificationsEvent[]): void {
    this.state = fold(this.state, ...events);
  }

  #deliver(upTo: number): void {
    this.#tell(frames(...this.#log.slice(this.#told, upTo)));
    this.#told = Math.min(upTo, this.#log.length);
  }
}

describe('any order of frames, marks and answers', () => {
  const kinds = ['create', 'read elsewhere', 'read here', 'answer', 'frame'] as const;
  const steps = fc.array(fc.tuple(fc.constantFrom(...kinds), fc.nat(20)), { maxLength: 60 });

  it('ends with what the server holds', () => {
    fc.assert(
      fc.property(steps, (list) => {
        const weather = new Weather();
        for (const [kind, pick] of list) weather.steps[kind](pick);
        weather.end();
        const { state, server } = weather;
        expect([...state.items]).toEqual([...server]);
        expect([state.marks, state.unread]).toEqual([[], unreadIds(state).length]);
        expect(countUnread(state)).toBe(state.unread);
      }),
    );
  });
});
