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
  /** Just added here: the list brings it into sight, wherever it was scrolled to. */
  readonly reveal: number | null;
}

const NOWHERE: ListFocus = { name: null, wantsGrab: false, editing: null, reveal: null };

export const listFocus = createStore<ListFocus>(() => NOWHERE);

/** Another person, another list. */
export function forgetRow(): void {
  listFocus.setState(NOWHERE);
}

export function markRow(name: number): void {
  listFocus.setState({ name });
}

export function focusRow(name: number): void {
  listFocus.setState({ name, wantsGrab: true });
}

export function revealRow(name: number): void {
  listFocus.setState({ reveal: name });
}

/** What was open is closed: the row that it belonged to has the keyboard again. */
export function returnToRow(): void {
  if (listFocus.getState().name !== null) listFocus.setState({ wantsGrab: true });
}

export function beginEditing(task: Task, name: number): void {
  listFocus.setState({ editing: task, name });
}

/** With `grab` the focus goes back to the row: editing ended by a key, not by a click elsewhere. */
export function endEditing({ grab }: { grab: boolean }): void {
  listFocus.setState({ editing: null, wantsGrab: grab });
}
