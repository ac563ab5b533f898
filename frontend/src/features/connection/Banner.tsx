import { useTranslation } from 'react-i18next';
import type { ConnectionWord } from './word';

interface BannerProps {
  readonly word: ConnectionWord;
  /** Whether edits that wait would survive this tab. */
  readonly isKept: boolean;
  readonly onRetry: () => void;
}

export function Banner({ word, isKept, onRetry }: BannerProps) {
  const { t } = useTranslation();
  const isStopped = word.state === 'stopped';
  const waiting = isKept ? 'connection.banner' : 'connection.bannerInMemory';
  return (
    <div className="banner" role="status" data-testid="banner">
      <span>{t(isStopped ? 'connection.bannerStopped' : waiting)}</span>
      {isStopped ? null : (
        <button type="button" className="link-button" onClick={onRetry}>
          {t('connection.retry')}
        </button>
      )}
    </div>
  );
}
