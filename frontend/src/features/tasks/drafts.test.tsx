import { afterEach, describe, expect, it, vi } from 'vitest';
import { forgetDrafts, tabDrafts } from './drafts';

const draft = { text: 'typed', startedFrom: 'before' };

afterEach(() => {
  vi.restoreAllMocks();
  sessionStorage.clear();
});

describe('a draft', () => {
  it('is there after a reload, until it is handed on', () => {
    tabDrafts(1).write('title:7', draft);
    expect([tabDrafts(1).read('title:7'), tabDrafts(1).names()]).toEqual([draft, ['title:7']]);
    tabDrafts(1).write('title:7', null);
    expect(tabDrafts(1).read('title:7')).toBeNull();
  });

  it('is its person’s, and goes when they do', () => {
    tabDrafts(1).write('a', draft);
    tabDrafts(2).write('a', draft);
    forgetDrafts(2);
    expect([tabDrafts(1).read('a'), tabDrafts(2).read('a')]).toEqual([null, draft]);
    forgetDrafts();
    expect(tabDrafts(2).read('a')).toBeNull();
  });

  it('of another day and another page is none', () => {
    sessionStorage.setItem('taskwire-draft-1-a', '{"text":7}');
    sessionStorage.setItem('taskwire-draft-1-b', 'no json');
    expect([tabDrafts(1).read('a'), tabDrafts(1).read('b')]).toEqual([null, null]);
  });

  it('costs nothing but itself where nothing can be kept', () => {
    vi.spyOn(Storage.prototype, 'setItem').mockImplementation(() => {
      throw new DOMException('full', 'QuotaExceededError');
    });
    tabDrafts(1).write('a', draft);
    expect(tabDrafts(1).read('a')).toBeNull();
  });
});
