/**
 * The service: connections by path, and listeners by type of frame.
 *
 *   await service.connect(token, '/ws/tasks');            resolves at hello
 *   const off = service.on('task_update', (task) => …);   the frame is the second argument
 */
import { Connection } from './connection';
import type { ConnectionState, RefusedReason } from './connectionState';
import type { Cursor } from './cursor';
import type { Environment, TokenSource } from './environment';
import type { Frame } from './frames';
import { isSameStatus, type PathStatus, pathStatus } from './pathStatus';

/** `data` is whatever the frame carries; a listener that trusts nobody looks before it uses it. */
// biome-ignore lint/suspicious/noExplicitAny: the public snippet names fields without a cast
export type Listener = (data: any, frame: Frame, path: string) => void;

export interface StatusChange {
  readonly path: string;
  readonly status: PathStatus;
}

export class ConnectionRefused extends Error {
  readonly reason: RefusedReason | 'disconnected';

  constructor(reason: RefusedReason | 'disconnected') {
    super(`The connection was refused: ${reason}.`);
    this.name = 'ConnectionRefused';
    this.reason = reason;
  }
}

export interface ConnectOptions {
  /** Where the caller's snapshot stands; without it, the path starts at the head. */
  readonly since?: Cursor | undefined;
}

interface Path {
  readonly connection: Connection;
  status: PathStatus;
  waiting: { resolve: () => void; reject: (reason: ConnectionRefused) => void }[];
}

export class WebSocketService {
  readonly #environment: Environment;
  readonly #paths = new Map<string, Path>();
  readonly #listeners = new Map<string, Set<Listener>>();

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Rejects only when coming back is pointless; a server that is away is waited for. */
  connect(token: TokenSource, path: string, options: ConnectOptions = {}): Promise<void> {
    const known = this.#paths.get(path) ?? this.#addPath(path);
    known.connection.token = token;
    return new Promise((resolve, reject) => {
      if (known.connection.state.name === 'live') return resolve();
      known.waiting.push({ resolve, reject });
      known.connection.dispatch({ name: 'connect', since: options.since ?? null });
    });
  }

  /** One path, or all of them. */
  disconnect(path?: string): void {
    for (const [name, { connection }] of this.#paths) {
      if (path === undefined || path === name) connection.dispatch({ name: 'disconnect' });
    }
  }

  /** Somebody asks for it: what waits tries now, unless the server itself asked for quiet. */
  hurry(): void {
    this.#tellAll('wake');
  }

  /** Returns its own off. The type '*' hears every frame but the service's own words. */
  on(type: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  status(path: string): PathStatus {
    return this.#paths.get(path)?.status ?? { word: 'idle' };
  }

  cursor(path: string): Cursor | null {
    const state = this.#paths.get(path)?.connection.state;
    return state && state.name !== 'idle' ? state.memory.cursor : null;
  }

  #addPath(path: string): Path {
    if (this.#paths.size === 0) this.#watchTheWorld();
    const connection = new Connection(path, this.#environment, {
      heard: (frame) => this.#hear(frame, path),
      changed: (state) => this.#changed(path, state),
    });
    const added: Path = { connection, status: { word: 'idle' }, waiting: [] };
    this.#paths.set(path, added);
    return added;
  }

  #changed(name: string, state: ConnectionState): void {
    const path = this.#paths.get(name);
    if (!path) return;
    settle(path, state);
    const status = pathStatus(state);
    if (isSameStatus(status, path.status)) return;
    path.status = status;
    const change: StatusChange = { path: name, status };
    this.#emit('connection', { type: 'connection', data: change }, name);
  }

  #hear(frame: Frame, path: string): void {
    this.#emit('*', frame, path);
    this.#emit(frame.type, frame, path);
  }

  #emit(type: string, frame: Frame, path: string): void {
    for (const listener of [...(this.#listeners.get(type) ?? [])]) {
      try {
        listener(frame.data, frame, path);
      } catch (error) {
        // One listener's fault must not cost the others the frame, nor go unseen.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  /** Only once somebody connects: to import the service costs nothing, also where no window is. */
  #watchTheWorld(): void {
    this.#environment.onWake(() => this.#tellAll('wake'));
    this.#environment.onOffline(() => this.#tellAll('offline'));
  }

  #tellAll(name: 'wake' | 'offline'): void {
    for (const { connection } of this.#paths.values()) connection.dispatch({ name });
  }
}

function settle(path: Path, state: ConnectionState): void {
  if (state.name !== 'live' && state.name !== 'refused' && state.name !== 'idle') return;
  const waiting = path.waiting;
  path.waiting = [];
  for (const { resolve, reject } of waiting) {
    if (state.name === 'live') resolve();
    else reject(new ConnectionRefused(state.name === 'idle' ? 'disconnected' : state.reason));
  }
}
