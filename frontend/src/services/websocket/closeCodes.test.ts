import { expect, it } from 'vitest';
import { afterClose, CLOSE_CODES } from './closeCodes';

it('declares each code of the contract', () => {
  const codes = Object.keys(CLOSE_CODES).map(Number);
  const contract = [
    1000, 1001, 1002, 1003, 1007, 1009, 1011, 1012, 1013, 4400, 4401, 4403, 4408, 4429,
  ];
  expect(codes).toEqual(contract);
});

it('stays away only where coming back would meet the same no', () => {
  const away = Object.entries(CLOSE_CODES).filter(([, after]) => after.do === 'stay away');
  expect(away.map(([code]) => Number(code))).toEqual([4400, 4403]);
});

it('gives a person with too many sockets at least half a minute', () => {
  expect(afterClose(4429)).toMatchObject({ do: 'come back', waitMsMin: 30_000 });
});

it('gets another token only when the last one ended', () => {
  expect(afterClose(4401)).toMatchObject({ do: 'come back', needsFreshToken: true });
  expect(afterClose(1012)).toMatchObject({ do: 'come back', needsFreshToken: false });
});

it('comes back after a line that broke and after codes nobody has declared', () => {
  for (const code of [1005, 1006, 4999]) expect(afterClose(code).do).toBe('come back');
});
