/**
 * The notifications of one person: state, what can be done to it, and the road to the server, put
 * together. Made anew for each person who signs in.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { ApiClient } from '@/services/api';
import { ApiError } from '@/services/api';
import { Outbox, SnapshotStream, type StreamEvent, setTimer } from '@/services/sync';
import type { TokenSource, WebSocketService } from '@/services/websocket';
import type { Notification } from './notification';
import { countUnread, reduceNotifications, shownNotifications } from './notificationsReducer';
import {
  type Mark,
  NO_NOTIFICATIONS,
  type NotificationsEvent,
  type NotificationsState,
  type Snapshot,
} from './notificationsState';
import { fetchNotifications, type MarkAnswer, markAll, markOne, sendMark } from './requests';

export const NOTIFICATIONS_PATH = '/ws/notifications';

export interface NotificationsView {
  readonly state: NotificationsState;
  readonly shown: readonly Notification[];
  readonly unread: number;
}

export interface NotificationsWorld {
  readonly api: ApiClient;
  readonly service: WebSocketService;
  readonly token: TokenSource;
  /** What has just come, while the page was listening. */
  arrived(items: readonly Notification[]): void;
  /** The server would not have it: what looked read is unread again. */
  refused(): void;
}

export class Notifications {
  readonly store: StoreApi<NotificationsView>;
  readonly #world: NotificationsWorld;
  readonly #stream: SnapshotStream<Snapshot>;
  readonly #outbox: Outbox<Mark, MarkAnswer>;

  constructor(world: NotificationsWorld) {
    this.#world = world;
    this.store = createStore<NotificationsView>(() => viewOf(NO_NOTIFICATIONS));
    this.#stream = new SnapshotStream(NOTIFICATIONS_PATH, null, this.#streamWorld());
    this.#outbox = new Outbox(this.#outboxWorld());
  }

  start(): void {
    this.#stream.start();
  }

  stop(): void {
    this.#stream.stop();
    this.#outbox.stop();
  }

  /** The line is back, or somebody signed in again. */
  retry(): void {
    this.#stream.retry();
    this.#outbox.kick();
  }

  /** The line is proven to work: what waits may go. */
  sendWaiting(): void {
    this.#outbox.kick();
  }

  markRead(id: number): void {
    const item = this.store.getState().shown.find((one) => one.id === id);
    if (item?.read_at === null) this.#mark(markOne(id));
  }

  markAllRead(): void {
    const newest = this.store.getState().shown[0];
    if (newest && this.store.getState().unread > 0) this.#mark(markAll(newest.id));
  }

  #mark(mark: Mark): void {
    this.#dispatch({ name: 'marked', mark });
    this.#outbox.nudge();
  }

  #dispatch(event: NotificationsEvent): void {
    const { state } = this.store.getState();
    const next = reduceNotifications(state, event);
    if (next === state) return;
    this.store.setState(viewOf(next), true);
    if (event.name === 'frames' && next.arrived.length > 0) this.#world.arrived(next.arrived);
  }

  #streamWorld() {
    return {
      service: this.#world.service,
      token: this.#world.token,
      fetchSnapshot: () => fetchNotifications(this.#world.api),
      dispatch: (event: StreamEvent<Snapshot>) => this.#dispatch(event),
      getState: () => this.store.getState().state,
      nowMs: () => Date.now(),
      setTimer,
      // The indicator speaks of the line; a list that is late is asked for again.
      failed() {},
    };
  }

  #outboxWorld() {
    return {
      edits: () => this.store.getState().state.marks.filter((mark) => mark.until === null),
      send: (mark: Mark) => sendMark(this.#world.api, mark),
      answered: (mark: Mark, { position, left }: MarkAnswer) => {
        this.#dispatch({ name: 'answered', key: mark.key, position });
        if (mark.kind === 'all' && left > 0) this.#dispatch({ name: 'marked', mark: again(mark) });
      },
      refused: (mark: Mark, error: unknown) => {
        this.#dispatch({ name: 'refused', key: mark.key });
        const isGone = error instanceof ApiError && error.status === 404;
        if (!isGone) this.#world.refused();
      },
      stuck() {},
      random: () => Math.random(),
      setTimer,
    };
  }
}

function again(mark: Extract<Mark, { kind: 'all' }>): Mark {
  return markAll(mark.upTo);
}

function viewOf(state: NotificationsState): NotificationsView {
  return { state, shown: shownNotifications(state), unread: countUnread(state) };
}
