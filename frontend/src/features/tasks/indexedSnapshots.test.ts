import 'fake-indexeddb/auto';
import { beforeEach, describe, expect, it } from 'vitest';
import { transact } from '@/services/storage';
import { aTask } from '../../../test/taskSamples';
import { forgetSnapshots, indexedSnapshots } from './indexedSnapshots';

const at = (seq: number, epoch = 'e1') => ({ epoch, seq, items: [aTask(1, { version: seq })] });
const ada = indexedSnapshots(1);

async function put(record: object): Promise<void> {
  await transact('snapshots', 'readwrite', (store) => void store.put(record));
}

beforeEach(() => forgetSnapshots());

describe('a stored list', () => {
  it('comes back with its place', async () => {
    await ada.save(at(5, 'an.epoch'));
    expect(await ada.load()).toEqual(at(5, 'an.epoch'));
  });

  it('never moves backwards, whichever tab writes last', async () => {
    await Promise.all([ada.save(at(7)), ada.save(at(5))]);
    expect(await ada.load()).toEqual(at(7));
    await ada.save(at(9));
    expect(await ada.load()).toEqual(at(9));
  });

  it('is replaced by one of another epoch', async () => {
    await ada.save(at(7));
    await ada.save(at(2, 'e2'));
    expect(await ada.load()).toEqual(at(2, 'e2'));
  });

  it('is its person’s alone', async () => {
    await ada.save(at(5));
    expect(await indexedSnapshots(2).load()).toBeNull();
  });

  it('goes when they sign out, and when somebody else signs in', async () => {
    await ada.save(at(5));
    await indexedSnapshots(2).save(at(6));
    await indexedSnapshots(3).save(at(7));
    await forgetSnapshots(2);
    expect(await Promise.all([1, 2, 3].map((id) => indexedSnapshots(id).load()))).toEqual([
      null,
      at(6),
      null,
    ]);
    await forgetSnapshots();
    expect(await indexedSnapshots(2).load()).toBeNull();
  });

  it.each([
    ['another format', { format: 0 }],
    ['a place that is none', { seq: -1 }],
    ['an epoch that is none', { epoch: '' }],
    ['fewer tasks than were written', { count: 2 }],
    ['something else instead of tasks', { items: 'none', count: 0 }],
    ['a task that is none', { items: [{ id: 1 }] }],
  ])('with %s is none', async (_, wrong) => {
    await ada.save(at(5));
    await put({ person: 1, format: 1, ...at(5), count: 1, ...wrong });
    expect(await ada.load()).toBeNull();
  });
});
