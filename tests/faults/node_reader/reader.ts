/**
 * One device of a person: the page's own service, sync and reducer, watched from outside.
 *
 * Nothing here decides anything about numbers; it writes down what came, what was applied and what
 * is held, and makes the kinds of trouble that a person makes: leaving, sleeping, being slow.
 */
import { fetchSnapshot } from '@/features/tasks/requests';
import { reduceTasks } from '@/features/tasks/tasksReducer';
import { NO_TASKS, type TasksEvent, type TasksState } from '@/features/tasks/tasksState';
import { TasksSync } from '@/features/tasks/tasksSync';
import { ApiClient } from '@/services/api/client';
import { send } from '@/services/api/http';
import type { TokenWish } from '@/services/api/session';
import { type Frame, parseFrame, type ResetData } from '@/services/websocket/frames';
import { WebSocketService } from '@/services/websocket/service';
import { frameDigest, stateDigest } from './canonical';
import { NodeTab } from './nodeWorld';
import { type Kind, type Person, pick, type Random } from './plan';
import type { Say } from './recorder';

const LOOKED_AT_EVERY_MS = 5_000;
const STAYS_MS_MAX = 3_000;
const SLEEPS_MS_MIN = 5_000;
const SLEEPS_MS_MAX = 20_000;
const FALLS_ASLEEP = 0.002;

export class Reader {
  readonly #name: string;
  readonly #person: Person;
  readonly #kind: Kind;
  readonly #random: Random;
  readonly #record: Say;
  readonly #tab: NodeTab;
  readonly #service: WebSocketService;
  readonly #sync: TasksSync;
  #token: string;
  #state: TasksState = NO_TASKS;
  #sockets = 0;
  #isAsleep = false;

  constructor(
    name: string,
    person: Person,
    kind: Kind,
    urls: readonly string[],
    record: Say,
    random: Random,
  ) {
    this.#name = name;
    this.#person = person;
    this.#kind = kind;
    this.#random = random;
    this.#record = record;
    this.#token = person.token;
    this.#tab = new NodeTab(() => pick(urls, random), this.#wire(), kind === 'slow');
    this.#service = new WebSocketService(this.#tab.environment);
    this.#service.on('reset', (data: ResetData) => this.#say('reset', { ...data }));
    this.#sync = this.#makeSync();
  }

  start(): void {
    this.#sync.start();
    this.#later(LOOKED_AT_EVERY_MS, () => this.#look());
    if (this.#kind === 'churn') this.#stayAWhile();
  }

  end(): void {
    this.#sync.stop();
    this.#say('count', { name: 'sockets opened', value: this.#sockets });
    this.#say('count', { name: "readers that are the page's own code", value: 1 });
    if (this.#kind === 'guest') {
      this.#say('left', {});
      return;
    }
    const { epoch, seq, entries } = this.#state;
    const held = [...entries.values()].flatMap(({ task }) => (task === null ? [] : [task]));
    this.#say('end', { epoch: epoch ?? '', seq: seq ?? 0, digest: stateDigest(held) });
  }

  #makeSync(): TasksSync {
    const token = (wish: TokenWish) => this.#freshToken(wish);
    const api = new ApiClient(send, token);
    return new TasksSync({
      service: this.#service,
      token,
      fetchSnapshot: () => fetchSnapshot(api),
      dispatch: (event) => this.#dispatch(event),
      getState: () => this.#state,
      nowMs: () => Date.now(),
      setTimer: this.#tab.environment.setTimer,
      failed: () => {},
    });
  }

  #dispatch(event: TasksEvent): void {
    const before = this.#state;
    this.#state = reduceTasks(before, event);
    if (event.name === 'frames') this.#sayApplied(event.frames, before.seq);
    if (event.name !== 'snapshot') return;
    const { epoch, seq, items } = event;
    this.#say('snapshot', { epoch, seq, digest: stateDigest(items) });
    this.#sayApplied(before.early, seq);
  }

  /** What the fold has counted, from its own word: the number it stood at, and stands at now. */
  #sayApplied(frames: readonly Frame[], from: number | null): void {
    let last = from ?? Number.POSITIVE_INFINITY;
    for (const { type, seq, data } of frames) {
      if (seq === undefined || seq <= last || seq > (this.#state.seq ?? 0)) continue;
      last = seq;
      this.#say('apply', { epoch: this.#state.epoch, seq, ...this.#aboutFrame(type, data) });
    }
  }

  #aboutFrame(type: string, data: unknown): Record<string, unknown> {
    const task = data as { id?: number; version?: number; title?: string };
    return {
      digest: frameDigest(type, data),
      task: task.id ?? null,
      version: task.version ?? null,
      canary: task.title?.split(' ')[0] ?? null,
      own_canary: this.#person.canary,
    };
  }

  #wire() {
    return {
      opened: (address: URL) => {
        this.#sockets += 1;
        const since = address.searchParams.get('since') ?? '.0';
        const seq = Number(since.slice(since.lastIndexOf('.') + 1));
        this.#say('open', { socket: this.#sockets, seq });
        return this.#sockets;
      },
      heard: (socket: number, text: unknown) => {
        const seq = parseFrame(text)?.seq;
        if (seq === undefined) return;
        this.#say('wire', { socket, seq, session: this.#person.session });
        if (this.#kind === 'sleepy' && this.#random() < FALLS_ASLEEP) this.#sleep();
      },
    };
  }

  /** A tab that somebody glances at: what waits tries now, as after any wake. */
  #look(): void {
    this.#later(LOOKED_AT_EVERY_MS, () => this.#look());
    if (this.#isAsleep) return;
    this.#tab.wake();
    this.#sync.retry();
  }

  /** Leaves and comes back with what it holds: what a reload with a stored list does. */
  #stayAWhile(): void {
    this.#later(this.#random() * STAYS_MS_MAX, () => {
      this.#sync.stop();
      this.#sync.start();
      this.#stayAWhile();
    });
  }

  #sleep(): void {
    if (this.#isAsleep) return;
    this.#isAsleep = true;
    this.#say('count', { name: 'naps', value: 1 });
    this.#tab.sleep();
    const forMs = SLEEPS_MS_MIN + this.#random() * (SLEEPS_MS_MAX - SLEEPS_MS_MIN);
    this.#later(forMs, () => {
      this.#isAsleep = false;
      this.#tab.wake();
    });
  }

  async #freshToken(wish: TokenWish): Promise<string | null> {
    if (wish !== 'refused') return this.#token;
    if (this.#kind === 'guest') return null;
    const { email, password } = this.#person;
    const body = { email, password };
    const { data } = await send({ method: 'POST', path: '/api/auth/login', body });
    this.#token = (data as { access_token: string }).access_token;
    return this.#token;
  }

  #later(delayMs: number, run: () => void): void {
    setTimeout(run, delayMs);
  }

  #say(f: string, said: Record<string, unknown>): void {
    this.#record(f, { reader: this.#name, channel: `user:${this.#person.id}:tasks`, ...said });
  }
}
