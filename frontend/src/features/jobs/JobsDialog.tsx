import type { TFunction } from 'i18next';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { hasEnded, type Job } from '@/services/api';
import { Dialog } from '@/ui/Dialog';
import type { Jobs } from './jobs';

interface JobsDialogProps {
  readonly jobs: Jobs;
  readonly onClose: () => void;
}

export function JobsDialog({ jobs, onClose }: JobsDialogProps) {
  const { t } = useTranslation();
  const items = useStore(jobs.store, (view) => view.items);
  useEffect(() => void jobs.load(), [jobs]);
  return (
    <Dialog title={t('jobs.title')} onClose={onClose} testId="jobs">
      {items === null || items.length === 0 ? (
        <p className="quiet">{t(items === null ? 'app.loading' : 'jobs.none')}</p>
      ) : (
        <ul className="jobs" aria-label={t('jobs.title')}>
          {items.map((job) => (
            <JobRow key={job.id} job={job} onCancel={() => void jobs.cancel(job.id)} />
          ))}
        </ul>
      )}
      <div className="dialog-actions">
        <button type="button" className="button" data-testid="jobs-close" onClick={onClose}>
          {t('jobs.close')}
        </button>
      </div>
    </Dialog>
  );
}

function JobRow({ job, onCancel }: { job: Job; onCancel: () => void }) {
  const { t } = useTranslation();
  const kind = kindOf(t, job);
  return (
    <li className="job" data-testid="job" data-job-id={job.id} data-status={job.status}>
      <p className="job-name">
        {kind}
        {job.name === '' ? null : (
          <>
            {' '}
            · <bdi>{job.name}</bdi>
          </>
        )}
      </p>
      {hasEnded(job) ? null : (
        <button
          type="button"
          className="link-button"
          data-testid="job-cancel"
          aria-label={`${t('jobs.cancel')}: ${kind} ${job.name}`}
          onClick={onCancel}
        >
          {t('jobs.cancel')}
        </button>
      )}
      {hasEnded(job) ? null : (
        // A total of nothing is not known yet: the bar then only says that it lives.
        <progress
          aria-label={kind}
          {...(job.total > 0 ? { max: job.total, value: job.done } : {})}
        />
      )}
      <p className="quiet">{stateOf(t, job)}</p>
    </li>
  );
}

function kindOf(t: TFunction, { kind }: Job): string {
  if (kind === 'import') return t('jobs.kinds.import');
  if (kind === 'export') return t('jobs.kinds.export');
  if (/sync|calendar/.test(kind)) return t('jobs.kinds.sync');
  return kind;
}

function stateOf(t: TFunction, job: Job): string {
  const { status, done, total, error } = job;
  const count = t('imports.progress', { done, total });
  if (status === 'running') return count;
  if (status === 'failed' && error !== null) return `${t('jobs.failed')} (${count}): ${error}`;
  return status === 'queued' ? t('jobs.queued') : `${t(`jobs.${status}`)} · ${count}`;
}
