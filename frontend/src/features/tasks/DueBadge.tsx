import { useTranslation } from 'react-i18next';
import { useLocale } from '@/i18n';
import { type DayWords, dayLabel, dayOf, dueDay, isOverdue, timeLabel } from './due';
import type { Task } from './task';

export function useDayWords(): DayWords {
  const { t } = useTranslation();
  return {
    today: t('detail.today'),
    tomorrow: t('detail.tomorrow'),
    yesterday: t('detail.yesterday'),
  };
}

interface DueBadgeProps {
  readonly task: Task;
  readonly now: Date;
  /** The heading above has said the day already. */
  readonly isUnderDay: boolean;
}

export function DueBadge({ task, now, isUnderDay }: DueBadgeProps) {
  const locale = useLocale();
  const words = useDayWords();
  const day = dueDay(task);
  if (day === null) return null;
  const today = dayOf(now);
  const time = task.due_at === null ? '' : timeLabel(new Date(task.due_at), locale);
  const label = isUnderDay ? '' : dayLabel(day, today, locale, words);
  if (label === '' && time === '') return null;
  return (
    <time
      className="due"
      data-tone={toneOf(task, day === today, now)}
      dateTime={task.due_at ?? day}
    >
      {[label, time].filter(Boolean).join(' ')}
    </time>
  );
}

function toneOf(task: Task, isToday: boolean, now: Date): 'late' | 'today' | 'plain' {
  if (task.is_completed) return 'plain';
  if (isOverdue(task, now)) return 'late';
  return isToday ? 'today' : 'plain';
}
