import { Check } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { useCommands } from './commands';
import type { Task } from './task';

interface CompleteButtonProps {
  readonly task: Task;
  readonly tabIndex?: number;
  readonly testId?: string;
}

/** The ring's colour is the priority; the flag beside the title says it to those who see none. */
export function CompleteButton({ task, tabIndex = 0, testId }: CompleteButtonProps) {
  const { t } = useTranslation();
  const { toggleCompleted } = useCommands();
  return (
    // biome-ignore lint/a11y/useSemanticElements: the check mark is drawn, and a press is an edit at once
    <button
      type="button"
      role="checkbox"
      className="check"
      data-testid={testId}
      data-priority={task.priority}
      aria-checked={task.is_completed}
      aria-label={`${t('tasks.complete')}: ${task.title}`}
      title={t(task.is_completed ? 'tasks.reopen' : 'tasks.complete')}
      tabIndex={tabIndex}
      onClick={() => toggleCompleted(task)}
    >
      <Check size={13} strokeWidth={3} aria-hidden />
    </button>
  );
}
