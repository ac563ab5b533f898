/** Long work on the server, as GET answers it and as the socket tells of it. */
export const JOB_STATUSES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;
export type JobStatus = (typeof JOB_STATUSES)[number];

export interface Job {
  readonly id: number;
  readonly kind: string;
  readonly status: JobStatus;
  readonly done: number;
  readonly total: number;
  /** A sentence of the server, where it failed. */
  readonly error: string | null;
  /** What the person knows it by, such as the name of a file. */
  readonly name: string;
}

const countOf = (value: unknown) => (typeof value === 'number' ? value : 0);

export function readJob(value: unknown): Job | null {
  if (typeof value !== 'object' || value === null) return null;
  const { id, kind, status, done, total, error, name } = value as Record<string, unknown>;
  const known = JOB_STATUSES.find((one) => one === status);
  if (!Number.isSafeInteger(id) || known === undefined) return null;
  return {
    id: id as number,
    kind: typeof kind === 'string' ? kind : '',
    status: known,
    done: countOf(done),
    total: countOf(total),
    error: typeof error === 'string' ? error : null,
    name: typeof name === 'string' ? name : '',
  };
}

export function hasEnded({ status }: Job): boolean {
  return status === 'done' || status === 'failed' || status === 'cancelled';
}

/** Words about a job may be lost or late: it only ever goes forward, and an end is an end. */
export function later(known: Job, word: Job): Job {
  if (hasEnded(known)) return known;
  return hasEnded(word) || word.done >= known.done ? word : known;
}
