import { render } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { enableShortcuts, useShortcuts } from './shortcuts';

const run = vi.fn();

function Page() {
  useShortcuts({
    KeyQ: () => run('q'),
    'Shift+Slash': () => run('?'),
    'Mod+KeyZ': () => run('undo'),
    'KeyG KeyT': () => run('today'),
    KeyT: () => run('t'),
    Digit1: () => run('1'),
    Enter: () => run('enter'),
    Escape: () => run('esc'),
  });
  return (
    <>
      <input />
      <button type="button">press</button>
    </>
  );
}

function press(code: string, options: KeyboardEventInit = {}, target: Element = document.body) {
  const event = new KeyboardEvent('keydown', { code, bubbles: true, cancelable: true, ...options });
  target.dispatchEvent(event);
  return event;
}

beforeEach(() => {
  run.mockReset();
  enableShortcuts(true);
  render(<Page />);
});

const ran = () => run.mock.calls.flat();

describe('a key', () => {
  it('is known by its place, so that it works on a Hebrew layout', () => {
    press('KeyQ', { key: '/' });
    press('Slash', { key: '?', shiftKey: true });
    press('Numpad1');
    expect(ran()).toEqual(['q', '?', '1']);
  });

  it('that is used is used up', () => {
    expect(press('KeyQ').defaultPrevented).toBe(true);
    expect(press('KeyW').defaultPrevented).toBe(false);
  });

  it('after another one may mean something else', () => {
    press('KeyG');
    press('KeyT');
    expect(ran()).toEqual(['today']);
  });

  it('belongs to the field while somebody types, all but Esc', () => {
    const field = document.querySelector('input') as Element;
    for (const code of ['KeyQ', 'Enter', 'Escape']) press(code, {}, field);
    press('KeyZ', { ctrlKey: true }, field);
    expect(ran()).toEqual(['esc']);
  });

  it('that presses a button belongs to the button', () => {
    const button = document.querySelector('button') as Element;
    press('Enter', {}, button);
    press('KeyQ', {}, button);
    expect(ran()).toEqual(['q']);
  });

  it('belongs to an open dialog, Esc as well', () => {
    const dialog = document.createElement('dialog');
    document.body.append(dialog);
    dialog.showModal();
    for (const code of ['KeyQ', 'Escape']) press(code);
    dialog.remove();
    expect(ran()).toEqual([]);
  });

  it('alone can be turned off; with Ctrl or ⌘ it still works', () => {
    enableShortcuts(false);
    press('KeyQ');
    press('KeyZ', { ctrlKey: true });
    press('KeyZ', { metaKey: true });
    expect(ran()).toEqual(['undo', 'undo']);
  });

  it('that composes a letter is not one of ours', () => {
    press('KeyQ', { isComposing: true });
    expect(ran()).toEqual([]);
  });
});
