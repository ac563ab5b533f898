import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { hasEnded, type Job } from '@/services/api';
import type { Imports } from './imports';

interface ImportProgressProps {
  readonly imports: Imports;
  readonly job: Job;
  readonly onClose: () => void;
}

export function ImportProgress({ imports, job, onClose }: ImportProgressProps) {
  const { t } = useTranslation();
  const isOver = hasEnded(job);
  return (
    <div className="import-progress" data-testid="import-progress" data-status={job.status}>
      <p role="status">{jobSentence(t, job)}</p>
      <progress max={Math.max(1, job.total)} value={job.status === 'done' ? job.total : job.done} />
      <p className="quiet">{t('imports.progress', { done: job.done, total: job.total })}</p>
      <div className="dialog-actions">
        {isOver ? (
          <button type="button" className="button quiet-button" onClick={() => imports.forget()}>
            {t('imports.again')}
          </button>
        ) : (
          <button
            type="button"
            className="button quiet-button"
            data-testid="import-cancel"
            onClick={() => void imports.cancel()}
          >
            {t('imports.cancel')}
          </button>
        )}
        <button type="button" className="button" data-testid="import-close" onClick={onClose}>
          {t('imports.close')}
        </button>
      </div>
    </div>
  );
}

export function jobSentence(t: TFunction, job: Job): string {
  const { done, total, status } = job;
  if (status === 'done') return t('imports.done', { count: done });
  if (status === 'queued' || status === 'running') return t(`imports.${status}`);
  return t(`imports.${status}`, { done, total });
}
