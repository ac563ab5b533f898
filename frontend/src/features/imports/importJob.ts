/**
 * One import and how far it is. Pure.
 *
 *   nothing ──► sending ──► following ──► following (ended)        refused: nothing was imported
 */
export interface Job {
  readonly id: string | number;
  readonly status: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  readonly done: number;
  readonly total: number;
}

/** Names the line at fault, so it is shown as it is, whatever the page's language. */
export interface ServerSaid {
  readonly message: string;
}

export type ImportState =
  | { readonly name: 'nothing' }
  | { readonly name: 'sending' }
  | { readonly name: 'refused'; readonly why: 'tooLarge' | 'noAnswer' | ServerSaid }
  | { readonly name: 'following'; readonly job: Job };

const STATUSES: readonly string[] = ['queued', 'running', 'done', 'failed', 'cancelled'];

export function readJob(value: unknown): Job | null {
  if (typeof value !== 'object' || value === null) return null;
  const { id, status, done, total } = value as Record<string, unknown>;
  if (typeof id !== 'string' && typeof id !== 'number') return null;
  if (typeof status !== 'string' || !STATUSES.includes(status)) return null;
  return {
    id,
    status: status as Job['status'],
    done: typeof done === 'number' ? done : 0,
    total: typeof total === 'number' ? total : 0,
  };
}

export function hasEnded(job: Job): boolean {
  return job.status === 'done' || job.status === 'failed' || job.status === 'cancelled';
}

/** Words about a job may be lost or late: it only ever goes forward, and an end is an end. */
export function follow(state: ImportState, word: Job): ImportState {
  if (state.name !== 'following' || state.job.id !== word.id) return state;
  if (hasEnded(state.job) || (!hasEnded(word) && word.done < state.job.done)) return state;
  return { name: 'following', job: word };
}
