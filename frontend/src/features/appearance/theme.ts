/** Light, dark, or as the system has it. The stylesheet does the rest. */
import { createStore } from 'zustand/vanilla';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const STORAGE_KEY = 'taskwire-theme';

export const themeStore = createStore<Theme>(
  () => THEMES.find((theme) => theme === localStorage.getItem(STORAGE_KEY)) ?? 'system',
);

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(STORAGE_KEY, theme);
  themeStore.setState(theme, true);
  applyTheme();
}

export function applyTheme(): void {
  document.documentElement.dataset['theme'] = themeStore.getState();
}
