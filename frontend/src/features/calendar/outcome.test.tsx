import { describe, expect, it } from 'vitest';
import { takeOutcome } from './outcome';

describe('the outcome in the address', () => {
  it('is taken once, and the rest of the address stays', () => {
    history.replaceState(null, '', '/?view=today&calendar=connected');
    expect(takeOutcome()).toBe('connected');
    expect(location.search).toBe('?view=today');
    expect(takeOutcome()).toBeNull();
  });
});
