/**
 * The words that travel over a socket, and the one place where untyped JSON becomes one of them.
 *
 * It does not know what a task is: `data` stays unknown until somebody who cares looks at it.
 * Types and keys that nobody here knows are passed on, never refused: a newer server may say more.
 */
export interface Frame {
  readonly type: string;
  /** Missing on words that are passed on but not remembered (progress, a foreign publisher). */
  readonly seq?: number;
  /** The Idempotency-Key of the write that caused this frame. */
  readonly op?: string;
  readonly data: unknown;
}

export interface HelloData {
  readonly epoch: string;
  readonly seq: number;
  readonly heartbeat_seconds: number;
}

export interface ResetData {
  readonly reason: string;
  readonly epoch: string;
  readonly seq: number;
}

const HEARTBEAT_SECONDS_DEFAULT = 15;

export function parseFrame(text: unknown): Frame | null {
  if (typeof text !== 'string') return null;
  try {
    return toFrame(JSON.parse(text));
  } catch {
    return null;
  }
}

export function toFrame(value: unknown): Frame | null {
  if (!isRecord(value) || typeof value['type'] !== 'string') return null;
  const { type, seq, op, data } = value;
  return {
    type,
    data,
    ...(isPosition(seq) ? { seq } : {}),
    ...(typeof op === 'string' ? { op } : {}),
  };
}

export function readHello(data: unknown): HelloData | null {
  if (!isRecord(data) || typeof data['epoch'] !== 'string' || !isPosition(data['seq'])) return null;
  const beat = data['heartbeat_seconds'];
  const isUsable = typeof beat === 'number' && beat > 0;
  return {
    epoch: data['epoch'],
    seq: data['seq'],
    heartbeat_seconds: isUsable ? beat : HEARTBEAT_SECONDS_DEFAULT,
  };
}

export function readReset(data: unknown): ResetData | null {
  if (!isRecord(data) || typeof data['epoch'] !== 'string' || !isPosition(data['seq'])) return null;
  const reason = typeof data['reason'] === 'string' ? data['reason'] : 'unknown';
  return { reason, epoch: data['epoch'], seq: data['seq'] };
}

export function readHeartbeat(data: unknown): number | null {
  return isRecord(data) && isPosition(data['seq']) ? data['seq'] : null;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPosition(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
