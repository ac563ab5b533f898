/**
 * One path's connection: the thin shell that performs what the machine decides.
 *
 * Whatever arrives late (a socket that closes after it was given up, a ticket that took too long)
 * is recognized by identity and ignored.
 */
import { step } from './connectionMachine';
import {
  type ConnectionEvent,
  type ConnectionState,
  type Effect,
  IDLE,
  nextTickMs,
} from './connectionState';
import { type Cursor, formatCursor } from './cursor';
import type { Environment, Socket, TicketAnswer, TokenSource, TokenWish } from './environment';
import { type Frame, parseFrame } from './frames';

/** setTimeout's own limit is far above; this one only keeps a sleeping timer from being trusted. */
const TIMER_MS_MAX = 60_000;

export interface ConnectionOwner {
  heard(frame: Frame): void;
  changed(state: ConnectionState): void;
}

export class Connection {
  state: ConnectionState = IDLE;
  token: TokenSource = null;
  readonly #path: string;
  readonly #environment: Environment;
  readonly #owner: ConnectionOwner;
  readonly #events: ConnectionEvent[] = [];
  #isBusy = false;
  #socket: Socket | null = null;
  /** Which question is being asked; answers to earlier ones are nobody's. */
  #asking: object | null = null;
  #cancelTimer = () => {};

  constructor(path: string, environment: Environment, owner: ConnectionOwner) {
    this.#path = path;
    this.#environment = environment;
    this.#owner = owner;
  }

  /** Events that a listener causes wait their turn: a step is never inside another. */
  dispatch(event: ConnectionEvent): void {
    this.#events.push(event);
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let next = this.#events.shift(); next; next = this.#events.shift()) this.#take(next);
    this.#isBusy = false;
  }

  #take(event: ConnectionEvent): void {
    const before = this.state;
    const moment = { nowMs: this.#environment.nowMs(), random: this.#environment.random() };
    const next = step(before, event, moment);
    this.state = next.state;
    if (next.state.name !== before.name) this.#asking = null;
    for (const effect of next.effects) this.#perform(effect);
    this.#setTimer();
    if (next.state !== before) this.#owner.changed(next.state);
  }

  #perform(effect: Effect): void {
    if (effect.type === 'buyTicket') this.#buyTicket(effect.isFresh ? 'refused' : 'connect');
    else if (effect.type === 'open') this.#open(effect.ticket, effect.since);
    else if (effect.type === 'drop') this.#drop();
    else if (effect.type === 'renew') this.#renew();
    else if (effect.type === 'fetchRange') this.#fetchRange(effect.since);
    else this.#owner.heard(effect.frame);
  }

  #buyTicket(wish: TokenWish): void {
    this.#ask(
      this.#ticketFor(wish),
      (answer) => this.dispatch(toTicketEvent(answer, typeof this.token === 'function')),
      () => this.dispatch({ name: 'ticketFailed', trouble: { kind: 'unreachable' } }),
    );
  }

  async #ticketFor(wish: TokenWish): Promise<TicketAnswer | null> {
    const token = await this.#accessToken(wish);
    return token === null ? null : this.#environment.buyTicket(token);
  }

  async #accessToken(wish: TokenWish): Promise<string | null> {
    return typeof this.token === 'function' ? this.token(wish) : this.token;
  }

  #ask<Answer>(question: Promise<Answer>, then: (answer: Answer) => void, otherwise: () => void) {
    const asking = {};
    this.#asking = asking;
    question.then(
      (answer) => this.#asking === asking && then(answer),
      () => this.#asking === asking && otherwise(),
    );
  }

  #open(ticket: string, since: Cursor | null): void {
    const query = new URLSearchParams({ token: ticket });
    if (since !== null) query.set('since', formatCursor(since));
    const socket = this.#environment.openSocket(`${this.#path}?${query}`, {
      heard: (text) => this.#socket === socket && this.#hear(text),
      closed: (code) => this.#socket === socket && this.#closed(code),
    });
    this.#socket = socket;
  }

  #hear(text: unknown): void {
    const frame = parseFrame(text);
    if (frame !== null) this.dispatch({ name: 'frame', frame });
  }

  #closed(code: number): void {
    this.#socket = null;
    this.dispatch({ name: 'closed', code });
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    socket?.close();
  }

  /** Proves in band who we are. If no token is to be had, the server's 4401 starts the usual way. */
  #renew(): void {
    const socket = this.#socket;
    this.#accessToken('renew').then(
      (token) => {
        if (token === null || this.#socket !== socket) return;
        socket?.send(JSON.stringify({ type: 'auth', data: { token } }));
      },
      () => {},
    );
  }

  #fetchRange(since: Cursor): void {
    this.#ask(
      this.#rangeFor(since),
      (frames) => this.dispatch({ name: 'rangeReady', frames }),
      () => this.dispatch({ name: 'rangeFailed' }),
    );
  }

  async #rangeFor(since: Cursor): Promise<readonly Frame[]> {
    const token = await this.#accessToken('connect');
    if (token === null) throw new Error('Nobody is signed in.');
    return this.#environment.fetchRange(token, this.#path, since);
  }

  #setTimer(): void {
    this.#cancelTimer();
    const dueMs = nextTickMs(this.state);
    if (dueMs === null) return;
    const delayMs = Math.max(0, dueMs - this.#environment.nowMs());
    const tick = () => this.dispatch({ name: 'tick' });
    this.#cancelTimer = this.#environment.setTimer(tick, Math.min(delayMs, TIMER_MS_MAX));
  }
}

function toTicketEvent(answer: TicketAnswer | null, canRenew: boolean): ConnectionEvent {
  if (answer === null) {
    return { name: 'ticketFailed', trouble: { kind: 'unauthorized', canRenew: false } };
  }
  if (answer.kind === 'ticket') return { name: 'ticketReady', ticket: answer.ticket };
  if (answer.kind === 'unauthorized') {
    return { name: 'ticketFailed', trouble: { kind: 'unauthorized', canRenew } };
  }
  return { name: 'ticketFailed', trouble: answer };
}
