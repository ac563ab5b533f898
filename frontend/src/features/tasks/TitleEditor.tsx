import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useTask, useTasks } from './context';
import { endEditing } from './listFocus';
import { type Task, TITLE_LENGTH_MAX } from './task';
import { useDraft } from './useDraft';
import { TITLE_DRAFT } from './useReopenedTitle';

/** `task` is the task as it was when the editing began: it may be gone by now. */
export function TitleEditor({ task }: { task: Task }) {
  const { t } = useTranslation();
  const tasks = useTasks();
  const current = useTask(task.id);
  const input = useRef<HTMLInputElement>(null);
  const isDone = useRef(false);

  const save = (text: string) => {
    const title = text.trim();
    if (title === '') return;
    if (!tasks.get(task.id)) tasks.restore(task);
    tasks.change(task.id, { title });
  };
  const name = `${TITLE_DRAFT}${tasks.resolve(task.id)}`;
  const draft = useDraft(name, current?.title ?? task.title, save);

  useEffect(() => {
    input.current?.focus();
    // What was being typed before a reload goes on at its end.
    if (input.current?.value === task.title) input.current.select();
  }, [task.title]);

  const end = (how: { saves: boolean; grab: boolean }) => {
    // Removing the field blurs it, which must not save what Esc has just thrown away.
    if (isDone.current) return;
    isDone.current = true;
    if (how.saves) draft.commit();
    else draft.discard();
    endEditing({ grab: how.grab });
  };

  const hear = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter') end({ saves: true, grab: true });
    else if (event.key === 'Escape') end({ saves: false, grab: true });
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className="title-editor">
      <input
        ref={input}
        className="typed"
        data-testid="task-title-input"
        aria-label={t('tasks.title')}
        dir="auto"
        maxLength={TITLE_LENGTH_MAX}
        value={draft.text}
        onChange={(event) => draft.type(event.target.value)}
        onKeyDown={hear}
        onBlur={() => end({ saves: true, grab: false })}
      />
      {current === undefined ? (
        <p className="beside" role="status">
          {t('tasks.goneWhileEditing')}
        </p>
      ) : (
        <Theirs text={draft.theirs} onTake={draft.takeTheirs} />
      )}
    </div>
  );
}

/** What somebody else wrote into the same field: said beside it, never put over it. */
export function Theirs({ text, onTake }: { text: string | null; onTake: () => void }) {
  const { t } = useTranslation();
  if (text === null) return null;
  return (
    <p className="beside" role="status">
      <span>{t('tasks.waitsBeside')}</span> <bdi className="beside-text">{text}</bdi>
      <button
        type="button"
        className="link-button"
        onPointerDown={(event) => event.preventDefault()}
        onClick={onTake}
      >
        {t('tasks.useTheirs')}
      </button>
    </p>
  );
}
