import { ChevronRight, Flag, Trash2 } from 'lucide-react';
import { memo, type RefObject, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { WIDE } from '@/ui/useMediaQuery';
import { CompleteButton } from './CompleteButton';
import { useCommands } from './commands';
import { useTasksView } from './context';
import { DueBadge } from './DueBadge';
import { beginEditing, listFocus, markRow } from './listFocus';
import { RowSigns } from './RowSigns';
import { navigate } from './route';
import { TitleEditor } from './TitleEditor';
import { PRIORITY_NAMES, type Task } from './task';
import { useTint } from './useTint';

export interface TaskRowProps {
  readonly task: Task;
  readonly name: number;
  readonly offset: number;
  readonly position: number;
  readonly count: number;
  readonly now: Date;
  readonly isUnderDay: boolean;
  readonly isCurrent: boolean;
  readonly isOpen: boolean;
  /** The task as it was when its editing began, if this is the row. */
  readonly editing: Task | null;
}

export const TaskRow = memo(function TaskRow(props: TaskRowProps) {
  const { task, name, offset, isCurrent, isUnderDay, editing, now } = props;
  const row = useRef<HTMLLIElement>(null);
  useTint(
    row,
    useTasksView((view) => view.state.touches.get(task.id)),
  );
  useGrab(row, isCurrent);
  const tabIndex = isCurrent ? 0 : -1;

  return (
    <li
      ref={row}
      className="row"
      data-testid="task-row"
      data-task-id={task.id}
      data-completed={task.is_completed}
      data-open={props.isOpen}
      data-editing={editing !== null}
      aria-setsize={props.count}
      aria-posinset={props.position}
      tabIndex={tabIndex}
      style={{ transform: `translateY(${offset}px)` }}
      onFocus={() => markRow(name)}
    >
      <RowContents {...{ task, name, tabIndex, now, isUnderDay, editing }} />
    </li>
  );
});

interface RowContentsProps
  extends Pick<TaskRowProps, 'task' | 'name' | 'now' | 'isUnderDay' | 'editing'> {
  readonly tabIndex: number;
}

/** Apart from where the row stands: during an import every row moves with every batch. */
const RowContents = memo(function RowContents(props: RowContentsProps) {
  const { task, name, tabIndex, editing } = props;
  return (
    <>
      <CompleteButton task={task} tabIndex={tabIndex} testId="task-complete" />
      {editing ? (
        <TitleEditor task={editing} />
      ) : (
        <RowTitle task={task} name={name} tabIndex={tabIndex} />
      )}
      <RowSigns task={task} />
      <PriorityFlag task={task} />
      <DueBadge task={task} now={props.now} isUnderDay={props.isUnderDay} />
      <RowActions task={task} tabIndex={tabIndex} />
    </>
  );
});

function RowTitle({ task, name, tabIndex }: { task: Task; name: number; tabIndex: number }) {
  // Where there is no room to edit beside a keyboard on the glass, a tap opens the sheet.
  const act = () =>
    matchMedia(WIDE).matches ? beginEditing(task, name) : navigate({ taskId: task.id });
  return (
    <button
      type="button"
      className="row-title typed"
      data-testid="task-title"
      dir="auto"
      tabIndex={tabIndex}
      onClick={act}
    >
      {task.title}
    </button>
  );
}

function PriorityFlag({ task }: { task: Task }) {
  const { t } = useTranslation();
  if (task.priority === 0) return null;
  const label = `${t('detail.priority')}: ${t(`detail.priorities.${PRIORITY_NAMES[task.priority]}`)}`;
  return (
    <span
      className="flag"
      data-priority={task.priority}
      role="img"
      aria-label={label}
      title={label}
    >
      <Flag size={14} aria-hidden />
    </span>
  );
}

function RowActions({ task, tabIndex }: { task: Task; tabIndex: number }) {
  const { t } = useTranslation();
  const { remove } = useCommands();
  return (
    <span className="row-actions">
      <button
        type="button"
        className="icon-button"
        data-testid="task-delete"
        aria-label={t('tasks.delete')}
        title={t('tasks.delete')}
        tabIndex={tabIndex}
        onClick={() => remove(task)}
      >
        <Trash2 size={16} aria-hidden />
      </button>
      <button
        type="button"
        className="icon-button"
        data-testid="open-detail"
        aria-label={t('tasks.open')}
        title={t('tasks.open')}
        tabIndex={tabIndex}
        onClick={() => navigate({ taskId: task.id })}
      >
        <ChevronRight size={18} className="directional" aria-hidden />
      </button>
    </span>
  );
}

/** Takes the browser's focus when somebody asked for it, and only then. */
function useGrab(row: RefObject<HTMLLIElement | null>, isCurrent: boolean): void {
  const isGrab = useStore(listFocus, (focus) => focus.wantsGrab) && isCurrent;
  useEffect(() => {
    if (!isGrab) return;
    row.current?.focus({ preventScroll: true });
    listFocus.setState({ wantsGrab: false });
  }, [isGrab, row]);
}
