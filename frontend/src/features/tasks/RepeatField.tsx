import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocale } from '@/i18n';
import { useTasks } from './context';
import { dueDay, noonOf } from './due';
import { RepeatEditor } from './RepeatEditor';
import {
  EVERY_DAY,
  EVERY_YEAR,
  everyMonth,
  everyWeek,
  formatRule,
  LAST_DAY,
  type RecurrenceFrom,
  type Rule,
  sayableRule,
  weekdayOf,
} from './recurrence';
import type { Task } from './task';
import { repeatText } from './useRepeatText';
import { workdays } from './workweek';

const NEVER = '';
const CUSTOM = 'custom';

export function RepeatField({ task, now }: { task: Task; now: Date }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const tasks = useTasks();
  const id = useId();
  const [isEditing, setEditing] = useState(false);
  const { recurrence, recurrence_from: from } = task;
  const presets = presetsFor(startOf(task, now), locale).map(formatRule);
  const isPreset = from === 'due' && recurrence !== null && presets.includes(recurrence);
  const isCustom = isEditing || (recurrence !== null && !isPreset);

  const set = (rule: Rule | null, newFrom: RecurrenceFrom) =>
    tasks.change(task.id, {
      recurrence: rule === null ? null : formatRule(rule),
      recurrence_from: rule === null ? 'due' : newFrom,
    });
  const choose = (value: string) => {
    setEditing(value === CUSTOM);
    if (value !== CUSTOM) set(value === NEVER ? null : sayableRule(value), 'due');
    else if (recurrence === null) set(EVERY_DAY, 'due');
  };

  return (
    <div className="detail-repeat">
      <label className="field-name" htmlFor={id}>
        {t('repeat.title')}
      </label>
      <select
        id={id}
        data-testid="detail-repeat"
        value={isCustom ? CUSTOM : (recurrence ?? NEVER)}
        onChange={(event) => choose(event.target.value)}
      >
        <option value={NEVER}>{t('repeat.never')}</option>
        {presets.map((preset) => (
          <option key={preset} value={preset}>
            {repeatText(t, locale, preset, 'due')}
          </option>
        ))}
        <option value={CUSTOM}>{t('repeat.custom')}</option>
      </select>
      {isCustom && recurrence !== null ? (
        <>
          <RepeatEditor
            rule={sayableRule(recurrence)}
            from={from}
            start={startOf(task, now)}
            onChange={set}
          />
          <p className="quiet" data-testid="repeat-sentence">
            {repeatText(t, locale, recurrence, from)}
          </p>
        </>
      ) : null}
    </div>
  );
}

function startOf(task: Task, now: Date): Date {
  const day = dueDay(task);
  return day === null ? now : noonOf(day);
}

/** What most people want, said of the day on which this task is due. */
function presetsFor(start: Date, locale: string): readonly Rule[] {
  return [
    EVERY_DAY,
    everyWeek(workdays(locale)),
    everyWeek([weekdayOf(start)]),
    everyMonth(start.getDate()),
    everyMonth(LAST_DAY),
    EVERY_YEAR,
  ];
}
