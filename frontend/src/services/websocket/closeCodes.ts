/**
 * Why a socket was closed, and what to do about it: the table that browser and server share.
 *
 * Every code is declared *come back* or *stay away*. A code that is not in the table (1006 above
 * all, which is all a browser learns of a line that broke or of a refused upgrade) comes back.
 */
export type AfterClose =
  | { readonly do: 'come back'; readonly waitMsMin: number; readonly needsFreshToken: boolean }
  | { readonly do: 'stay away'; readonly reason: StayAwayReason };

export type StayAwayReason = 'bad-message' | 'forbidden';

export const TOO_MANY_WAIT_MS = 30_000;
export const PROTOCOL_FAULT_WAIT_MS = 10_000;
export const LATER_WAIT_MS = 2_000;

const SOON: AfterClose = { do: 'come back', waitMsMin: 0, needsFreshToken: false };
const SLOWLY: AfterClose = {
  do: 'come back',
  waitMsMin: PROTOCOL_FAULT_WAIT_MS,
  needsFreshToken: false,
};

export const CLOSE_CODES = {
  1000: SOON,
  1001: SOON,
  // Faults of the WebSocket protocol itself: something between us mangles bytes, and hurrying
  // back would meet the same thing again.
  1002: SLOWLY,
  1003: SLOWLY,
  1007: SLOWLY,
  1009: SLOWLY,
  1011: SOON,
  1012: SOON,
  1013: { do: 'come back', waitMsMin: LATER_WAIT_MS, needsFreshToken: false },
  // Our own fault: the same words would be refused again.
  4400: { do: 'stay away', reason: 'bad-message' },
  4401: { do: 'come back', waitMsMin: 0, needsFreshToken: true },
  4403: { do: 'stay away', reason: 'forbidden' },
  4408: SOON,
  4429: { do: 'come back', waitMsMin: TOO_MANY_WAIT_MS, needsFreshToken: false },
} as const satisfies Record<number, AfterClose>;

export function afterClose(code: number): AfterClose {
  return (CLOSE_CODES as Record<number, AfterClose>)[code] ?? SOON;
}
