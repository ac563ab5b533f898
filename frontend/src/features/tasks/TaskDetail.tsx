import { Trash2, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocale } from '@/i18n';
import { CompleteButton } from './CompleteButton';
import { useCommands } from './commands';
import { useTask, useTasks } from './context';
import { DueField } from './DueField';
import { returnToRow } from './listFocus';
import { PriorityField } from './PriorityField';
import { RemindersField } from './RemindersField';
import { RepeatField } from './RepeatField';
import { navigate } from './route';
import { Theirs } from './TitleEditor';
import { DESCRIPTION_LENGTH_MAX, type Task, TITLE_LENGTH_MAX } from './task';
import { useDraft } from './useDraft';
import { useNames } from './useListItems';

export function closeDetail(): void {
  navigate({ taskId: null });
  returnToRow();
}

interface TaskDetailProps {
  readonly taskId: number;
  readonly now: Date;
  /** Over the list instead of beside it: it has the floor, and so the focus. */
  readonly isSheet: boolean;
}

export function TaskDetail({ taskId, now, isSheet }: TaskDetailProps) {
  const { t } = useTranslation();
  const panel = useRef<HTMLElement>(null);
  const task = useTask(taskId);
  // By its lasting name: a task that gets its real id keeps its fields, the focus and the draft.
  const name = useNames()(taskId);
  useEffect(() => {
    if (isSheet) panel.current?.focus({ preventScroll: true });
  }, [isSheet]);

  return (
    <aside
      ref={panel}
      className="detail"
      data-testid="detail"
      aria-label={t('detail.panel')}
      tabIndex={-1}
    >
      {task ? <Fields key={name} task={task} now={now} /> : <Gone />}
    </aside>
  );
}

function Gone() {
  const { t } = useTranslation();
  return (
    <>
      <div className="detail-bar">
        <CloseButton />
      </div>
      <p className="quiet">{t('detail.gone')}</p>
    </>
  );
}

function Fields({ task, now }: { task: Task; now: Date }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const { remove } = useCommands();
  const created = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
  return (
    <>
      <div className="detail-bar">
        <CompleteButton task={task} testId="detail-complete" />
        <span className="spring" />
        <button
          type="button"
          className="icon-button"
          data-testid="detail-delete"
          aria-label={t('tasks.delete')}
          title={t('tasks.delete')}
          onClick={() => {
            remove(task);
            closeDetail();
          }}
        >
          <Trash2 size={17} aria-hidden />
        </button>
        <CloseButton />
      </div>
      <TitleField task={task} />
      <DueField task={task} now={now} />
      <RemindersField task={task} />
      <RepeatField task={task} now={now} />
      <PriorityField task={task} />
      <DescriptionField task={task} />
      {task.created_at === '' ? null : (
        <p className="quiet detail-foot">
          {t('detail.created', { when: created.format(new Date(task.created_at)) })}
        </p>
      )}
    </>
  );
}

function CloseButton() {
  const { t } = useTranslation();
  return (
    <button
      type="button"
      className="icon-button"
      data-testid="detail-close"
      aria-label={t('detail.close')}
      title={t('detail.close')}
      onClick={closeDetail}
    >
      <X size={18} aria-hidden />
    </button>
  );
}

function TitleField({ task }: { task: Task }) {
  const { t } = useTranslation();
  const tasks = useTasks();
  const draft = useDraft(`detail-title:${task.id}`, task.title, (text) => {
    const title = text.trim();
    if (title !== '') tasks.change(task.id, { title });
  });
  useCommitOnLeave(draft.commit);
  return (
    <div className="detail-title">
      <textarea
        className="typed"
        data-testid="detail-title"
        aria-label={t('tasks.title')}
        dir="auto"
        rows={1}
        maxLength={TITLE_LENGTH_MAX}
        value={draft.text}
        // A title is one line: what a paste brings of others becomes spaces.
        onChange={(event) => draft.type(event.target.value.replace(/\s*\n\s*/g, ' '))}
        onBlur={() => (draft.text.trim() === '' ? draft.discard() : draft.commit())}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) event.currentTarget.blur();
        }}
      />
      <Theirs text={draft.theirs} onTake={draft.takeTheirs} />
    </div>
  );
}

function DescriptionField({ task }: { task: Task }) {
  const { t } = useTranslation();
  const tasks = useTasks();
  const draft = useDraft(`description:${task.id}`, task.description, (description) =>
    tasks.change(task.id, { description }),
  );
  useCommitOnLeave(draft.commit);
  return (
    <label className="detail-notes">
      <span className="field-name">{t('detail.description')}</span>
      <textarea
        className="typed"
        data-testid="detail-description"
        dir="auto"
        rows={5}
        placeholder={t('detail.descriptionHint')}
        maxLength={DESCRIPTION_LENGTH_MAX}
        value={draft.text}
        onChange={(event) => draft.type(event.target.value)}
        onBlur={draft.commit}
      />
      <Theirs text={draft.theirs} onTake={draft.takeTheirs} />
    </label>
  );
}

/** Esc, Back and a click on another task take the field away without a blur: nothing is lost. */
function useCommitOnLeave(commit: () => void): void {
  const latest = useRef(commit);
  useEffect(() => {
    latest.current = commit;
  });
  useEffect(() => () => latest.current(), []);
}
