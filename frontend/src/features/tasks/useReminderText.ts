import { useTranslation } from 'react-i18next';
import { useLocale } from '@/i18n';
import { inUnits, type Reminder } from './reminders';
import type { TaskFields } from './task';

type Due = Pick<TaskFields, 'due_on'>;

/** *10 minutes before*, *On the day at 9:00*, *12 Mar, 18:00*: one reminder, as a person says it. */
export function useReminderText(): (reminder: Reminder, due: Due) => string {
  const { t } = useTranslation();
  const locale = useLocale();
  return (reminder, due) => {
    if ('at' in reminder) {
      const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
      return format.format(new Date(reminder.at));
    }
    const { unit, count } = inUnits(reminder.minutes_before);
    const isOnDay = due.due_on !== null;
    if (count === 0) return t(isOnDay ? 'remind.onDay' : 'remind.atDue');
    const before = t(`remind.${unit}s`, { count });
    if (!isOnDay) return before;
    return unit === 'day'
      ? t('remind.inMorning', { before })
      : t('remind.beforeMorning', { before });
  };
}
