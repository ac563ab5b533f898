/**
 * The browser's own database, by its plain API: two stores, each with one record per key.
 *
 * Everything here may fail (a private window, a full disk, a policy): callers treat that as
 * "nothing is kept", never as an error of the page.
 */
const NAME = 'taskwire';
const VERSION = 1;

const KEYS = {
  /** What a tab of a person has not got through yet. */
  edits: ['person', 'tab'],
  /** The list of a person and its place in the stream. */
  snapshots: ['person'],
} as const;

export type StoreName = keyof typeof KEYS;

let opening: Promise<IDBDatabase> | null = null;

/** One transaction on one store; resolves with what `run` asked for once it is on its way to disk. */
export async function transact<Result>(
  name: StoreName,
  mode: IDBTransactionMode,
  run: (store: IDBObjectStore, answer: (result: Result) => void) => void,
): Promise<Result | undefined> {
  const database = await open();
  return new Promise((resolve, reject) => {
    let result: Result | undefined;
    const transaction = database.transaction(name, mode);
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(transaction.error ?? new Error('The database gave up.'));
    run(transaction.objectStore(name), (answer) => {
      result = answer;
    });
  });
}

function open(): Promise<IDBDatabase> {
  opening ??= openOnce().catch((error: unknown) => {
    opening = null;
    throw error;
  });
  return opening;
}

function openOnce(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => makeStores(request.result);
    request.onerror = () => reject(request.error);
    // An older page of ours is still open elsewhere: this one does without.
    request.onblocked = () => reject(new Error('The database is held by another tab.'));
    request.onsuccess = () => resolve(watched(request.result));
  });
}

function makeStores(database: IDBDatabase): void {
  for (const [name, key] of Object.entries(KEYS)) {
    if (!database.objectStoreNames.contains(name)) {
      database.createObjectStore(name, { keyPath: [...key] });
    }
  }
}

/** A newer page wants it, or the person cleared the site: let go, and open anew when needed. */
function watched(database: IDBDatabase): IDBDatabase {
  const forget = () => {
    opening = null;
  };
  database.onclose = forget;
  database.onversionchange = () => {
    database.close();
    forget();
  };
  return database;
}
