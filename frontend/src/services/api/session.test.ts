import { beforeEach, describe, expect, it } from 'vitest';
import { ApiError, NoAnswer } from './errors';
import type { HttpAnswer, HttpRequest } from './http';
import { Session, type SessionWord, type SessionWorld } from './session';

const ADA = { id: 1, email: 'ada@example.org', name: 'Ada' };

function refusal(status: number): ApiError {
  const fields = { code: 'no', message: 'no', requestId: null, retryAfterMs: null, body: null };
  return new ApiError(status, fields);
}

/** One browser: a cookie that each refresh turns into the next, a lock, and tabs that talk. */
class Browser {
  nowMs = 0;
  refreshes = 0;
  readonly asked: string[] = [];
  trouble: Error | null = null;
  readonly #ears: { owner: object; hear: (word: SessionWord) => void }[] = [];
  #lock: Promise<unknown> = Promise.resolve();

  tab(): Session {
    const owner = {};
    const world: SessionWorld = {
      send: (request) => this.answer(request),
      nowMs: () => this.nowMs,
      exclusively: (run) => {
        const turn = this.#lock.then(run);
        this.#lock = turn.catch(() => {});
        return turn;
      },
      tellOtherTabs: (word) => {
        for (const ear of this.#ears) if (ear.owner !== owner) ear.hear(word);
      },
      onWordFromOtherTab: (hear) => this.#ears.push({ owner, hear }),
    };
    return new Session(world);
  }

  async answer({ path }: HttpRequest): Promise<HttpAnswer> {
    this.asked.push(path);
    await Promise.resolve();
    if (this.trouble) throw this.trouble;
    this.refreshes += 1;
    return { status: 200, data: this.grant(`token ${this.refreshes}`), position: null };
  }

  grant(access_token: string, user = ADA) {
    return { access_token, token_type: 'bearer', expires_in: 900, user };
  }
}

let browser: Browser;
let session: Session;

beforeEach(() => {
  browser = new Browser();
  session = browser.tab();
});

describe('the beginning', () => {
  it('signs in silently by the cookie', async () => {
    await session.restore();
    expect(session.state).toEqual({ name: 'signed-in', user: ADA });
    expect(await session.token()).toBe('token 1');
    expect(browser.asked).toEqual(['/api/auth/refresh']);
  });

  it('without a cookie asks for a password', async () => {
    browser.trouble = refusal(401);
    await session.restore();
    expect(session.state).toEqual({ name: 'signed-out' });
    expect(await session.token()).toBeNull();
  });

  it.each([new NoAnswer(null), refusal(503), refusal(429)])(
    'with a server in trouble decides nothing: %s',
    async (trouble) => {
      browser.trouble = trouble;
      await expect(session.restore()).rejects.toBe(trouble);
      expect(session.state).toEqual({ name: 'restoring' });
    },
  );
});

describe('the token', () => {
  beforeEach(() => session.restore());

  it('is held as long as it lives', async () => {
    browser.nowMs = 14 * 60_000;
    expect(await session.token()).toBe('token 1');
  });

  it('is renewed before it ends', async () => {
    browser.nowMs = 14 * 60_000 + 45_000;
    expect(await session.token()).toBe('token 2');
  });

  it('for a renewal in band has most of its life before it', async () => {
    browser.nowMs = 4 * 60_000;
    expect(await session.token('renew')).toBe('token 1');
    browser.nowMs = 6 * 60_000;
    expect(await session.token('renew')).toBe('token 2');
  });

  it('is another one after a refusal', async () => {
    expect(await session.token('refused')).toBe('token 2');
  });

  it('is refreshed once, however many ask', async () => {
    const asking = Array.from({ length: 20 }, () => session.token('refused'));
    expect(new Set(await Promise.all(asking))).toEqual(new Set(['token 2']));
    expect(browser.refreshes).toBe(2);
  });

  it('is refreshed once across all tabs', async () => {
    const tabs = [session, browser.tab(), browser.tab()];
    await Promise.all(tabs.slice(1).map((tab) => tab.restore()));
    browser.nowMs = 15 * 60_000;
    const before = browser.refreshes;
    const tokens = await Promise.all(tabs.map((tab) => tab.token()));
    expect(browser.refreshes).toBe(before + 1);
    expect(new Set(tokens).size).toBe(1);
  });
});

describe('the end', () => {
  beforeEach(() => session.restore());

  it('while somebody is at work keeps who they are', async () => {
    browser.trouble = refusal(401);
    expect(await session.token('refused')).toBeNull();
    expect(session.state).toEqual({ name: 'ended', user: ADA });
    session.adopt(browser.grant('token again'));
    expect(session.state).toEqual({ name: 'signed-in', user: ADA });
  });

  it('is not near just because the server is away', async () => {
    browser.trouble = new NoAnswer(null);
    await expect(session.token('refused')).rejects.toBe(browser.trouble);
    expect(session.state.name).toBe('signed-in');
  });

  it('by signing out reaches every tab, also when the server cannot be told', async () => {
    const other = browser.tab();
    await other.restore();
    browser.trouble = new NoAnswer(null);
    await session.signOut();
    expect([session.state.name, other.state.name]).toEqual(['signed-out', 'signed-out']);
    expect([await session.token(), await other.token()]).toEqual([null, null]);
  });

  it('and a beginning as somebody else are told as such', () => {
    const states: string[] = [];
    session.subscribe(() => states.push(JSON.stringify(session.state)));
    const other = browser.tab();
    other.adopt(browser.grant('hers', { ...ADA, id: 2, name: 'Grace' }));
    expect(states).toEqual([expect.stringContaining('Grace')]);
  });
});
