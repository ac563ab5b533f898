/**
 * A key that no other write has: a random UUID (RFC 9562, version 4).
 *
 * Not crypto.randomUUID(): browsers keep that from pages served over plain http, as a home server
 * in the local network often is.
 */
export function newIdempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return [8, 12, 16, 20, 32]
    .map((end, part, ends) => hex.slice(ends[part - 1] ?? 0, end))
    .join('-');
}
