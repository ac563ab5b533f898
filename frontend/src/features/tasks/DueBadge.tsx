import { useTranslation } from 'react-i18next';
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

export function DueBadge({ task, now }: { task: Task; now: Date }) {
  const { i18n } = useTranslation();
  const words = useDayWords();
  const day = dueDay(task);
  if (day === null) return null;
  const today = dayOf(now);
  const isLate = !task.is_completed && isOverdue(task, now);
  const tone = isLate ? 'late' : day === today ? 'today' : 'plain';
  const time = task.due_at === null ? '' : ` ${timeLabel(new Date(task.due_at), i18n.language)}`;
  return (
    <time className="due" data-tone={tone} dateTime={task.due_at ?? day}>
      {dayLabel(day, today, i18n.language, words)}
      {time}
    </time>
  );
}
