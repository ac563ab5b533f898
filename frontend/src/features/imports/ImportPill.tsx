import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { hasEnded } from '@/services/api';
import type { Imports } from './imports';

/** An import goes on behind a closed dialog; this says so and leads back to it. */
export function ImportPill({ imports, onOpen }: { imports: Imports; onOpen: () => void }) {
  const { t } = useTranslation();
  const state = useStore(imports.store);
  if (state.name !== 'following' || hasEnded(state.job)) return null;
  const { done, total } = state.job;
  return (
    <button type="button" className="import-pill" data-testid="import-pill" onClick={onOpen}>
      <progress max={Math.max(1, total)} value={done} aria-label={t('imports.running')} />
      {t('imports.progress', { done, total })}
    </button>
  );
}
