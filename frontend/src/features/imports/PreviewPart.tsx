import { useTranslation } from 'react-i18next';
import { useLocale } from '@/i18n';
import { isLoss } from '@/i18n/importing';
import { MAPPED_FIELDS, type Mapping, type Preview, type PreviewTask, remapped } from './preview';

interface PreviewPartProps {
  readonly preview: Preview;
  /** As chosen, which the preview may not have followed yet. */
  readonly mapping: Mapping;
  /** Columns are there to be chosen from only in a CSV of unknown make. */
  readonly onMap: ((mapping: Mapping) => void) | null;
}

export function PreviewPart({ preview, mapping, onMap }: PreviewPartProps) {
  const { t } = useTranslation();
  const more = preview.total - preview.tasks.length;
  return (
    <div className="import-preview" data-testid="import-preview">
      {onMap !== null && preview.columns.length > 0 ? (
        <Columns names={preview.columns} mapping={mapping} onMap={onMap} />
      ) : null}
      <p className="field-name">{t('imports.becomes', { count: preview.total })}</p>
      <ul>
        {preview.tasks.map((task, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows of a file have no other name
          <Line key={index} task={task} />
        ))}
        {more > 0 ? <li className="quiet">{t('imports.more', { count: more })}</li> : null}
      </ul>
      <NotCarried codes={preview.notCarried} />
    </div>
  );
}

interface ColumnsProps {
  readonly names: readonly string[];
  readonly mapping: Mapping;
  readonly onMap: (mapping: Mapping) => void;
}

function Columns({ names, mapping, onMap }: ColumnsProps) {
  const { t } = useTranslation();
  return (
    <fieldset className="import-columns">
      <legend className="field-name">{t('imports.columns')}</legend>
      {MAPPED_FIELDS.map((field) => (
        <label key={field} className="import-column">
          <span>{t(`imports.fields.${field}`)}</span>
          <select
            data-testid={`map-${field}`}
            value={mapping[field] ?? ''}
            onChange={(event) => onMap(remapped(mapping, field, event.target.value))}
          >
            <option value="">{t('imports.noColumn')}</option>
            {names.map((column) => (
              <option key={column} value={column}>
                {column}
              </option>
            ))}
          </select>
        </label>
      ))}
    </fieldset>
  );
}

function Line({ task }: { task: PreviewTask }) {
  const locale = useLocale();
  return (
    <li className="import-line" data-completed={task.isCompleted}>
      <bdi>{task.title}</bdi>
      {task.due === null ? null : <span className="quiet">{dueText(task.due, locale)}</span>}
    </li>
  );
}

function dueText(due: string, locale: string): string {
  const hasTime = due.includes('T');
  const moment = new Date(hasTime ? due : `${due}T12:00:00`);
  return new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    ...(hasTime ? { timeStyle: 'short' } : {}),
  }).format(moment);
}

/** Said before the start, and not after it. */
function NotCarried({ codes }: { codes: readonly string[] }) {
  const { t } = useTranslation();
  const locale = useLocale();
  if (codes.length === 0) return null;
  const names = codes.map((code) => (isLoss(code) ? t(`imports.losses.${code}`) : code));
  const list = new Intl.ListFormat(locale, { type: 'conjunction' }).format(names);
  return (
    <p className="import-losses" data-testid="import-losses">
      {t('imports.notCarried', { list })}
    </p>
  );
}
