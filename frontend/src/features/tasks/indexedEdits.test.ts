import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { TabLocks } from '@/services/storage';
import { changed } from '../../../test/taskSamples';
import type { EditStorage, Kept } from './editStorage';
import { IndexedEdits } from './indexedEdits';

/** Locks of one browser: what a tab waits for runs when the other one ends. */
class Browser {
  readonly #ends = new Map<string, () => void>();
  readonly #living = new Map<string, Promise<void>>();

  locks(): TabLocks {
    let own = '';
    return {
      hold: async (tab) => {
        own = tab;
        this.#living.set(tab, new Promise((end) => this.#ends.set(tab, end)));
      },
      whenGone: async (tab, run) => {
        const life = this.#living.get(tab);
        if (life) void life.then(run);
        else await run();
      },
      release: () => {
        this.#living.delete(own);
        this.#ends.get(own)?.();
      },
    };
  }
}

let browser: Browser;
const open = (person = 1) => new IndexedEdits(person, browser.locks());
const edit = (key: string) => changed(key, 1, { title: key });
const keys = (items: readonly Kept[]) => items.map((item) => item.key);

beforeEach(() => {
  browser = new Browser();
});

afterEach(async () => {
  // Each test has a database of its own; the page's connection lets go when another version wants it.
  await new Promise((done) => {
    const request = indexedDB.deleteDatabase('taskwire');
    request.onsuccess = done;
  });
});

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((next) => setTimeout(next, 0));
}

async function adopted(storage: EditStorage): Promise<string[]> {
  const taken: string[] = [];
  await storage.adopt((items) => taken.push(...keys(items)));
  return taken;
}

describe('what one tab kept', () => {
  it('is taken over, in order and once, by the next', async () => {
    const before = open();
    before.keep([edit('a')]);
    before.keep([edit('a'), edit('b')]);
    before.close();
    await settle();
    expect(await adopted(open())).toEqual(['a', 'b']);
  });

  it('is not touched while that tab lives, and taken when it ends', async () => {
    const living = open();
    living.keep([edit('a')]);
    await settle();
    const taken: string[] = [];
    await open().adopt((items) => taken.push(...keys(items)));
    expect(taken).toEqual([]);
    living.close();
    await settle();
    expect(taken).toEqual(['a']);
  });

  it('goes to one of two that wait for it', async () => {
    const dead = open();
    dead.keep([edit('a')]);
    dead.close();
    await settle();
    const [one, other] = await Promise.all([adopted(open()), adopted(open())]);
    expect([...one, ...other]).toEqual(['a']);
  });

  it('survives the tab that took it over as well', async () => {
    const first = open();
    first.keep([edit('a')]);
    first.close();
    await settle();
    const second = open();
    await adopted(second);
    second.close();
    await settle();
    expect(await adopted(open())).toEqual(['a']);
  });

  it('is gone once everything got through', async () => {
    const before = open();
    before.keep([edit('a')]);
    before.keep([]);
    before.close();
    await settle();
    expect(await adopted(open())).toEqual([]);
  });

  it('is never another person’s', async () => {
    const ada = open(1);
    ada.keep([edit('a')]);
    ada.close();
    await settle();
    expect(await adopted(open(2))).toEqual([]);
    expect(await adopted(open(1))).toEqual(['a']);
  });

  it('may hold what nobody can read: it is left out', async () => {
    const before = open();
    before.keep([edit('a'), { kind: 'dance' } as unknown as Kept, null as unknown as Kept]);
    before.close();
    await settle();
    expect(await adopted(open())).toEqual(['a']);
  });
});

describe('a browser that keeps nothing', () => {
  it('is told of, and is told of again when it does', async () => {
    const storage = open();
    const said: boolean[] = [];
    storage.watch((isLasting) => said.push(isLasting));
    const factory = vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
      throw new DOMException('forbidden', 'SecurityError');
    });
    storage.keep([edit('a')]);
    await settle();
    expect(said).toEqual([false]);
    factory.mockRestore();
    storage.keep([edit('a'), edit('b')]);
    await settle();
    expect(said).toEqual([false, true]);
    storage.close();
  });
});
