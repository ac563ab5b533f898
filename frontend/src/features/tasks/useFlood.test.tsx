import { renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import { useFlood } from './useFlood';

const shown = (count: number) =>
  renderHook((rows: number) => useFlood(rows), { initialProps: count });

test('a few rows glide to their places', () => {
  const list = shown(100);
  list.rerender(103);
  expect(list.result.current).toBe(false);
  list.rerender(99);
  expect(list.result.current).toBe(false);
});

test('a batch of many rows does not, and the next single one does again', () => {
  const list = shown(100);
  list.rerender(140);
  expect(list.result.current).toBe(true);
  list.rerender(141);
  expect(list.result.current).toBe(false);
});
