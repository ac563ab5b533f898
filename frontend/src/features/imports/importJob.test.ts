import { describe, expect, it } from 'vitest';
import type { Job } from '@/services/api';
import { follow, type ImportState } from './importJob';

const job = (id: number, done: number): Job => ({
  id,
  kind: 'import',
  status: 'running',
  done,
  total: 500,
  error: null,
  name: '',
});
const following = (one: Job): ImportState => ({ name: 'following', job: one });

describe('following an import', () => {
  it('goes forward, and stays the same object for a word that comes late', () => {
    const state = follow(following(job(1, 10)), job(1, 20));
    expect(state).toEqual(following(job(1, 20)));
    expect(follow(state, job(1, 10))).toBe(state);
  });

  it('minds its own job', () => {
    const state = following(job(1, 10));
    expect(follow(state, job(2, 20))).toBe(state);
    expect(follow({ name: 'nothing' }, job(1, 20))).toEqual({ name: 'nothing' });
  });
});
