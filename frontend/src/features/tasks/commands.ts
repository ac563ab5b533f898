/**
 * What a person can do to a task, with the way back that each step owes them.
 */
import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { showToast } from '@/ui/toasts';
import { useTasks } from './context';
import type { Task } from './task';
import type { Tasks } from './tasks';

const TITLE_IN_SENTENCE_MAX = 60;

export interface Commands {
  toggleCompleted(task: Task): void;
  remove(task: Task): void;
}

export function useCommands(): Commands {
  const tasks = useTasks();
  const { t } = useTranslation();
  return useMemo(() => makeCommands(tasks, t), [tasks, t]);
}

function makeCommands(tasks: Tasks, t: TFunction): Commands {
  return {
    toggleCompleted(task) {
      const before = task.is_completed;
      tasks.change(task.id, { is_completed: !before });
      if (before) return;
      const undo = () => tasks.change(task.id, { is_completed: before });
      showToast(t('tasks.completed', { title: inSentence(task.title) }), undo);
    },
    remove(task) {
      const undo = tasks.remove(task.id);
      showToast(t('tasks.deleted', { title: inSentence(task.title) }), undo);
    },
  };
}

/**
 * A title inside a sentence: short, and set apart so that its direction does not turn the
 * sentence around (the marks are what <bdi> is in markup).
 */
export function inSentence(title: string): string {
  const short =
    title.length > TITLE_IN_SENTENCE_MAX ? `${title.slice(0, TITLE_IN_SENTENCE_MAX)}…` : title;
  return `\u2068${short}\u2069`;
}
