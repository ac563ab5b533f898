/**
 * Which tabs live: each holds a lock under its own name, and the browser gives it free when the
 * tab is gone, whether closed, reloaded, crashed or killed.
 *
 * Pages on plain http have no locks. There nobody can be seen to live, so whoever starts takes
 * over what it finds; the Idempotency-Keys make sending twice harmless.
 */
export interface TabLocks {
  /** Resolves once this tab is seen to live. */
  hold(tab: string): Promise<void>;
  /** Runs when that tab is gone: at once, or whenever that will be. */
  whenGone(tab: string, run: () => Promise<void>): Promise<void>;
  release(): void;
}

const PREFIX = 'taskwire-tab-';

export function browserTabLocks(): TabLocks {
  return navigator.locks ? realLocks(navigator.locks) : noLocks();
}

function noLocks(): TabLocks {
  return { hold: async () => {}, whenGone: (_tab, run) => run(), release() {} };
}

function realLocks(locks: LockManager): TabLocks {
  const ended = new AbortController();
  const waitedFor = new Set<string>();
  return {
    hold: (tab) =>
      new Promise((held) => {
        const untilEnd = new Promise<void>((end) => {
          ended.signal.addEventListener('abort', () => end());
        });
        const hold = () => {
          held();
          return untilEnd;
        };
        locks.request(PREFIX + tab, { signal: ended.signal }, hold).catch(() => held());
      }),
    whenGone: async (tab, run) => {
      const isGone = await locks.request(PREFIX + tab, { ifAvailable: true }, async (lock) => {
        if (lock !== null) await run();
        return lock !== null;
      });
      if (isGone || waitedFor.has(tab)) return;
      waitedFor.add(tab);
      const { signal } = ended;
      locks.request(PREFIX + tab, { signal }, run).catch(() => {});
    },
    release: () => ended.abort(),
  };
}
