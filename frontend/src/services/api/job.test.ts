import { describe, expect, it } from 'vitest';
import { type Job, later, readJob } from './job';

const job = (done: number, status: Job['status'] = 'running'): Job => ({
  id: 1,
  kind: 'import',
  status,
  done,
  total: 500,
  error: null,
  name: 'list.txt',
});

describe('a word about a job', () => {
  it('that is further is believed, one that comes late is not', () => {
    expect(later(job(10), job(20))).toEqual(job(20));
    expect(later(job(20), job(10))).toEqual(job(20));
  });

  it('ends it once, whatever is said afterwards', () => {
    const ended = later(job(20), job(17, 'cancelled'));
    expect(ended).toEqual(job(17, 'cancelled'));
    expect(later(ended, job(30))).toBe(ended);
  });
});

describe('reading a job', () => {
  it('takes what is one', () => {
    expect(readJob({ ...job(3), more: true })).toEqual(job(3));
    expect(readJob({ id: 1, status: 'queued' })).toEqual({
      ...job(0, 'queued'),
      kind: '',
      total: 0,
      name: '',
    });
  });

  it.each([null, 7, {}, { id: 1 }, { id: 1, status: 'dancing' }, { status: 'done' }])(
    'refuses %j',
    (said) => expect(readJob(said)).toBeNull(),
  );
});
