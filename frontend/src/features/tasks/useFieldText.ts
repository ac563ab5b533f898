import { useTranslation } from 'react-i18next';
import { useLocale } from '@/i18n';
import { useDayWords } from './DueBadge';
import type { FieldGroup } from './decide';
import { dayLabel, dayOf, dueDay, timeLabel } from './due';
import { PRIORITY_NAMES, type TaskFields } from './task';
import { useReminderText } from './useReminderText';
import { useRepeatText } from './useRepeatText';

const SHORT = 160;

/** A field's value as a person would read it, for putting two of them side by side. */
export function useFieldText(now: Date): (group: FieldGroup, task: TaskFields) => string {
  const { t } = useTranslation();
  const locale = useLocale();
  const words = useDayWords();
  const reminderText = useReminderText();
  const repeatText = useRepeatText();

  const dueText = (task: TaskFields): string => {
    const day = dueDay(task);
    if (day === null) return t('detail.dueClear');
    const time = task.due_at === null ? '' : timeLabel(new Date(task.due_at), locale);
    return [dayLabel(day, dayOf(now), locale, words), time].filter(Boolean).join(' ');
  };

  return (group, task) => {
    switch (group) {
      case 'title':
        return task.title;
      case 'description':
        return shortened(task.description) || t('held.empty');
      case 'completed':
        return t(task.is_completed ? 'held.done' : 'held.open');
      case 'due':
        return dueText(task);
      case 'priority':
        return t(`detail.priorities.${PRIORITY_NAMES[task.priority]}`);
      case 'reminders':
        return task.reminders.map((one) => reminderText(one, task)).join(' · ') || t('held.empty');
      case 'repeat':
        return repeatText(task.recurrence, task.recurrence_from);
    }
  };
}

function shortened(text: string): string {
  const trimmed = text.trim();
  return trimmed.length > SHORT ? `${trimmed.slice(0, SHORT)}…` : trimmed;
}
