/**
 * What the page holds of the notifications: only types and the empty beginning.
 *
 *   items     the server's truth, the newest few hundred
 *   unread    how many are unread on the server, also of those that are not held
 *   marks     what the person has read here and the server has not told us of yet
 */
import type { Frame } from '@/services/websocket';
import type { Notification } from './notification';

/**
 * A mark lives until the frames that it causes have all come, so that nothing flashes unread
 * between the answer and them.
 */
interface MarkLife {
  readonly key: string;
  /** The number after which it is true without us; null as long as there is no answer. */
  readonly until: number | null;
}

export type Mark = MarkLife &
  (
    | { readonly kind: 'one'; readonly id: number }
    /** All that were here when it was asked for: none that came after is read unseen. */
    | { readonly kind: 'all'; readonly upTo: number }
  );

export interface NotificationsState {
  readonly epoch: string | null;
  readonly seq: number | null;
  readonly items: ReadonlyMap<number, Notification>;
  readonly unread: number;
  readonly marks: readonly Mark[];
  /** Numbered frames that came before the snapshot they belong upon. */
  readonly early: readonly Frame[];
  readonly wantsSnapshot: boolean;
  /** What the last fold has brought: for the toasts. */
  readonly arrived: readonly Notification[];
}

export interface Snapshot {
  readonly name: 'snapshot';
  readonly items: readonly Notification[];
  readonly epoch: string;
  readonly seq: number;
  readonly unread: number;
}

export type NotificationsEvent =
  | Snapshot
  | { readonly name: 'frames'; readonly frames: readonly Frame[] }
  | { readonly name: 'reset' }
  | { readonly name: 'marked'; readonly mark: Mark }
  | {
      readonly name: 'answered';
      readonly key: string;
      readonly position: { readonly epoch: string; readonly seq: number } | null;
    }
  | { readonly name: 'refused'; readonly key: string };

export const NO_NOTIFICATIONS: NotificationsState = {
  epoch: null,
  seq: null,
  items: new Map(),
  unread: 0,
  marks: [],
  early: [],
  wantsSnapshot: true,
  arrived: [],
};
