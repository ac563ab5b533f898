/**
 * Edits in the browser's database: one record per tab of a person, so that no tab can write over
 * another's. What a tab leaves behind is taken over by exactly one other.
 */
import { newIdempotencyKey } from '@/services/api';
import { browserTabLocks, type TabLocks, transact } from '@/services/storage';
import { isKept } from './adoption';
import type { EditStorage, Kept } from './editStorage';

interface TabRecord {
  readonly person: number;
  readonly tab: string;
  readonly items: readonly unknown[];
}

export class IndexedEdits implements EditStorage {
  readonly #person: number;
  readonly #tab = newIdempotencyKey();
  readonly #locks: TabLocks;
  #work: Promise<unknown>;
  #latest: readonly Kept[] = [];
  #isWriting = false;
  #hear: (isLasting: boolean) => void = () => {};

  constructor(person: number, locks: TabLocks = browserTabLocks()) {
    this.#person = person;
    this.#locks = locks;
    this.#work = locks.hold(this.#tab);
  }

  watch(hear: (isLasting: boolean) => void): void {
    this.#hear = hear;
  }

  /** While one write is under way, only the latest wish waits behind it. */
  keep(items: readonly Kept[]): void {
    this.#latest = items;
    if (this.#isWriting) return;
    this.#isWriting = true;
    void this.#queue(() => {
      this.#isWriting = false;
      return this.#write();
    });
  }

  async adopt(take: (items: readonly Kept[]) => void): Promise<void> {
    await this.#work;
    const tabs = (await this.#otherTabs().catch(() => this.#failed())) ?? [];
    const takeOver = (tab: string) => this.#queue(() => this.#takeOver(tab, take));
    await Promise.all(tabs.map((tab) => this.#locks.whenGone(tab, () => takeOver(tab))));
  }

  close(): void {
    void this.#queue(async () => this.#locks.release());
  }

  #queue(job: () => Promise<void>): Promise<void> {
    const done = this.#work.then(job).then(
      () => this.#hear(true),
      () => this.#failed(),
    );
    this.#work = done;
    return done;
  }

  #failed(): undefined {
    this.#hear(false);
  }

  async #write(): Promise<void> {
    await transact('edits', 'readwrite', (store) => this.#put(store, this.#latest));
  }

  #put(store: IDBObjectStore, items: readonly Kept[]): void {
    const record: TabRecord = { person: this.#person, tab: this.#tab, items };
    if (items.length > 0) store.put(record);
    else store.delete([this.#person, this.#tab]);
  }

  async #otherTabs(): Promise<readonly string[]> {
    const found = await transact<IDBValidKey[]>('edits', 'readonly', (store, answer) => {
      const request = store.getAllKeys(allOf(this.#person));
      request.onsuccess = () => answer(request.result);
    });
    const tabs = (found ?? []).map((key) => String((key as IDBValidKey[])[1]));
    return tabs.filter((tab) => tab !== this.#tab);
  }

  /** In one transaction: what changes hands is at no moment nobody's. */
  async #takeOver(tab: string, take: (items: readonly Kept[]) => void): Promise<void> {
    const record = await transact<TabRecord>('edits', 'readwrite', (store, answer) => {
      const request = store.get([this.#person, tab]);
      request.onsuccess = () => {
        if (!request.result) return;
        answer(request.result);
        store.delete([this.#person, tab]);
        this.#put(store, [...readItems(request.result), ...this.#latest]);
      };
    });
    if (record) take(readItems(record));
  }
}

function readItems(record: TabRecord): readonly Kept[] {
  return Array.isArray(record.items) ? record.items.filter(isKept) : [];
}

function allOf(person: number): IDBKeyRange {
  return IDBKeyRange.bound([person], [person, []]);
}
