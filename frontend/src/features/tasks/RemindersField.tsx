import { Plus, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTasks } from './context';
import { dueDay } from './due';
import { has, REMINDERS_MAX, type Reminder, toggled, USUAL_MINUTES, unusual } from './reminders';
import type { Task } from './task';
import { useReminderText } from './useReminderText';

export function RemindersField({ task }: { task: Task }) {
  const { t } = useTranslation();
  const tasks = useTasks();
  const textOf = useReminderText();
  const [isPicking, setPicking] = useState(false);
  const hasDue = dueDay(task) !== null;
  const isFull = task.reminders.length >= REMINDERS_MAX;
  const toggle = (reminder: Reminder) =>
    tasks.change(task.id, { reminders: toggled(task.reminders, reminder) });

  return (
    <fieldset className="detail-reminders" data-testid="detail-reminders">
      <legend className="field-name">{t('remind.title')}</legend>
      <div className="chips">
        {USUAL_MINUTES.map((minutes) => {
          const reminder = { minutes_before: minutes };
          const isOn = has(task.reminders, reminder);
          return (
            <button
              key={minutes}
              type="button"
              className="chip"
              data-testid={`remind-${minutes}`}
              aria-pressed={isOn}
              disabled={!isOn && (!hasDue || isFull)}
              onClick={() => toggle(reminder)}
            >
              {textOf(reminder, task)}
            </button>
          );
        })}
        {unusual(task.reminders).map((reminder) => (
          <Removable
            key={JSON.stringify(reminder)}
            text={textOf(reminder, task)}
            onRemove={() => toggle(reminder)}
          />
        ))}
        <button
          type="button"
          className="chip"
          data-testid="remind-at"
          aria-expanded={isPicking}
          disabled={isFull}
          onClick={() => setPicking(!isPicking)}
        >
          {t('remind.atTime')}
        </button>
      </div>
      {isPicking ? (
        <TimePicker
          onPick={(at) => {
            setPicking(false);
            if (!has(task.reminders, { at })) toggle({ at });
          }}
        />
      ) : null}
      {hasDue ? null : <p className="quiet">{t('remind.needsDue')}</p>}
    </fieldset>
  );
}

function Removable({ text, onRemove }: { text: string; onRemove: () => void }) {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      className="chip"
      aria-pressed
      aria-label={t('remind.remove', { what: text })}
      title={t('remind.remove', { what: text })}
      onClick={onRemove}
    >
      {text} <X size={13} aria-hidden />
    </button>
  );
}

function TimePicker({ onPick }: { onPick: (at: string) => void }) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const moment = new Date(text);
  const isTime = !Number.isNaN(moment.getTime());
  const pick = (event: FormEvent) => {
    event.preventDefault();
    if (isTime) onPick(moment.toISOString().replace('.000Z', 'Z'));
  };
  return (
    <form className="remind-picker" onSubmit={pick}>
      <input
        type="datetime-local"
        data-testid="remind-time"
        aria-label={t('remind.atTime')}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button
        type="submit"
        className="icon-button"
        data-testid="remind-add"
        aria-label={t('remind.add')}
        title={t('remind.add')}
        disabled={!isTime}
      >
        <Plus size={18} aria-hidden />
      </button>
    </form>
  );
}
