/**
 * JSON in one form only, the same bytes as tests/faults/history.py: sorted keys, no spaces, raw
 * unicode. Two languages that agree on the digest agree on the value.
 */
import { createHash } from 'node:crypto';
import type { Task } from '@/features/tasks/task';

export function digest(value: unknown): string {
  return createHash('sha256').update(canonical(value), 'utf8').digest('hex').slice(0, 16);
}

/** Of everything a client holds: its tasks in the order of ids. */
export function stateDigest(tasks: Iterable<Task>): string {
  return digest([...tasks].sort((one, other) => one.id - other.id));
}

export function frameDigest(kind: string, data: unknown): string {
  return digest([kind, data]);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([key, held]) => `${JSON.stringify(key)}:${canonical(held)}`).join(',')}}`;
}
