/**
 * The tasks as a pure fold: (state, event) → state. No clock, no network, no React.
 *
 * Echo, answer and other people's edits may arrive in any order; whatever the order, the entries
 * end equal to what the server holds, and nothing shown ever goes back to an older version.
 */
import type { Frame } from '@/services/websocket';
import { adoptKept } from './adoption';
import { confirm, refuse } from './confirmation';
import { settleAgreed, takeChoice, takeGone, takeStale } from './held';
import { applyHint, forgetHint, isHint } from './hints';
import { isSameValue, readId, readTask, type Task } from './task';
import type { Entry, TasksEvent, TasksState, Touch } from './tasksState';

/** More than that is not worth holding: the next snapshot has it all anyway. */
export const EARLY_FRAMES_MAX = 5_000;

export function reduceTasks(state: TasksState, event: TasksEvent): TasksState {
  return settleAgreed(reduce(state, event));
}

function reduce(state: TasksState, event: TasksEvent): TasksState {
  switch (event.name) {
    case 'snapshot':
      return takeSnapshot(state, event);
    case 'frames':
      return applyFrames(state, event.frames, event.nowMs);
    case 'reset':
      return {
        ...state,
        wantsSnapshot: true,
        early: [],
        isRewound: state.isRewound || event.reason === 'rewind' || event.reason === 'epoch',
      };
    case 'edited':
      return { ...state, edits: [...state.edits, event.edit] };
    case 'answered':
      return takeAnswer(state, event);
    case 'refused':
      return refuse(state, event.key);
    case 'stale':
      return takeStale(state, event.key, event.current);
    case 'gone':
      return takeGone(state, event.key);
    case 'chosen':
      return takeChoice(state, event.key, event.edits);
    case 'adopted':
      return adoptKept(state, event.items);
  }
}

function takeSnapshot(
  state: TasksState,
  { items, epoch, seq }: Extract<TasksEvent, { name: 'snapshot' }>,
): TasksState {
  const entries = new Map<number, Entry>(items.map((task) => [task.id, { task, seq }]));
  const isSameHistory = state.epoch === epoch && !state.isRewound;
  if (isSameHistory) keepNewer(entries, state.entries, seq);
  const fresh: TasksState = {
    ...state,
    epoch,
    seq,
    entries,
    hints: new Map(),
    early: [],
    wantsSnapshot: false,
    isRewound: false,
  };
  // nowMs 0: what arrived with a snapshot is not news, and gets no tint.
  return applyFrames(fresh, state.early, 0);
}

/** What an answer has already told us beyond the snapshot must not be untold by it. */
function keepNewer(entries: Map<number, Entry>, known: ReadonlyMap<number, Entry>, seq: number) {
  for (const [id, entry] of known) {
    if (entry.seq > seq) entries.set(id, entry);
  }
}

function applyFrames(state: TasksState, frames: readonly Frame[], nowMs: number): TasksState {
  const draft = new Draft(state, nowMs);
  for (const frame of frames) draft.apply(frame);
  return draft.state;
}

/** One copy of the maps for a whole batch: an import brings five hundred frames at once. */
class Draft {
  state: TasksState;
  readonly #nowMs: number;
  #entries: Map<number, Entry> | null = null;
  #touches: Map<number, Touch> | null = null;

  constructor(state: TasksState, nowMs: number) {
    this.state = state;
    this.#nowMs = nowMs;
  }

  apply(frame: Frame): void {
    if (frame.seq === undefined) this.#applyHint(frame);
    else if (this.state.wantsSnapshot || this.state.seq === null) this.#keepForLater(frame);
    else if (frame.seq > this.state.seq + 1) this.#missSomething(frame);
    else if (frame.seq === this.state.seq + 1) this.#applyNext(frame, frame.seq);
  }

  #applyHint(frame: Frame): void {
    const next = applyHint(this.state, frame);
    if (next === this.state || !isHint(frame)) return;
    this.state = next;
    const id = idOf(frame);
    if (id !== null) this.#touch(id);
  }

  #keepForLater(frame: Frame): void {
    this.state = { ...this.state, early: [...this.state.early, frame].slice(-EARLY_FRAMES_MAX) };
  }

  /** The service delivers in order; should it ever not, the truth is one request away. */
  #missSomething(frame: Frame): void {
    this.state = { ...this.state, wantsSnapshot: true, early: [frame] };
  }

  #applyNext(frame: Frame, seq: number): void {
    this.state = { ...this.state, seq };
    const id = idOf(frame);
    if (id === null) return;
    const task = frame.type === 'task_deleted' ? null : readTask(frame.data);
    if (task === null && frame.type !== 'task_deleted') return;
    if (admits(this.state.entries.get(id), task, seq, seq - 1)) {
      this.#set(id, { task, seq });
      if (!this.#isMine(frame)) this.#touch(id);
    }
    this.state = forgetHint(this.state, id);
    if (frame.op !== undefined) {
      this.state = confirm(this.state, frame.op, id, task?.version ?? null);
    }
  }

  /** Also the second frame of one edit: the task that follows a repeating one that was completed. */
  #isMine({ op }: Frame): boolean {
    const { edits, mine } = this.state;
    return op !== undefined && (mine.includes(op) || edits.some((edit) => edit.key === op));
  }

  #set(id: number, entry: Entry): void {
    this.#entries ??= new Map(this.state.entries);
    this.#entries.set(id, entry);
    this.state = { ...this.state, entries: this.#entries };
  }

  #touch(id: number): void {
    if (this.#nowMs === 0) return;
    this.#touches ??= new Map(this.state.touches);
    const count = (this.#touches.get(id)?.count ?? 0) + 1;
    this.#touches.set(id, { count, atMs: this.#nowMs });
    this.state = { ...this.state, touches: this.#touches };
  }
}

/**
 * Whether a word about a task is news. Between two living versions the version decides (an answer
 * that changed nothing may carry a later number than what it shows); around a death the number.
 */
function admits(
  known: Entry | undefined,
  task: Task | null,
  seq: number,
  /** Up to here everything is told: a task that is not held was gone by then. */
  told: number,
): boolean {
  if (known === undefined) return seq > told;
  if (known.task === null || task === null) return seq > known.seq;
  if (task.version !== known.task.version) return task.version > known.task.version;
  return seq > known.seq && !isSameTask(task, known.task);
}

function isSameTask(one: Task, other: Task): boolean {
  return (Object.keys(one) as (keyof Task)[]).every((name) => isSameValue(one[name], other[name]));
}

function takeAnswer(
  state: TasksState,
  { key, task, position }: Extract<TasksEvent, { name: 'answered' }>,
): TasksState {
  const edit = state.edits.find((one) => one.key === key);
  const id = task?.id ?? edit?.id ?? null;
  const learned = id === null ? state : learn(state, id, task, position);
  return edit && id !== null ? confirm(learned, key, id, task?.version ?? null) : learned;
}

function learn(
  state: TasksState,
  id: number,
  task: Task | null,
  position: { readonly epoch: string; readonly seq: number } | null,
): TasksState {
  if (position === null || (state.epoch !== null && state.epoch !== position.epoch)) return state;
  if (!admits(state.entries.get(id), task, position.seq, state.seq ?? -1)) return state;
  const entries = new Map(state.entries).set(id, { task, seq: position.seq });
  return { ...forgetHint(state, id), epoch: position.epoch, entries };
}

function idOf(frame: Frame): number | null {
  const data = frame.data as { id?: unknown; task_id?: unknown } | null;
  if (typeof data !== 'object' || data === null) return null;
  return readId(frame.type === 'task_deleted' ? data.task_id : data.id);
}
