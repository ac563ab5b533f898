/** Noise is failure: whatever a test makes the code complain about, fails it. */
import { beforeEach, vi } from 'vitest';

beforeEach(() => {
  for (const level of ['error', 'warn'] as const) {
    vi.spyOn(console, level).mockImplementation((...words) => {
      throw new Error(`console.${level}: ${words.map(String).join(' ')}`);
    });
  }
});
