/** Signing up and in. These go without a token, so they use the bare road. */
import { ApiError, NoAnswer, type Send } from '@/services/api';

export interface Credentials {
  readonly email: string;
  readonly password: string;
  readonly name: string;
}

export type AccountAct = 'sign-in' | 'register';

export async function enter(send: Send, act: AccountAct, person: Credentials): Promise<unknown> {
  const { email, password, name } = person;
  const isNew = act === 'register';
  const answer = await send({
    method: 'POST',
    path: isNew ? '/api/auth/register' : '/api/auth/login',
    body: isNew ? { email, password, name } : { email, password },
  });
  return answer.data;
}

export type Refusal =
  | { readonly kind: 'bad_credentials' | 'email_taken' | 'invalid' | 'noAnswer' }
  | { readonly kind: 'throttled'; readonly seconds: number }
  | { readonly kind: 'other'; readonly code: string };

export function readRefusal(error: unknown): Refusal {
  if (error instanceof NoAnswer) return { kind: 'noAnswer' };
  if (!(error instanceof ApiError)) throw error;
  if (error.status === 401) return { kind: 'bad_credentials' };
  if (error.status === 409) return { kind: 'email_taken' };
  if (error.status === 422 || error.status === 400) return { kind: 'invalid' };
  if (error.status === 429) {
    return { kind: 'throttled', seconds: Math.ceil((error.retryAfterMs ?? 1_000) / 1_000) };
  }
  return { kind: 'other', code: error.code };
}
