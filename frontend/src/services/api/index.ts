/** The page's one way to the server. */
import { browserTabs } from './browserTabs';
import { ApiClient } from './client';
import { send } from './http';
import { Session } from './session';

export const session = new Session({ send, nowMs: () => Date.now(), ...browserTabs() });
export const api = new ApiClient(send, session.token);

export { ApiClient } from './client';
export { ApiError, isPassing, NoAnswer, SignInRequired } from './errors';
export { type HttpAnswer, type HttpRequest, type Send, send } from './http';
export { newIdempotencyKey } from './idempotencyKey';
export { hasEnded, type Job, type JobStatus, later, readJob } from './job';
export { type Grant, Session, type SessionState, type User } from './session';
