import { Search, X } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocale } from '@/i18n';
import { useMediaQuery, WIDE } from '@/ui/useMediaQuery';
import { useNow } from '@/ui/useNow';
import { useTasks, useTasksView } from './context';
import { dayOf } from './due';
import { EmptyView } from './EmptyView';
import { HeldEdits } from './HeldEdits';
import { forgetRow } from './listFocus';
import { QuickAdd } from './QuickAdd';
import { navigate, type Route, useRoute } from './route';
import { SkeletonList } from './SkeletonList';
import { closeDetail, TaskDetail } from './TaskDetail';
import { TaskList } from './TaskList';
import { useAnnouncement } from './useAnnouncement';
import { useListItems } from './useListItems';
import { useReopenedTitle } from './useReopenedTitle';

const MINUTE_MS = 60_000;
export const SEARCH_ID = 'search';

interface TasksPageProps {
  /** The connection's word stands in the same corner of every view. */
  readonly corner: ReactNode;
  readonly banner: ReactNode;
}

export function TasksPage({ corner, banner }: TasksPageProps) {
  const route = useRoute();
  const now = useNow(MINUTE_MS);
  const isWide = useMediaQuery(WIDE);
  const isOpen = route.taskId !== null;
  useRealId(route);
  useReopenedTitle();
  useEffect(() => forgetRow, []);
  return (
    <>
      <main className="main" inert={isOpen && !isWide}>
        <header className="main-head">
          <ViewTitle route={route} now={now} />
          <SearchField search={route.search} />
          {corner}
        </header>
        {banner}
        <HeldEdits now={now} />
        <Contents route={route} now={now} />
        <Announcer />
      </main>
      {isOpen && !isWide ? <div className="sheet-backdrop" onPointerDown={closeDetail} /> : null}
      {route.taskId === null ? null : (
        <TaskDetail taskId={route.taskId} now={now} isSheet={!isWide} />
      )}
    </>
  );
}

function Contents({ route, now }: { route: Route; now: Date }) {
  const contents = useListItems(route, now);
  const isLoaded = useTasksView((view) => view.state.seq !== null);
  const isSearching = route.search.trim() !== '';
  return (
    <div className="contents">
      {isSearching ? null : (
        <QuickAdd
          dueOn={route.view === 'today' ? dayOf(now) : null}
          isShownHere={route.view !== 'upcoming'}
        />
      )}
      {contents.items.length > 0 ? (
        <TaskList
          key={isSearching ? 'search' : route.view}
          items={contents.items}
          nameOf={contents.nameOf}
          route={route}
          now={now}
        />
      ) : isLoaded ? (
        <EmptyView route={route} />
      ) : (
        <SkeletonList />
      )}
    </div>
  );
}

function ViewTitle({ route, now }: { route: Route; now: Date }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const isSearching = route.search.trim() !== '';
  const title = t(isSearching ? 'views.search' : `views.${route.view}`);
  useEffect(() => {
    document.title = `${title} · Taskwire`;
  }, [title]);
  const date = new Intl.DateTimeFormat(locale, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  });
  return (
    <div className="view-title">
      <h1>{title}</h1>
      {route.view === 'today' && !isSearching ? (
        <span className="quiet">{date.format(now)}</span>
      ) : null}
    </div>
  );
}

function SearchField({ search }: { search: string }) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/useSemanticElements: browsers of three years ago do not know <search>
    <form className="search" role="search" onSubmit={(event) => event.preventDefault()}>
      <Search size={16} aria-hidden />
      <input
        id={SEARCH_ID}
        className="typed"
        data-testid="search"
        aria-label={t('tasks.searchHint')}
        placeholder={t('tasks.search')}
        dir="auto"
        autoComplete="off"
        value={search}
        onChange={(event) => navigate({ search: event.target.value }, 'replace')}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          navigate({ search: '' }, 'replace');
          event.currentTarget.blur();
        }}
      />
      {search === '' ? null : (
        <button
          type="button"
          className="icon-button"
          aria-label={t('tasks.clearSearch')}
          onClick={() => navigate({ search: '' }, 'replace')}
        >
          <X size={15} aria-hidden />
        </button>
      )}
    </form>
  );
}

function Announcer() {
  const sentence = useAnnouncement();
  return (
    <p className="only-heard" aria-live="polite">
      {sentence}
    </p>
  );
}

/** An address with a temporary id is mended as soon as the server has named the task. */
function useRealId(route: Route): void {
  const tasks = useTasks();
  const realId = useTasksView(() => (route.taskId === null ? null : tasks.resolve(route.taskId)));
  useEffect(() => {
    if (realId !== null && realId !== route.taskId) navigate({ taskId: realId }, 'replace');
  }, [realId, route.taskId]);
}
