import { Flag } from 'lucide-react';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { useTasks } from './context';
import { PRIORITIES, PRIORITY_NAMES, type Task } from './task';

export function PriorityField({ task }: { task: Task }) {
  const { t } = useTranslation();
  const tasks = useTasks();
  const name = useId();
  return (
    <fieldset className="detail-priority" data-testid="detail-priority">
      <legend className="field-name">{t('detail.priority')}</legend>
      <div className="segments">
        {PRIORITIES.map((priority) => (
          <label
            key={priority}
            className="segment"
            data-priority={priority}
            data-testid={`detail-priority-${priority}`}
          >
            <input
              type="radio"
              name={name}
              value={priority}
              checked={task.priority === priority}
              onChange={() => tasks.change(task.id, { priority })}
            />
            <Flag size={14} aria-hidden />
            {t(`detail.priorities.${PRIORITY_NAMES[priority]}`)}
          </label>
        ))}
      </div>
    </fieldset>
  );
}
