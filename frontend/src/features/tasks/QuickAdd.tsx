import { Plus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { showToast } from '@/ui/toasts';
import { useTasks } from './context';
import type { Day } from './due';
import { revealRow } from './listFocus';
import { TITLE_LENGTH_MAX } from './task';

export const QUICK_ADD_ID = 'quick-add';

interface QuickAddProps {
  readonly dueOn: Day | null;
  /** Not every view has room for a task without a date; then a word says where it went. */
  readonly isShownHere: boolean;
}

/** In Today a new task is for today: otherwise it would vanish as it is added. */
export function QuickAdd({ dueOn, isShownHere }: QuickAddProps) {
  const { t } = useTranslation();
  const tasks = useTasks();
  const { drafts } = tasks;
  const [title, setTitle] = useState(() => drafts.read(QUICK_ADD_ID)?.text ?? '');
  const type = (text: string) => {
    setTitle(text);
    drafts.write(QUICK_ADD_ID, text === '' ? null : { text, startedFrom: '' });
  };

  const add = (event: FormEvent) => {
    event.preventDefault();
    const trimmed = title.trim();
    if (trimmed === '') return;
    const id = tasks.add({ title: trimmed, ...(dueOn === null ? {} : { due_on: dueOn }) });
    type('');
    if (isShownHere) revealRow(id);
    else showToast(t('tasks.added'));
  };

  return (
    <form className="quick-add" onSubmit={add}>
      <Plus size={18} aria-hidden />
      <input
        id={QUICK_ADD_ID}
        className="typed"
        data-testid="quick-add"
        aria-label={t('tasks.add')}
        placeholder={t('tasks.add')}
        dir="auto"
        autoComplete="off"
        enterKeyHint="done"
        maxLength={TITLE_LENGTH_MAX}
        value={title}
        onChange={(event) => type(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          event.preventDefault();
          event.currentTarget.blur();
        }}
      />
      <span className="key" aria-hidden>
        q
      </span>
    </form>
  );
}
