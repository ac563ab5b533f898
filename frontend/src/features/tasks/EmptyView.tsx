import { Trans, useTranslation } from 'react-i18next';
import { useMediaQuery, WIDE } from '@/ui/useMediaQuery';
import type { Route } from './route';

/** Nothing to show teaches one thing. */
export function EmptyView({ route }: { route: Route }) {
  const { t } = useTranslation();
  const isWide = useMediaQuery(WIDE);
  const topic = route.search.trim() === '' ? route.view : 'search';
  const hint = topic === 'inbox' && !isWide ? 'inboxHintTouch' : (`${topic}Hint` as const);
  return (
    <div className="empty" data-testid="empty">
      <p className="empty-title">{t(`empty.${topic}Title`)}</p>
      <p>
        <Trans i18nKey={`empty.${hint}`} components={{ key: <kbd className="key" /> }} />
      </p>
    </div>
  );
}
