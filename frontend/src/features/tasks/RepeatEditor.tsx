import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocale } from '@/i18n';
import {
  EVERY_DAY,
  INTERVAL_MAX,
  isInterval,
  LAST_DAY,
  type RecurrenceFrom,
  type Rule,
  UNITS,
  type Unit,
  type Weekday,
  weekdayOf,
} from './recurrence';
import { weekdayName, weekInOrder } from './workweek';

interface RepeatEditorProps {
  /** null where the page has no words for the rule: whatever is changed here replaces it. */
  readonly rule: Rule | null;
  readonly from: RecurrenceFrom;
  readonly start: Date;
  readonly onChange: (rule: Rule, from: RecurrenceFrom) => void;
}

export function RepeatEditor({ rule, from, start, onChange }: RepeatEditorProps) {
  const { t } = useTranslation();
  const id = useId();
  const current = rule ?? EVERY_DAY;
  const change = (part: Partial<Rule>) => onChange({ ...current, ...part }, from);
  const changeUnit = (unit: Unit) =>
    change({
      unit,
      weekdays: unit === 'WEEKLY' ? [weekdayOf(start)] : [],
      dayOfMonth: unit === 'MONTHLY' ? start.getDate() : null,
    });
  return (
    <div className="repeat-editor">
      <div className="repeat-every">
        <label htmlFor={id}>{t('repeat.every')}</label>
        <input
          id={id}
          type="number"
          inputMode="numeric"
          data-testid="repeat-interval"
          min={1}
          max={INTERVAL_MAX}
          value={current.interval}
          onChange={(event) => {
            const interval = event.target.valueAsNumber;
            if (isInterval(interval)) change({ interval });
          }}
        />
        <select
          data-testid="repeat-unit"
          aria-label={t('repeat.unit')}
          value={current.unit}
          onChange={(event) =>
            changeUnit(UNITS.find((one) => one === event.target.value) ?? 'DAILY')
          }
        >
          {UNITS.map((unit) => (
            <option key={unit} value={unit}>
              {t(`repeat.units.${unit}`, { count: current.interval })}
            </option>
          ))}
        </select>
      </div>
      {current.unit === 'WEEKLY' ? (
        <Weekdays chosen={current.weekdays} onChange={(weekdays) => change({ weekdays })} />
      ) : null}
      {current.unit === 'MONTHLY' ? (
        <select
          data-testid="repeat-month-day"
          aria-label={t('repeat.dayOfMonth')}
          value={current.dayOfMonth ?? start.getDate()}
          onChange={(event) => change({ dayOfMonth: Number(event.target.value) })}
        >
          {DAYS_OF_MONTH.map((day) => (
            <option key={day} value={day}>
              {day === LAST_DAY ? t('repeat.onLastDay') : t('repeat.onDay', { day })}
            </option>
          ))}
        </select>
      ) : null}
      <select
        data-testid="repeat-from"
        aria-label={t('repeat.from')}
        value={from}
        onChange={(event) =>
          onChange(current, event.target.value === 'completion' ? 'completion' : 'due')
        }
      >
        <option value="due">{t('repeat.fromDue')}</option>
        <option value="completion">{t('repeat.fromDone')}</option>
      </select>
    </div>
  );
}

const DAYS_OF_MONTH = [...Array.from({ length: 31 }, (_, index) => index + 1), LAST_DAY];

interface WeekdaysProps {
  readonly chosen: readonly Weekday[];
  readonly onChange: (days: readonly Weekday[]) => void;
}

function Weekdays({ chosen, onChange }: WeekdaysProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset within the fieldset would be read twice
    <div className="weekdays" role="group" aria-label={t('repeat.weekdays')}>
      {weekInOrder(locale).map((day) => {
        const isOn = chosen.includes(day);
        const rest = chosen.filter((one) => one !== day);
        return (
          <button
            key={day}
            type="button"
            className="chip"
            data-testid={`repeat-${day}`}
            aria-pressed={isOn}
            aria-label={weekdayName(day, locale, 'long')}
            // The last one stays: a week without a day would never come.
            disabled={isOn && rest.length === 0}
            onClick={() => onChange(isOn ? rest : [...rest, day])}
          >
            {weekdayName(day, locale, 'short')}
          </button>
        );
      })}
    </div>
  );
}
