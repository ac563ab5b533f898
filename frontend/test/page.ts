/** A browser's worth of page for component tests, without what jsdom does not draw. */
import { cleanup, configure } from '@testing-library/react';
import { afterEach } from 'vitest';
import { chooseLanguage, startLanguage } from '@/i18n';

const ROW_SPACE_PX = 800;
const PATIENCE_MS = 10_000;

startLanguage();
// What is waited for comes at once; only a machine that runs everything else as well is slow.
configure({ asyncUtilTimeout: PATIENCE_MS });

window.matchMedia = (query) =>
  ({
    matches: query.includes('min-width'),
    addEventListener() {},
    removeEventListener() {},
  }) as unknown as MediaQueryList;

HTMLDialogElement.prototype.showModal = function show() {
  this.open = true;
};
HTMLDialogElement.prototype.close = function close() {
  this.open = false;
};

window.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

// The list asks how much room it has, and draws so many rows.
Object.defineProperty(Element.prototype, 'clientHeight', { get: () => ROW_SPACE_PX });
Object.defineProperty(Element.prototype, 'clientWidth', { get: () => ROW_SPACE_PX });

afterEach(() => {
  cleanup();
  localStorage.clear();
  history.replaceState(null, '', '/');
  chooseLanguage('en');
});
