/**
 * Where a path stands in its stream: the epoch, and the last number below which nothing is missing.
 */
export interface Cursor {
  readonly epoch: string;
  readonly seq: number;
}

export type Verdict = 'next' | 'old' | 'gap';

/** Exactly last + 1 is applied, what is known is dropped, and a gap is repaired: never skipped. */
export function judge(cursor: Cursor, seq: number): Verdict {
  if (seq === cursor.seq + 1) return 'next';
  return seq <= cursor.seq ? 'old' : 'gap';
}

export function formatCursor(cursor: Cursor): string {
  return `${cursor.epoch}.${cursor.seq}`;
}

/** The number follows the last dot: an epoch is the server's word, and may hold dots itself. */
export function parseCursor(text: string): Cursor | null {
  const dot = text.lastIndexOf('.');
  const digits = text.slice(dot + 1);
  if (dot < 1 || !/^\d{1,15}$/.test(digits)) return null;
  return { epoch: text.slice(0, dot), seq: Number(digits) };
}
