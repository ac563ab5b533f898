import { ListChecks } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useLocale } from '@/i18n';
import { hasEnded } from '@/services/api';
import type { Jobs } from './jobs';

/** In the menu, with the number of those that run. */
export function JobsLink({ jobs, onOpen }: { jobs: Jobs; onOpen: () => void }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const items = useStore(jobs.store, (view) => view.items);
  const running = items?.filter((job) => !hasEnded(job)).length ?? 0;
  return (
    <button type="button" className="menu-item" data-testid="open-jobs" onClick={onOpen}>
      <ListChecks size={18} aria-hidden /> {t('jobs.title')}
      {running === 0 ? null : (
        <span className="view-count" data-testid="jobs-running">
          {running.toLocaleString(locale)}
        </span>
      )}
    </button>
  );
}
