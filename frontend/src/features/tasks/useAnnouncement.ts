import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useTasksView } from './context';

const BATCH_MS = 2_000;

/** What arrived from other screens, for those who hear the page: in batches, never row by row. */
export function useAnnouncement(): string {
  const { t } = useTranslation();
  const touches = useTasksView((view) => view.state.touches);
  const [count, setCount] = useState(0);
  const announced = useRef(touches);

  useEffect(() => {
    if (touches === announced.current) return;
    const timer = setTimeout(() => {
      const before = announced.current;
      setCount([...touches].filter(([id, touch]) => touch !== before.get(id)).length);
      announced.current = touches;
    }, BATCH_MS);
    return () => clearTimeout(timer);
  }, [touches]);

  return count === 0 ? '' : t('tasks.changedElsewhere', { count });
}
