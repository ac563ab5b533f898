/**
 * Node in the place of the browser: the service's own environment, but for the socket and the tab.
 *
 * A tab may be slow (it takes its time for each message; the browser holds what waits, as browsers
 * do) or asleep (neither messages nor timers come through, until it wakes).
 */
import { browserEnvironment } from '@/services/websocket/browserEnvironment';
import type { Environment, Socket, SocketListener } from '@/services/websocket/environment';

const SLOW_MS = 50;

export interface WireWatch {
  /** A socket is asked for; the answer names it. */
  opened(address: URL): number;
  heard(socket: number, text: unknown): void;
}

export class NodeTab {
  readonly environment: Environment;
  readonly #base: () => string;
  readonly #watch: WireWatch;
  readonly #isSlow: boolean;
  readonly #woken = new Set<() => void>();
  #waiting: (() => void)[] = [];
  #isAsleep = false;
  #isWorking = false;

  constructor(base: () => string, watch: WireWatch, isSlow: boolean) {
    this.#base = base;
    this.#watch = watch;
    this.#isSlow = isSlow;
    this.environment = {
      ...browserEnvironment,
      openSocket: (address, listener) => this.#open(address, listener),
      setTimer: (run, delayMs) => browserEnvironment.setTimer(() => this.#take(run), delayMs),
      onWake: (run) => {
        this.#woken.add(run);
        return () => void this.#woken.delete(run);
      },
      onOffline: () => () => {},
    };
  }

  sleep(): void {
    this.#isAsleep = true;
  }

  /** Somebody looks at the tab: what piled up comes through, then the page hears of it. */
  wake(): void {
    this.#isAsleep = false;
    if (!this.#isSlow) this.#workOff();
    for (const run of this.#woken) run();
  }

  #open(address: string, listener: SocketListener): Socket {
    const url = new URL(address, this.#base().replace(/^http/, 'ws'));
    const number = this.#watch.opened(url);
    const socket = new WebSocket(url);
    socket.onmessage = (message) => {
      this.#watch.heard(number, message.data);
      this.#take(() => listener.heard(message.data));
    };
    socket.onclose = (event) => this.#take(() => listener.closed(event.code));
    return {
      send: (text) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(text);
      },
      close: () => socket.close(1000),
    };
  }

  #take(run: () => void): void {
    this.#waiting.push(run);
    if (this.#isAsleep) return;
    if (this.#isSlow) void this.#workSlowly();
    else this.#workOff();
  }

  #workOff(): void {
    for (let run = this.#next(); run; run = this.#next()) run();
  }

  async #workSlowly(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    for (let run = this.#next(); run; run = this.#next()) {
      run();
      await new Promise((rested) => setTimeout(rested, SLOW_MS));
    }
    this.#isWorking = false;
  }

  #next(): (() => void) | undefined {
    return this.#isAsleep ? undefined : this.#waiting.shift();
  }
}
