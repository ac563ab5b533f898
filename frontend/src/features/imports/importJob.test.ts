import { describe, expect, it } from 'vitest';
import { follow, type ImportState, type Job, readJob } from './importJob';

const job = (done: number, status: Job['status'] = 'running'): Job => ({
  id: 'j1',
  status,
  done,
  total: 500,
});
const following = (one: Job): ImportState => ({ name: 'following', job: one });

describe('following an import', () => {
  it('goes forward', () => {
    expect(follow(following(job(10)), job(20))).toEqual(following(job(20)));
  });

  it('never goes back for a word that comes late', () => {
    expect(follow(following(job(20)), job(10))).toEqual(following(job(20)));
  });

  it('ends once, whatever is said afterwards', () => {
    const ended = follow(following(job(20)), job(17, 'cancelled'));
    expect(ended).toEqual(following(job(17, 'cancelled')));
    expect(follow(ended, job(30))).toBe(ended);
  });

  it('minds its own job', () => {
    const state = following(job(10));
    expect(follow(state, { ...job(20), id: 'j2' })).toBe(state);
    expect(follow({ name: 'nothing' }, job(20))).toEqual({ name: 'nothing' });
  });
});

describe('reading a job', () => {
  it('takes what is one', () => {
    const said = { id: 'j1', kind: 'import', status: 'running', done: 3, total: 9, more: true };
    expect(readJob(said)).toEqual({ id: 'j1', status: 'running', done: 3, total: 9 });
  });

  it.each([null, 7, {}, { id: 'j1' }, { id: 'j1', status: 'dancing' }, { status: 'done' }])(
    'refuses %j',
    (said) => {
      expect(readJob(said)).toBeNull();
    },
  );
});
