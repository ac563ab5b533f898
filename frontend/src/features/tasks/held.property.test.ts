/**
 * The promise about edits: whatever others do meanwhile, in whatever order, no value is lost
 * silently. Each value that a person gave is in the end either at the server, or was there, or
 * waits for the person's choice; and nobody's value is overwritten by somebody who had not seen it.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aTask, changed, updated } from '../../../test/taskSamples';
import { agree, decide, FIELD_GROUPS, type FieldGroup, groupsOf } from './decide';
import { seenNow } from './edit';
import { shownTasks } from './shown';
import type { Task, TaskChanges, TaskFields } from './task';
import { changesBetween } from './task';
import { reduceTasks } from './tasksReducer';
import { NO_TASKS, type TasksState } from './tasksState';

const some = <Value>(...values: Value[]) => fc.constantFrom(...values);
const due = some<Pick<TaskFields, 'due_at' | 'due_on'>>(
  { due_at: null, due_on: null },
  { due_at: null, due_on: '2026-03-01' },
  { due_at: '2026-03-01T08:00:00Z', due_on: null },
);
/** Lists and pairs: a list is never the same object twice, and the pair is one answer. */
const reminders = some<number[]>([], [0], [0, 60]).map((all) =>
  all.map((minutes) => ({ minutes_before: minutes })),
);
const repeat = some<Pick<TaskFields, 'recurrence' | 'recurrence_from'>>(
  { recurrence: null, recurrence_from: 'due' },
  { recurrence: 'FREQ=DAILY', recurrence_from: 'due' },
  { recurrence: 'FREQ=DAILY', recurrence_from: 'completion' },
);
const fields: fc.Arbitrary<TaskFields> = fc
  .record({
    title: some('a', 'b', 'c'),
    description: some('', 'x'),
    is_completed: fc.boolean(),
    priority: some(0, 1, 2) as fc.Arbitrary<0 | 1 | 2>,
    due,
    reminders,
    repeat,
  })
  .map(({ due: when, repeat: how, ...rest }) => ({ ...rest, ...when, ...how }));

describe('a decision', () => {
  it('sends a field again only where nobody touched it, and asks where somebody did', () => {
    fc.assert(
      fc.property(fields, fields, fields, (seen, wanted, current) => {
        const changes = changesBetween(seen, wanted);
        const { again, conflicts } = decide(seen, changes, current);
        for (const group of groupsOf(changes)) {
          const isThere = agree(group, wanted, current);
          const isUntouched = agree(group, seen, current);
          expect(conflicts.includes(group)).toBe(!isThere && !isUntouched);
          const isAgain = FIELD_GROUPS[group].some((name) => name in again);
          expect(isAgain).toBe(!isThere && isUntouched);
        }
      }),
    );
  });
});

type Act =
  | { readonly by: 'me' | 'them'; readonly wanted: TaskFields }
  | { readonly by: 'line' | 'frames' };

const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ by: some('me' as const, 'them' as const), wanted: fields }),
  fc.record({ by: some('line' as const, 'frames' as const) }),
);

/** One task, a server that checks versions, and one page that is told of things when it is. */
class World {
  task = aTask(1);
  seq = 10;
  state: TasksState = reduceTasks(NO_TASKS, {
    name: 'snapshot',
    items: [this.task],
    epoch: 'e1',
    seq: 10,
  });
  /** Each value that was ever accepted, by field group. */
  readonly accepted: [FieldGroup, TaskFields][] = [];
  readonly given: [FieldGroup, TaskFields][] = [];
  frames: ReturnType<typeof updated>[] = [];
  #keys = 0;

  do(one: Act): void {
    if (one.by === 'them') this.write(changesBetween(this.task, one.wanted));
    else if (one.by === 'me') this.edit(one.wanted);
    else if (one.by === 'line') this.sendFirst();
    else this.hearAll();
  }

  write(changes: TaskChanges, op?: string): Task {
    if (Object.keys(changes).length === 0) return this.task;
    this.task = { ...this.task, ...changes, version: this.task.version + 1 };
    this.seq += 1;
    for (const group of groupsOf(changes)) this.accepted.push([group, this.task]);
    this.frames.push(updated(this.seq, this.task, op));
    return this.task;
  }

  edit(wanted: TaskFields): void {
    const seen = seenNow(shownTasks(this.state).get(1) as Task, this.state.edits);
    const changes = changesBetween(seen, wanted);
    if (Object.keys(changes).length === 0) return;
    this.#keys += 1;
    for (const group of groupsOf(changes)) this.given.push([group, { ...seen, ...changes }]);
    const edit = { ...changed(`k${this.#keys}`, 1, changes), seen };
    this.state = reduceTasks(this.state, { name: 'edited', edit });
  }

  sendFirst(): void {
    const [edit] = this.state.edits;
    if (edit?.kind !== 'change') return;
    const { key } = edit;
    if (edit.seen.version !== this.task.version) {
      this.state = reduceTasks(this.state, { name: 'stale', key, current: this.task });
      return;
    }
    // If-Match held: nothing that the person had not seen is overwritten.
    for (const group of groupsOf(edit.changes)) {
      expect(agree(group, edit.seen, this.task)).toBe(true);
    }
    const task = this.write(changesBetween(this.task, edit.changes), key);
    const position = { epoch: 'e1', seq: this.seq };
    this.state = reduceTasks(this.state, { name: 'answered', key, task, position });
  }

  hearAll(): void {
    this.state = reduceTasks(this.state, { name: 'frames', frames: this.frames, nowMs: 1 });
    this.frames = [];
  }

  isAccountedFor([group, value]: [FieldGroup, TaskFields]): boolean {
    const was = this.accepted.some(([other, kept]) => other === group && agree(group, kept, value));
    const waits = this.state.held.some((held) => held.kind === 'conflict' && held.group === group);
    return was || waits || agree(group, value, aTask(1));
  }
}

describe('any interleaving', () => {
  it('of edits here, edits elsewhere, answers and frames loses no value silently', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 25 }), (acts) => {
        const world = new World();
        for (const one of acts) world.do(one);
        for (let turn = 0; turn < 200 && world.state.edits.length > 0; turn += 1) world.sendFirst();
        world.hearAll();
        expect(world.state.edits).toEqual([]);
        expect(shownTasks(world.state).get(1)).toEqual(world.task);
        const lastOf = new Map(world.given);
        for (const one of lastOf) expect(world.isAccountedFor(one)).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});
