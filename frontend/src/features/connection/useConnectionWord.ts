import { useStore } from 'zustand';
import { useNow } from '@/ui/useNow';
import { knownStatus, statusStore } from './statusStore';
import { type ConnectionFacts, type ConnectionWord, connectionWord, needsBanner } from './word';

const SECOND_MS = 1_000;

export type OwnFacts = Omit<ConnectionFacts, 'status' | 'troubleSinceMs'>;

export function useConnectionWord(
  path: string,
  own: OwnFacts,
): { word: ConnectionWord; hasBanner: boolean } {
  const { status, troubleSinceMs } = useStore(statusStore, (all) => knownStatus(all, path));
  const tick = useNow(SECOND_MS).getTime();
  // The tick may be older than the trouble.
  const nowMs = Math.max(tick, troubleSinceMs ?? 0);
  const word = connectionWord({ ...own, status, troubleSinceMs }, nowMs);
  return { word, hasBanner: needsBanner(word, troubleSinceMs, nowMs) };
}
