import { useTranslation } from 'react-i18next';
import { useLocale } from '@/i18n';
import { useTasks } from './context';
import { addDays, type Day, dayOf, dueDay, dueFrom, dueTime, nextWeek } from './due';
import type { Task } from './task';
import { DUE_FIELD_ID } from './useListKeys';

export function DueField({ task, now }: { task: Task; now: Date }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const tasks = useTasks();
  const day = dueDay(task);
  const time = dueTime(task);
  const today = dayOf(now);
  const setDue = (newDay: Day | null, newTime: string | null) =>
    tasks.change(task.id, dueFrom(newDay, newTime));

  const chips: [string, Day | null][] = [
    [t('detail.today'), today],
    [t('detail.tomorrow'), addDays(today, 1)],
    [t('detail.nextWeek'), nextWeek(today, locale)],
    [t('detail.dueClear'), null],
  ];

  return (
    <fieldset className="detail-due">
      <legend className="field-name">{t('detail.due')}</legend>
      <div className="due-inputs">
        <input
          id={DUE_FIELD_ID}
          type="date"
          data-testid="detail-due"
          aria-label={t('detail.due')}
          value={day ?? ''}
          onChange={(event) => setDue(event.target.value || null, time)}
        />
        <input
          type="time"
          data-testid="detail-due-time"
          aria-label={t('detail.dueTime')}
          value={time ?? ''}
          disabled={day === null}
          onChange={(event) => setDue(day, event.target.value || null)}
        />
      </div>
      <div className="chips">
        {chips.map(([label, target]) => (
          <button
            key={label}
            type="button"
            className="chip"
            aria-pressed={day === target}
            onClick={() => setDue(target, target === null ? null : time)}
          >
            {label}
          </button>
        ))}
      </div>
    </fieldset>
  );
}
