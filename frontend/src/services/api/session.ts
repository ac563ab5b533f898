/**
 * Who is signed in, and the access token that proves it.
 *
 *   restoring ──► signed-out ◄──────── signOut
 *       │              │ adopt            ▲
 *       └────────► signed-in ──► ended ───┘     ended: the refresh token was refused while a
 *                      ▲───────────┘ adopt             person was at work; what they typed stays
 *
 * The token lives in memory alone. Refreshing rotates a cookie that all tabs share, so it happens
 * once at a time across tabs, and the others take over what the first one got.
 */
import { ApiError, SignInRequired } from './errors';
import type { Send } from './http';

export interface User {
  readonly id: number;
  readonly email: string;
  readonly name: string;
}

export interface Grant {
  readonly accessToken: string;
  readonly expiresAtMs: number;
  readonly user: User;
}

export type SessionState =
  | { readonly name: 'restoring' }
  | { readonly name: 'signed-out' }
  | { readonly name: 'signed-in'; readonly user: User }
  | { readonly name: 'ended'; readonly user: User };

export type SessionWord =
  | { readonly type: 'grant'; readonly grant: Grant }
  | { readonly type: 'signed-out' };

export interface SessionWorld {
  readonly send: Send;
  nowMs(): number;
  /** Runs one at a time across all tabs of this browser, where the browser can do that. */
  exclusively<Result>(run: () => Promise<Result>): Promise<Result>;
  tellOtherTabs(word: SessionWord): void;
  onWordFromOtherTab(hear: (word: SessionWord) => void): void;
}

export type TokenWish = 'connect' | 'refused' | 'renew';

/** How much life a token must have left to be worth handing out. */
const LIFE_MS_MIN: Record<TokenWish, number> = {
  connect: 30_000,
  renew: 10 * 60_000,
  refused: Number.POSITIVE_INFINITY,
};

export class Session {
  state: SessionState = { name: 'restoring' };
  readonly #world: SessionWorld;
  readonly #listeners = new Set<() => void>();
  #grant: Grant | null = null;
  #refreshing: Promise<Grant | null> | null = null;

  constructor(world: SessionWorld) {
    this.#world = world;
    world.onWordFromOtherTab((word) => this.#hear(word));
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  getState = (): SessionState => this.state;

  /** null when nobody is signed in; rejects when the server cannot be asked. */
  token = async (wish: TokenWish = 'connect'): Promise<string | null> => {
    const held = this.#grant;
    if (held && held.expiresAtMs - this.#world.nowMs() > LIFE_MS_MIN[wish]) return held.accessToken;
    if (this.state.name === 'signed-out' || this.state.name === 'ended') return null;
    return (await this.#refresh())?.accessToken ?? null;
  };

  /** Signs in silently by the cookie. Rejects when the server cannot be asked: try again. */
  async restore(): Promise<void> {
    await this.#refresh();
  }

  /** A person gave their password. */
  adopt(answer: unknown): Grant {
    const grant = readGrant(answer, this.#world.nowMs());
    this.#take(grant);
    this.#world.tellOtherTabs({ type: 'grant', grant });
    return grant;
  }

  /** The page forgets at once; that the server could not be told is no reason to stay. */
  async signOut(): Promise<void> {
    this.#forget();
    this.#world.tellOtherTabs({ type: 'signed-out' });
    await this.#world.send({ method: 'POST', path: '/api/auth/logout' }).catch(() => {});
  }

  #refresh(): Promise<Grant | null> {
    this.#refreshing ??= this.#refreshOnce().finally(() => {
      this.#refreshing = null;
    });
    return this.#refreshing;
  }

  #refreshOnce(): Promise<Grant | null> {
    const before = this.#grant;
    return this.#world.exclusively(async () => {
      // While this tab waited its turn another one may have done the work.
      if (this.#grant !== before && this.#grant !== null) return this.#grant;
      try {
        const answer = await this.#world.send({ method: 'POST', path: '/api/auth/refresh' });
        return this.adopt(answer.data);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        this.#end();
        return null;
      }
    });
  }

  #hear(word: SessionWord): void {
    if (word.type === 'grant') this.#take(word.grant);
    else this.#forget();
  }

  #take(grant: Grant): void {
    this.#grant = grant;
    const known = this.state.name === 'signed-in' ? this.state.user.id : null;
    if (known !== grant.user.id) this.#become({ name: 'signed-in', user: grant.user });
  }

  #end(): void {
    this.#grant = null;
    const person = this.state.name === 'signed-in' || this.state.name === 'ended';
    this.#become(
      person && 'user' in this.state
        ? { name: 'ended', user: this.state.user }
        : { name: 'signed-out' },
    );
  }

  #forget(): void {
    this.#grant = null;
    this.#become({ name: 'signed-out' });
  }

  #become(state: SessionState): void {
    this.state = state;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Only a plain no ends a session; a server in trouble does not. */
function isRefusal(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 401 || error.status === 403);
}

function readGrant(answer: unknown, nowMs: number): Grant {
  const body = answer as { access_token?: unknown; expires_in?: unknown; user?: User } | null;
  if (typeof body?.access_token !== 'string' || !body.user) throw new SignInRequired();
  const lifeMs = typeof body.expires_in === 'number' ? body.expires_in * 1000 : 0;
  return { accessToken: body.access_token, expiresAtMs: nowMs + lifeMs, user: body.user };
}
