/**
 * Where edits wait while the server cannot be told. In memory for now: closing the tab loses what
 * was never sent, and the page asks before it lets that happen.
 */
import type { Edit } from './edit';

export interface EditStorage {
  keep(edits: readonly Edit[]): void;
  load(): Promise<readonly Edit[]>;
}

export function memoryStorage(): EditStorage {
  let kept: readonly Edit[] = [];
  return {
    keep: (edits) => {
      kept = edits;
    },
    load: async () => kept,
  };
}
