import { useTranslation } from 'react-i18next';
import type { ConnectionWord } from './word';

export function Banner({ word, onRetry }: { word: ConnectionWord; onRetry: () => void }) {
  const { t } = useTranslation();
  const isStopped = word.state === 'stopped';
  return (
    <div className="banner" role="status" data-testid="banner">
      <span>{t(isStopped ? 'connection.bannerStopped' : 'connection.banner')}</span>
      {isStopped ? null : (
        <button type="button" className="link-button" onClick={onRetry}>
          {t('connection.retry')}
        </button>
      )}
    </div>
  );
}
