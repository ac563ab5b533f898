/** Whether the list under the bell is open: a key opens it as well. */
import { createStore } from 'zustand/vanilla';

export const isBellOpen = createStore<boolean>(() => false);

export function toggleBell(): void {
  isBellOpen.setState((isOpen) => !isOpen, true);
}

export function closeBell(): void {
  isBellOpen.setState(false, true);
}
