/**
 * Short sentences at the foot of the page, some with a way back. A few at a time: the oldest
 * makes room.
 */
import { createStore } from 'zustand/vanilla';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: 'plain' | 'trouble';
  readonly undo?: (() => void) | undefined;
  /** Leads to what the toast speaks of. */
  readonly action?: ToastAction | undefined;
}

export interface ToastAction {
  readonly label: string;
  run(): void;
}

export const TOAST_MS = 8_000;
const TOASTS_MAX = 3;
let lastId = 0;

export const toastStore = createStore<readonly Toast[]>(() => []);

export function showToast(text: string, undo?: () => void): number {
  return push({ text, tone: 'plain', undo });
}

export function showNews(text: string, action?: ToastAction): number {
  return push({ text, tone: 'plain', action });
}

export function showTrouble(text: string): number {
  return push({ text, tone: 'trouble' });
}

export function dismissToast(id: number): void {
  toastStore.setState((toasts) => toasts.filter((toast) => toast.id !== id), true);
}

/** They speak of somebody's tasks, and that somebody has left. */
export function clearToasts(): void {
  toastStore.setState([], true);
}

export function undoToast(toast: Toast): void {
  dismissToast(toast.id);
  toast.undo?.();
}

export function followToast(toast: Toast): void {
  dismissToast(toast.id);
  toast.action?.run();
}

/** The latest step that can still be taken back; false when there is none. */
export function undoLatest(): boolean {
  const latest = toastStore.getState().findLast((toast) => toast.undo !== undefined);
  if (!latest) return false;
  undoToast(latest);
  return true;
}

function push(toast: Omit<Toast, 'id'>): number {
  lastId += 1;
  const id = lastId;
  toastStore.setState((toasts) => [...toasts, { ...toast, id }].slice(-TOASTS_MAX), true);
  return id;
}
