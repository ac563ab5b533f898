/**
 * What the service asks of the world, as a port: tests put fakes here, browserEnvironment.ts puts
 * the browser here. No React, and nothing that knows a task.
 */
import type { TicketTrouble } from './connectionState';
import type { Cursor } from './cursor';
import type { Frame } from './frames';

export interface SocketListener {
  heard(text: unknown): void;
  closed(code: number): void;
}

export interface Socket {
  send(text: string): void;
  close(): void;
}

export type TicketAnswer =
  | { readonly kind: 'ticket'; readonly ticket: string }
  | Exclude<TicketTrouble, { kind: 'unauthorized' }>
  | { readonly kind: 'unauthorized' };

export interface Environment {
  /** `address` is a path with its query; which host it belongs to is the environment's affair. */
  openSocket(address: string, listener: SocketListener): Socket;
  /** Never rejects: trouble is an answer like another. */
  buyTicket(accessToken: string): Promise<TicketAnswer>;
  /** The log from `since` on; rejects when it cannot be had. */
  fetchRange(accessToken: string, path: string, since: Cursor): Promise<readonly Frame[]>;
  nowMs(): number;
  random(): number;
  /** Returns its own cancel. */
  setTimer(run: () => void, delayMs: number): () => void;
  /** The network came back or the tab woke. Returns its own off. */
  onWake(run: () => void): () => void;
  onOffline(run: () => void): () => void;
}

/** Why a token is wanted: a fresh one after a refusal, one with some life left for a renewal. */
export type TokenWish = 'connect' | 'refused' | 'renew';

/**
 * An access token, or where to get one. null means that nobody is signed in. A plain string
 * cannot be renewed: once it is refused, the connection stays away.
 */
export type TokenSource = string | null | ((wish: TokenWish) => Promise<string | null>);
