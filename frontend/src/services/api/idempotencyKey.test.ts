import { expect, it } from 'vitest';
import { newIdempotencyKey } from './idempotencyKey';

it('is a random UUID, and a new one each time', () => {
  const keys = Array.from({ length: 1_000 }, newIdempotencyKey);
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  expect(keys.filter((key) => !uuid.test(key))).toEqual([]);
  expect(new Set(keys).size).toBe(1_000);
});
