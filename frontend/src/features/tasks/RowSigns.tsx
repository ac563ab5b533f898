import { AlarmClock, Repeat } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Task } from './task';
import { useReminderText } from './useReminderText';
import { useRepeatText } from './useRepeatText';

/** That a task repeats or reminds: a small sign, which says the rest to those who point or listen. */
export function RowSigns({ task }: { task: Task }) {
  const hasReminders = task.reminders.length > 0 && !task.is_completed;
  if (!hasReminders && task.recurrence === null) return null;
  return (
    <span className="signs">
      {hasReminders ? <ReminderSign task={task} /> : null}
      {task.recurrence === null ? null : <RepeatSign task={task} />}
    </span>
  );
}

function ReminderSign({ task }: { task: Task }) {
  const { t } = useTranslation();
  const textOf = useReminderText();
  const what = task.reminders.map((reminder) => textOf(reminder, task)).join(' · ');
  const label = `${t('remind.title')}: ${what}`;
  return (
    <span role="img" aria-label={label} title={label} data-testid="reminder-sign">
      <AlarmClock size={14} aria-hidden />
    </span>
  );
}

function RepeatSign({ task }: { task: Task }) {
  const label = useRepeatText()(task.recurrence, task.recurrence_from);
  return (
    <span role="img" aria-label={label} title={label} data-testid="repeat-sign">
      <Repeat size={14} aria-hidden />
    </span>
  );
}
