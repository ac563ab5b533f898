/**
 * A world for the socket service: a server of one stream per path, a clock that stands still
 * until it is told to move, and sockets that break on request. Owned by the tests alone.
 */
import type { Environment, SocketListener, TicketAnswer } from '@/services/websocket/environment';
import type { Frame } from '@/services/websocket/frames';

export class FakeSocket {
  readonly address: URL;
  readonly sent: string[] = [];
  isOpen = true;
  readonly #listener: SocketListener;

  constructor(address: string, listener: SocketListener) {
    this.address = new URL(address, 'ws://test');
    this.#listener = listener;
  }

  say(frame: unknown): void {
    this.#listener.heard(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  hello(seq: number, epoch = 'e1'): void {
    this.say({ type: 'hello', data: { protocol: 1, epoch, seq, heartbeat_seconds: 15 } });
  }

  /** The server's side of the end; also after the page has given the socket up. */
  end(code: number): void {
    this.isOpen = false;
    this.#listener.closed(code);
  }
}

interface Timer {
  readonly dueMs: number;
  readonly run: () => void;
}

export class FakeWorld implements Environment {
  readonly sockets: FakeSocket[] = [];
  /** The access token of each ticket that was bought. */
  readonly bought: string[] = [];
  readonly ranges: Frame[][] = [];
  ticketAnswer: (accessToken: string) => TicketAnswer = () => ({ kind: 'ticket', ticket: 'tick' });
  #nowMs = 1_000_000;
  readonly #timers = new Set<Timer>();
  #wake = () => {};
  #offline = () => {};

  get socket(): FakeSocket {
    const latest = this.sockets.at(-1);
    if (!latest) throw new Error('No socket was opened yet.');
    return latest;
  }

  openSocket(address: string, listener: SocketListener) {
    const socket = new FakeSocket(address, listener);
    this.sockets.push(socket);
    return {
      send: (text: string) => void socket.sent.push(text),
      close: () => {
        socket.isOpen = false;
      },
    };
  }

  async buyTicket(accessToken: string): Promise<TicketAnswer> {
    this.bought.push(accessToken);
    return this.ticketAnswer(accessToken);
  }

  async fetchRange(): Promise<readonly Frame[]> {
    const range = this.ranges.shift();
    if (!range) throw new Error('The log cannot be had.');
    return range;
  }

  nowMs = () => this.#nowMs;
  random = () => 0.5;

  setTimer(run: () => void, delayMs: number): () => void {
    const timer = { dueMs: this.#nowMs + delayMs, run };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  onWake(run: () => void): () => void {
    this.#wake = run;
    return () => {};
  }

  onOffline(run: () => void): () => void {
    this.#offline = run;
    return () => {};
  }

  wake(): Promise<void> {
    this.#wake();
    return this.settle();
  }

  goOffline(): Promise<void> {
    this.#offline();
    return this.settle();
  }

  /** Lets what was promised come true, without letting time pass. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
  }

  async pass(ms: number): Promise<void> {
    await this.settle();
    const endMs = this.#nowMs + ms;
    for (let next = this.#next(endMs); next; next = this.#next(endMs)) {
      this.#timers.delete(next);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.run();
      await this.settle();
    }
    this.#nowMs = endMs;
  }

  #next(endMs: number): Timer | undefined {
    const due = [...this.#timers].filter((timer) => timer.dueMs <= endMs);
    return due.sort((one, other) => one.dueMs - other.dueMs)[0];
  }
}
