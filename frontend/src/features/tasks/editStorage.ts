/**
 * Where edits wait while the server cannot be told, as a port. The browser's is indexedEdits.ts;
 * this one is memory: for tests, and for a browser that keeps nothing.
 */
import type { Edit } from './edit';
import type { Held } from './held';

export type Kept = Edit | Held;

export interface EditStorage {
  /** All that waits in this tab, in order; it replaces what was kept before. */
  keep(items: readonly Kept[]): void;
  /**
   * Hands over what tabs of this person have left behind, now and, where a tab still lives, when
   * it ends. Resolves when what could be had at once was handed over.
   */
  adopt(take: (items: readonly Kept[]) => void): Promise<void>;
  /** Hears whether what is kept survives this tab: after each try to keep something. */
  watch(hear: (isLasting: boolean) => void): void;
  close(): void;
}

export function memoryStorage(): EditStorage {
  return { keep() {}, adopt: async () => {}, watch: (hear) => hear(false), close() {} };
}
