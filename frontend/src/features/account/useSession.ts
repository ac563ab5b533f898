import { useSyncExternalStore } from 'react';
import { type SessionState, session } from '@/services/api';

export function useSession(): SessionState {
  return useSyncExternalStore(session.subscribe, session.getState);
}
