import { useTranslation } from 'react-i18next';
import { useLocale } from '@/i18n';
import { useDayWords } from './DueBadge';
import { dayLabel, dayOf } from './due';
import type { Heading } from './views';

interface ListHeadingProps {
  readonly heading: Heading;
  readonly offset: number;
  readonly now: Date;
}

export function ListHeading({ heading, offset, now }: ListHeadingProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const words = useDayWords();
  const text = () => {
    if (heading.kind === 'completed') return t('views.completed');
    if (heading.kind === 'overdue') return t('views.overdue');
    return dayLabel(heading.day, dayOf(now), locale, words);
  };
  return (
    <li className="list-heading" style={{ transform: `translateY(${offset}px)` }}>
      <h2 data-tone={heading.kind}>{text()}</h2>
      {heading.kind === 'completed' ? (
        <span className="quiet">{heading.count.toLocaleString(locale)}</span>
      ) : null}
    </li>
  );
}
