import { CalendarDays, Inbox, Sun } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import {
  countOpen,
  dayOf,
  navigate,
  useRoute,
  useTasksView,
  VIEWS,
  type View,
} from '@/features/tasks';
import { useLocale } from '@/i18n';

const ICONS = { inbox: Inbox, today: Sun, upcoming: CalendarDays };

export function ViewLinks() {
  const { t } = useTranslation();
  const route = useRoute();
  return VIEWS.map((view) => {
    const Icon = ICONS[view];
    const isHere = !route.isSettings && route.view === view && route.search.trim() === '';
    return (
      <a
        key={view}
        className="view-link"
        href={view === 'inbox' ? '/' : `/?view=${view}`}
        data-testid={`view-${view}`}
        aria-current={isHere ? 'page' : undefined}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          navigate({ view, search: '', taskId: null });
        }}
      >
        <Icon size={18} aria-hidden />
        <span>{t(`views.${view}`)}</span>
        {view === 'upcoming' ? null : <OpenCount view={view} />}
      </a>
    );
  });
}

function OpenCount({ view }: { view: View }) {
  const locale = useLocale();
  const shown = useTasksView((state) => state.shown);
  const today = dayOf(new Date());
  const count = useMemo(() => countOpen(shown.values(), view, today), [shown, view, today]);
  return count === 0 ? null : <span className="view-count">{count.toLocaleString(locale)}</span>;
}
