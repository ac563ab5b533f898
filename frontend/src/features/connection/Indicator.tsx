import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useLocale } from '@/i18n';
import type { ConnectionWord } from './word';

interface IndicatorProps {
  readonly word: ConnectionWord;
  readonly onSignIn: () => void;
}

export function Indicator({ word, onSignIn }: IndicatorProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const sentence = wordSentence(word, t, locale);
  const state = word.state === 'stopped' ? 'offline' : word.state;
  const shared = {
    className: 'indicator',
    'data-testid': 'connection-indicator',
    'data-state': state,
  };
  if (word.state === 'sign-in') {
    return (
      <button type="button" {...shared} onClick={onSignIn}>
        <span className="dot" />
        {sentence}
      </button>
    );
  }
  return (
    <output {...shared} title={sentence}>
      <span className="dot" />
      <span className="indicator-text">{sentence}</span>
    </output>
  );
}

export function wordSentence(word: ConnectionWord, t: TFunction, language: string): string {
  switch (word.state) {
    case 'live':
      return t('connection.live');
    case 'stopped':
      return t('connection.stopped');
    case 'sign-in':
      return withWaiting(t('connection.signIn'), word.waiting, t);
    case 'catching-up':
      return word.behind > 0
        ? t('connection.catchingUpCount', { count: word.behind })
        : withWaiting(t('connection.catchingUp'), word.waiting, t);
    case 'offline':
      return withWaiting(offlineSince(word.sinceMs, t, language), word.waiting, t);
  }
}

function offlineSince(sinceMs: number | null, t: TFunction, language: string): string {
  if (sinceMs === null) return t('connection.offline');
  const time = new Intl.DateTimeFormat(language, { timeStyle: 'short' });
  return t('connection.offlineSince', { time: time.format(sinceMs) });
}

function withWaiting(sentence: string, count: number, t: TFunction): string {
  return count === 0 ? sentence : `${sentence}, ${t('connection.waiting', { count })}`;
}
