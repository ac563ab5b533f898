import { useMemo } from 'react';
import { toggleBell } from '@/features/notifications';
import {
  closeDetail,
  currentRoute,
  navigate,
  QUICK_ADD_ID,
  SEARCH_ID,
  type View,
} from '@/features/tasks';
import { type Shortcuts, useShortcuts } from '@/ui/shortcuts';
import { undoLatest } from '@/ui/toasts';

export function useGlobalKeys(openSheet: () => void): void {
  const shortcuts = useMemo((): Shortcuts => {
    const go = (view: View) => () => navigate({ view, search: '' });
    return {
      KeyQ: () => document.getElementById(QUICK_ADD_ID)?.focus(),
      Slash: () => document.getElementById(SEARCH_ID)?.focus(),
      'Shift+Slash': openSheet,
      'Mod+KeyZ': () => void undoLatest(),
      'KeyG KeyI': go('inbox'),
      'KeyG KeyT': go('today'),
      'KeyG KeyU': go('upcoming'),
      'KeyG KeyN': toggleBell,
      'KeyG KeyS': () => navigate({ isSettings: true }),
      Escape: closeInnermost,
    };
  }, [openSheet]);
  useShortcuts(shortcuts);
}

function closeInnermost(): void {
  const { isSettings, taskId, search } = currentRoute();
  if (isSettings) navigate({});
  else if (taskId !== null) closeDetail();
  else if (search !== '') navigate({ search: '' }, 'replace');
}
