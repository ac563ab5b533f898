/**
 * A server for component tests: it holds tasks, numbers changes and tells the socket, as the real
 * one does. Answers can be held back and refused.
 */

import { BLANK_FIELDS, type Task, type TaskChanges } from '@/features/tasks/task';
import { ApiError, type HttpAnswer, type HttpRequest, NoAnswer } from '@/services/api';
import { FakeWorld } from './fakeWorld';
import { aTask } from './taskSamples';

export class FakeBackend {
  readonly world = new FakeWorld();
  readonly tasks = new Map<number, Task>();
  readonly gone = new Map<number, Task>();
  readonly writes: string[] = [];
  seq = 10;
  refuseWith: number | null = null;
  isAway = false;
  #lastId = 100;
  #gate: Promise<void> = Promise.resolve();

  constructor(...tasks: Task[]) {
    for (const task of tasks) this.tasks.set(task.id, task);
  }

  /** Answers wait until the returned function is called. */
  hold(): () => void {
    let open = () => {};
    this.#gate = new Promise((resolve) => {
      open = resolve;
    });
    return open;
  }

  send = async (request: HttpRequest): Promise<HttpAnswer> => {
    if (this.isAway) throw new NoAnswer(null);
    const { method, path } = request;
    if (method === 'GET')
      return this.#answer({ items: [...this.tasks.values()], epoch: 'e1', seq: this.seq });
    this.writes.push([method, path, JSON.stringify(request.body)].filter(Boolean).join(' '));
    await this.#gate;
    if (this.refuseWith !== null) throw refusal(this.refuseWith);
    return this.#write(request, request.headers?.['Idempotency-Key']);
  };

  /** Somebody else does it, by other means. */
  changes(id: number, changes: TaskChanges, op?: string): Task {
    const before = this.#held(id);
    const task = { ...before, ...changes, version: before.version + 1 };
    this.tasks.set(id, task);
    this.#tell('task_update', task, op);
    return task;
  }

  deletes(id: number, op?: string): void {
    this.gone.set(id, this.#held(id));
    this.tasks.delete(id);
    this.#tell('task_deleted', { task_id: id }, op);
  }

  adds(fields: TaskChanges, op?: string): Task {
    this.#lastId += 1;
    const task = { ...aTask(this.#lastId), ...BLANK_FIELDS, ...fields };
    this.tasks.set(task.id, task);
    this.#tell('task_created', task, op);
    return task;
  }

  #write({ method, path, body, headers }: HttpRequest, op: string | undefined): HttpAnswer {
    const id = Number(/\/api\/tasks\/(-?\d+)/.exec(path)?.[1]);
    if (method === 'POST' && path === '/api/tasks')
      return this.#answer(this.adds(body as TaskChanges, op));
    if (method === 'POST') return this.#restore(id, op);
    if (!this.tasks.has(id)) throw refusal(404);
    this.#checkVersion(id, headers?.['If-Match']);
    if (method === 'PATCH') return this.#answer(this.changes(id, body as TaskChanges, op));
    this.deletes(id, op);
    return this.#answer(null);
  }

  #checkVersion(id: number, asked: string | undefined): void {
    const current = this.#held(id);
    if (asked !== undefined && asked !== `"${current.version}"`) throw refusal(412, { current });
  }

  #restore(id: number, op: string | undefined): HttpAnswer {
    const before = this.gone.get(id);
    if (!before) throw refusal(404);
    const task = { ...before, version: before.version + 1 };
    this.tasks.set(id, task);
    this.#tell('task_created', task, op);
    return this.#answer(task);
  }

  #held(id: number): Task {
    const task = this.tasks.get(id);
    if (!task) throw new Error(`The server holds no task ${id}.`);
    return task;
  }

  #tell(type: string, data: unknown, op: string | undefined): void {
    this.seq += 1;
    this.world.socket.say({ type, seq: this.seq, data, ...(op ? { op } : {}) });
  }

  #answer(data: unknown): HttpAnswer {
    return { status: 200, data, position: `e1.${this.seq}` };
  }
}

function refusal(status: number, body: unknown = null): ApiError {
  const fields = { code: 'no', message: 'no', requestId: null, retryAfterMs: null, body };
  return new ApiError(status, fields);
}
