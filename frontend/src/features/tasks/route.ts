/**
 * The address is the state: which view, which task is open, what is searched for, or the settings.
 *
 * All of it stands in the query (`/?view=today&task=7`), so that any server that can serve one
 * file can serve every address, and a reload lands where one was.
 */
import { useSyncExternalStore } from 'react';
import { VIEWS, type View } from './views';

export interface Route {
  /** In place of the tasks; the rest is then where one goes back to. */
  readonly isSettings: boolean;
  readonly view: View;
  readonly taskId: number | null;
  readonly search: string;
}

const SETTINGS = 'settings';
const CHANGED = 'taskwire:route';

export function parseRoute(query: string): Route {
  const fields = new URLSearchParams(query);
  const view = VIEWS.find((name) => name === fields.get('view')) ?? 'inbox';
  const task = fields.get('task') ?? '';
  return {
    isSettings: fields.get('view') === SETTINGS,
    view,
    taskId: /^-?\d{1,15}$/.test(task) ? Number(task) : null,
    search: fields.get('search') ?? '',
  };
}

export function formatRoute(route: Route): string {
  if (route.isSettings) return `/?view=${SETTINGS}`;
  const fields = new URLSearchParams();
  if (route.view !== 'inbox') fields.set('view', route.view);
  if (route.search !== '') fields.set('search', route.search);
  if (route.taskId !== null) fields.set('task', String(route.taskId));
  const query = fields.toString();
  return query === '' ? '/' : `/?${query}`;
}

/**
 * Every step leads to the tasks, unless it says that it leads to the settings. `replace` for what is no step of its own: each letter of a search, an id that got its name.
 */
export function navigate(change: Partial<Route>, how: 'push' | 'replace' = 'push'): void {
  const route = { ...currentRoute(), isSettings: false, ...change };
  const address = formatRoute(route);
  if (address === location.pathname + location.search) return;
  if (how === 'push') history.pushState(null, '', address);
  else history.replaceState(null, '', address);
  window.dispatchEvent(new Event(CHANGED));
}

export function currentRoute(): Route {
  return parseRoute(location.search);
}

export function useRoute(): Route {
  const query = useSyncExternalStore(subscribe, () => location.search);
  return parseRoute(query);
}

function subscribe(changed: () => void): () => void {
  window.addEventListener('popstate', changed);
  window.addEventListener(CHANGED, changed);
  return () => {
    window.removeEventListener('popstate', changed);
    window.removeEventListener(CHANGED, changed);
  };
}
