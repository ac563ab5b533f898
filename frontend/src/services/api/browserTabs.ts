/**
 * What tabs of one browser share: a lock and a word. Where a browser lacks either, each tab looks
 * after itself; the server's grace for a token used twice covers the rest.
 */
import type { SessionWord, SessionWorld } from './session';

const NAME = 'taskwire-session';

type Tabs = Pick<SessionWorld, 'exclusively' | 'tellOtherTabs' | 'onWordFromOtherTab'>;

export function browserTabs(): Tabs {
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(NAME);
  return {
    exclusively: (run) => (navigator.locks ? underLock(run) : run()),
    tellOtherTabs: (word) => channel?.postMessage(word),
    onWordFromOtherTab: (hear) => {
      channel?.addEventListener('message', (message: MessageEvent<SessionWord>) => {
        hear(message.data);
      });
    },
  };
}

async function underLock<Result>(run: () => Promise<Result>): Promise<Result> {
  return await navigator.locks.request(NAME, run);
}
