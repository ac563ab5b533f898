/**
 * Which row the keyboard is on and which one is being edited, by the task's lasting name (its
 * first id, also after the server gave it another).
 */
import { createStore } from 'zustand/vanilla';
import type { Task } from './task';

export interface ListFocus {
  readonly name: number | null;
  /** The row should take the browser's focus, not only the mark. */
  readonly wantsGrab: boolean;
  /** The task as it was when its editing began. */
  readonly editing: Task | null;
}

export const listFocus = createStore<ListFocus>(() => ({
  name: null,
  wantsGrab: false,
  editing: null,
}));

export function markRow(name: number): void {
  listFocus.setState({ name });
}

export function focusRow(name: number): void {
  listFocus.setState({ name, wantsGrab: true });
}

export function beginEditing(task: Task, name: number): void {
  listFocus.setState({ editing: task, name });
}

/** With `grab` the focus goes back to the row: editing ended by a key, not by a click elsewhere. */
export function endEditing({ grab }: { grab: boolean }): void {
  listFocus.setState({ editing: null, wantsGrab: grab });
}
