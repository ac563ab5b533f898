/**
 * Keys, by where they are and not by what they print, so that they work on a Hebrew layout.
 *
 *   'KeyQ'  'Shift+Slash'  'Mod+KeyZ' (Ctrl, or ⌘ on a Mac)  'KeyG KeyT' (one after the other)
 */
import { useEffect, useRef } from 'react';
import { createStore } from 'zustand/vanilla';

export type Shortcuts = Readonly<Record<string, () => void>>;

const SEQUENCE_MS = 1_000;
const STORAGE_KEY = 'taskwire-shortcuts';

/** Single keys can be turned off (WCAG 2.1.4): they are a nuisance to people who dictate. */
export const shortcutsEnabled = createStore<boolean>(
  () => localStorage.getItem(STORAGE_KEY) !== 'off',
);

export function enableShortcuts(isEnabled: boolean): void {
  localStorage.setItem(STORAGE_KEY, isEnabled ? 'on' : 'off');
  shortcutsEnabled.setState(isEnabled, true);
}

export function useShortcuts(shortcuts: Shortcuts): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });
  useEffect(() => listenToKeys(() => current.current), []);
}

function listenToKeys(shortcuts: () => Shortcuts): () => void {
  let first = '';
  let firstMs = 0;
  const hear = (event: KeyboardEvent) => {
    if (event.defaultPrevented || event.isComposing) return;
    const chord = chordOf(event);
    const sequence = event.timeStamp - firstMs < SEQUENCE_MS ? `${first} ${chord}` : '';
    [first, firstMs] = [chord, event.timeStamp];
    const run = shortcuts()[sequence] ?? shortcuts()[chord];
    if (!run || !isMeant(event, chord)) return;
    event.preventDefault();
    run();
  };
  document.addEventListener('keydown', hear);
  return () => document.removeEventListener('keydown', hear);
}

export function chordOf(event: KeyboardEvent): string {
  const isMod = event.ctrlKey || event.metaKey;
  const code = event.code.replace(/^Numpad(?=\d)/, 'Digit');
  return `${isMod ? 'Mod+' : ''}${event.altKey ? 'Alt+' : ''}${event.shiftKey ? 'Shift+' : ''}${code}`;
}

/** Never while typing, never behind a dialog, and single keys only for those who want them. */
function isMeant(event: KeyboardEvent, chord: string): boolean {
  // The dialog closes itself with Esc, as long as nobody takes the key from it.
  if (document.querySelector('dialog[open]')) return false;
  if (chord === 'Escape') return true;
  if (isOn(event.target, KEY_EATERS)) return false;
  if (isPress(chord) && isOn(event.target, PRESSABLE)) return false;
  return chord.startsWith('Mod+') || shortcutsEnabled.getState();
}

const KEY_EATERS = 'input:not([type=checkbox],[type=radio]), textarea, select, [contenteditable]';
const PRESSABLE = 'button, a, input, summary';

/** A button under the focus keeps its own Enter and Space. */
function isPress(chord: string): boolean {
  return chord === 'Enter' || chord === 'Space';
}

function isOn(target: EventTarget | null, selector: string): boolean {
  return target instanceof Element && target.closest(selector) !== null;
}
