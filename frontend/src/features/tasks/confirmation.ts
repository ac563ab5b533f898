/**
 * The end of an edit: confirmed by its answer or its echo, whichever is first, or refused.
 */
import type { Edit } from './edit';
import type { TasksState } from './tasksState';

/** What an edit of longer ago has made has been told by now. */
const MINE_MAX = 100;

/** `id` is the task's real id, which for a create is news; `version` is what the edit has made. */
export function confirm(
  state: TasksState,
  key: string,
  id: number,
  version: number | null,
): TasksState {
  const edit = state.edits.find((one) => one.key === key);
  if (!edit) return state;
  const rest = state.edits
    .filter((one) => one !== edit)
    .map((one) => (version === null ? one : follow(one, edit, version)));
  const mine = [...state.mine, key].slice(-MINE_MAX);
  if (edit.kind !== 'create' || edit.id === id) return { ...state, edits: rest, mine };
  return {
    ...state,
    mine,
    edits: rest.map((one) => rename(one, edit.id, id)),
    adopted: new Map(state.adopted).set(edit.id, id),
  };
}

/** What was built upon a refused create has nothing left to stand on. */
export function refuse(state: TasksState, key: string): TasksState {
  const edit = state.edits.find((one) => one.key === key);
  if (!edit) return state;
  const isLost = (one: Edit) => one === edit || (edit.kind === 'create' && one.id === edit.id);
  return { ...state, edits: state.edits.filter((one) => !isLost(one)) };
}

/**
 * If-Match held, so between the version that both edits began from and this one lies nothing but
 * our own edit: the later one may go on from here without asking anybody.
 */
function follow(later: Edit, done: Edit, version: number): Edit {
  if (later.kind !== 'change' || later.id !== done.id) return later;
  if (later.seen.version !== versionUnder(done)) return later;
  return { ...later, seen: { ...later.seen, version } };
}

function versionUnder(edit: Edit): number | null {
  if (edit.kind === 'create') return 0;
  return edit.kind === 'change' ? edit.seen.version : null;
}

function rename(edit: Edit, from: number, to: number): Edit {
  if (edit.id !== from) return edit;
  return edit.kind === 'change'
    ? { ...edit, id: to, seen: { ...edit.seen, id: to } }
    : { ...edit, id: to };
}
