/**
 * The notifications as a pure fold: (state, event) → state. No clock, no network, no React.
 */
import type { Frame } from '@/services/websocket';
import { type Notification, readNotification } from './notification';
import type { Mark, NotificationsEvent, NotificationsState, Snapshot } from './notificationsState';

/** As many as the server lists; whoever wants older ones will not look for them in a bell. */
export const HELD_MAX = 500;
const EARLY_FRAMES_MAX = 5_000;

export function reduceNotifications(
  state: NotificationsState,
  event: NotificationsEvent,
): NotificationsState {
  return withoutPastMarks(reduce(state, event));
}

function reduce(state: NotificationsState, event: NotificationsEvent): NotificationsState {
  switch (event.name) {
    case 'snapshot':
      return takeSnapshot(state, event);
    case 'frames':
      return event.frames.reduce(applyFrame, { ...state, arrived: [] });
    case 'reset':
      return { ...state, wantsSnapshot: true, early: [] };
    case 'marked':
      return { ...state, marks: [...state.marks, event.mark] };
    case 'answered':
      return takeAnswer(state, event);
    case 'refused':
      return { ...state, marks: state.marks.filter((mark) => mark.key !== event.key) };
  }
}

function takeSnapshot(
  state: NotificationsState,
  { items, epoch, seq, unread }: Snapshot,
): NotificationsState {
  const isSameHistory = state.epoch === epoch;
  const fresh: NotificationsState = {
    epoch,
    seq,
    unread,
    items: new Map(items.map((item) => [item.id, item])),
    // An answer of another history names a number that means nothing in this one.
    marks: isSameHistory ? state.marks : state.marks.filter((mark) => mark.until === null),
    early: [],
    wantsSnapshot: false,
    arrived: [],
  };
  return state.early.reduce(applyFrame, fresh);
}

function applyFrame(state: NotificationsState, frame: Frame): NotificationsState {
  if (frame.seq === undefined) return state;
  if (state.wantsSnapshot || state.seq === null) {
    return { ...state, early: [...state.early, frame].slice(-EARLY_FRAMES_MAX) };
  }
  if (frame.seq <= state.seq) return state;
  // The service delivers in order; should it ever not, the truth is one request away.
  if (frame.seq > state.seq + 1) return { ...state, wantsSnapshot: true, early: [frame] };
  return applyNext({ ...state, seq: frame.seq }, frame);
}

function applyNext(state: NotificationsState, frame: Frame): NotificationsState {
  const item = frame.type.startsWith('notification_') ? readNotification(frame.data) : null;
  if (item === null) return state;
  const isNew = frame.type === 'notification_created';
  const known = state.items.get(item.id);
  const wasUnread = isNew ? false : known === undefined || known.read_at === null;
  const isUnread = item.read_at === null;
  const arrived = isNew && isUnread ? [...state.arrived, item] : state.arrived;
  return {
    ...state,
    arrived,
    unread: Math.max(0, state.unread + Number(isUnread) - Number(wasUnread)),
    items: isNew || known ? withItem(state.items, item) : state.items,
  };
}

function withItem(
  items: ReadonlyMap<number, Notification>,
  item: Notification,
): ReadonlyMap<number, Notification> {
  const next = new Map(items).set(item.id, item);
  if (next.size > HELD_MAX) next.delete(Math.min(...next.keys()));
  return next;
}

function takeAnswer(
  state: NotificationsState,
  { key, position }: Extract<NotificationsEvent, { name: 'answered' }>,
): NotificationsState {
  const isHere = position !== null && position.epoch === state.epoch;
  const until = isHere ? position.seq : 0;
  const marks = state.marks.map((mark) => (mark.key === key ? { ...mark, until } : mark));
  return { ...state, marks };
}

function withoutPastMarks(state: NotificationsState): NotificationsState {
  const seq = state.seq ?? 0;
  const marks = state.marks.filter((mark) => mark.until === null || mark.until > seq);
  return marks.length === state.marks.length ? state : { ...state, marks };
}

/** What the bell shows, newest first, with what was read here already read. */
export function shownNotifications({ items, marks }: NotificationsState): readonly Notification[] {
  const show = (item: Notification) =>
    item.read_at === null && marks.some((mark) => covers(mark, item.id))
      ? { ...item, read_at: item.created_at }
      : item;
  return [...items.values()].sort((one, other) => other.id - one.id).map(show);
}

export function countUnread(state: NotificationsState): number {
  const unread = [...state.items.values()].filter((item) => item.read_at === null);
  const isMarked = (item: Notification) => state.marks.some((mark) => covers(mark, item.id));
  const left = unread.filter((item) => !isMarked(item)).length;
  // What is not held is older than all that is, so "all" means it as well.
  if (state.marks.some((mark) => mark.kind === 'all')) return left;
  return Math.max(left, state.unread - (unread.length - left));
}

function covers(mark: Mark, id: number): boolean {
  return mark.kind === 'one' ? mark.id === id : id <= mark.upTo;
}
