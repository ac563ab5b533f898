/**
 * One import and how far it is. Pure.
 *
 *   nothing ──► sending ──► following ──► following (ended)        refused: nothing was imported
 */
import { type Job, later } from '@/services/api';

/** Names the line at fault, so it is shown as it is, whatever the page's language. */
export interface ServerSaid {
  readonly message: string;
}

export type Refusal = 'tooLarge' | 'noAnswer' | ServerSaid;

export type ImportState =
  | { readonly name: 'nothing' }
  | { readonly name: 'sending' }
  | { readonly name: 'refused'; readonly why: Refusal }
  | { readonly name: 'following'; readonly job: Job };

export function follow(state: ImportState, word: Job): ImportState {
  if (state.name !== 'following' || state.job.id !== word.id) return state;
  const job = later(state.job, word);
  return job === state.job ? state : { name: 'following', job };
}
