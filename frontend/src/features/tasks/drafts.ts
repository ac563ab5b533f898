/**
 * What is being typed and was not handed on yet: it survives a reload and a crash of the tab, and
 * stays in that tab. A browser that keeps nothing simply loses it, as any page would.
 */
export interface StoredDraft {
  readonly text: string;
  /** What stood there when the typing began. */
  readonly startedFrom: string;
}

export interface Drafts {
  read(name: string): StoredDraft | null;
  write(name: string, draft: StoredDraft | null): void;
  names(): readonly string[];
}

const PREFIX = 'taskwire-draft';

export function tabDrafts(person: number): Drafts {
  const prefix = `${PREFIX}-${person}-`;
  return {
    read: (name) => readDraft(attempt(() => sessionStorage.getItem(prefix + name))),
    write: (name, draft) => {
      attempt(() => {
        if (draft === null) sessionStorage.removeItem(prefix + name);
        else sessionStorage.setItem(prefix + name, JSON.stringify(draft));
      });
    },
    names: () => keys(prefix).map((key) => key.slice(prefix.length)),
  };
}

export function noDrafts(): Drafts {
  return { read: () => null, write() {}, names: () => [] };
}

/** As with the stored list: only those of whoever is signed in. */
export function forgetDrafts(except?: number): void {
  const kept = except === undefined ? null : `${PREFIX}-${except}-`;
  for (const key of keys(`${PREFIX}-`)) {
    if (kept === null || !key.startsWith(kept)) attempt(() => sessionStorage.removeItem(key));
  }
}

function keys(prefix: string): readonly string[] {
  const all = attempt(() => Object.keys(sessionStorage)) ?? [];
  return all.filter((key) => key.startsWith(prefix));
}

function attempt<Result>(run: () => Result): Result | null {
  try {
    return run();
  } catch {
    return null;
  }
}

function readDraft(text: string | null): StoredDraft | null {
  const found = attempt(() => JSON.parse(text ?? 'null') as Partial<StoredDraft> | null);
  const isWhole = typeof found?.text === 'string' && typeof found.startedFrom === 'string';
  return isWhole ? (found as StoredDraft) : null;
}
