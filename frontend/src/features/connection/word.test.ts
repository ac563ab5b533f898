import { describe, expect, it } from 'vitest';
import { type ConnectionFacts, connectionWord, needsBanner } from './word';

const NOW_MS = 1_000_000;
const WELL: ConnectionFacts = {
  status: { word: 'live' },
  troubleSinceMs: null,
  wantsSnapshot: false,
  hasLoadTrouble: false,
  editsWaiting: 0,
  isSendingStuck: false,
  isSessionOver: false,
};
const CONNECTING = { word: 'catching-up', behind: 0 } as const;
const REFUSED = (reason: 'sign-in' | 'forbidden') => ({ word: 'refused', reason }) as const;

describe('the word', () => {
  it.each<[string, Partial<ConnectionFacts>, object]>([
    ['all is well', {}, { state: 'live' }],
    ['an edit is on its way', { editsWaiting: 1 }, { state: 'live' }],
    [
      'frames are missing',
      { status: { word: 'catching-up', behind: 14 } },
      { state: 'catching-up', behind: 14 },
    ],
    ['the list is being taken', { wantsSnapshot: true }, { state: 'catching-up' }],
    [
      'edits do not get through',
      { isSendingStuck: true, editsWaiting: 3 },
      { state: 'catching-up', waiting: 3 },
    ],
    ['it has just begun', { status: CONNECTING, troubleSinceMs: NOW_MS }, { state: 'catching-up' }],
    [
      'beginning takes too long',
      { status: CONNECTING, troubleSinceMs: NOW_MS - 3_001 },
      { state: 'offline', sinceMs: NOW_MS - 3_001 },
    ],
    [
      'the line is dead',
      { status: { word: 'offline', lastHeardMs: 42 }, troubleSinceMs: 50, editsWaiting: 3 },
      { state: 'offline', sinceMs: 42, waiting: 3 },
    ],
    [
      'nothing was ever heard',
      { status: { word: 'offline', lastHeardMs: null }, troubleSinceMs: 50 },
      { state: 'offline', sinceMs: 50 },
    ],
    [
      'the list cannot be had',
      { status: { word: 'idle' }, hasLoadTrouble: true },
      { state: 'offline' },
    ],
    [
      'the session ended',
      { isSessionOver: true, editsWaiting: 2 },
      { state: 'sign-in', waiting: 2 },
    ],
    ['the token was refused', { status: REFUSED('sign-in') }, { state: 'sign-in' }],
    ['the server wants none of it', { status: REFUSED('forbidden') }, { state: 'stopped' }],
  ])('when %s', (_when, facts, word) => {
    expect(connectionWord({ ...WELL, ...facts }, NOW_MS)).toMatchObject(word);
  });
});

describe('the banner', () => {
  const offline = { state: 'offline', sinceMs: null, waiting: 0 } as const;

  it('comes after five seconds of trouble', () => {
    expect(needsBanner(offline, NOW_MS - 5_000, NOW_MS)).toBe(false);
    expect(needsBanner(offline, NOW_MS - 5_001, NOW_MS)).toBe(true);
  });

  it('does not come for catching up', () => {
    expect(needsBanner({ state: 'catching-up', behind: 9, waiting: 0 }, 0, NOW_MS)).toBe(false);
  });
});
