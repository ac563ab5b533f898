import { Plus } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTasks } from './context';
import type { Day } from './due';
import { TITLE_LENGTH_MAX } from './task';

export const QUICK_ADD_ID = 'quick-add';

/** In Today a new task is for today: otherwise it would vanish as it is added. */
export function QuickAdd({ dueOn }: { dueOn: Day | null }) {
  const { t } = useTranslation();
  const tasks = useTasks();
  const [title, setTitle] = useState('');

  const add = (event: FormEvent) => {
    event.preventDefault();
    const trimmed = title.trim();
    if (trimmed === '') return;
    tasks.add({ title: trimmed, ...(dueOn === null ? {} : { due_on: dueOn }) });
    setTitle('');
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
        onChange={(event) => setTitle(event.target.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
      <span className="key" aria-hidden>
        q
      </span>
    </form>
  );
}
