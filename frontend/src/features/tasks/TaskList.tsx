import { defaultRangeExtractor, type Range, useVirtualizer } from '@tanstack/react-virtual';
import { useCallback, useEffect, useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useMediaQuery } from '@/ui/useMediaQuery';
import { ListHeading } from './ListHeading';
import { listFocus } from './listFocus';
import type { Route } from './route';
import { TaskRow } from './TaskRow';
import { useFlood } from './useFlood';
import { useFocusRescue } from './useFocusRescue';
import { useHeldPlace } from './useHeldPlace';
import type { ListContents } from './useListItems';
import { useListKeys } from './useListKeys';
import { useReveal } from './useReveal';

const ROW_PX = 40;
const ROW_TOUCH_PX = 48;
/** The stylesheet draws rows at these same heights, so nothing is ever measured. */
const TOUCH = '(pointer: coarse), (max-width: 1023.98px)';

interface TaskListProps extends ListContents {
  readonly route: Route;
  readonly now: Date;
}

export function TaskList({ items, nameOf, route, now }: TaskListProps) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const focus = useStore(listFocus);
  const rowPx = useMediaQuery(TOUCH) ? ROW_TOUCH_PX : ROW_PX;
  const currentIndex = useCurrentIndex(items, nameOf, focus.name);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => items[index]?.key ?? index,
    overscan: 12,
    rangeExtractor: useRangeWith(currentIndex),
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another row height is the very reason
  useEffect(() => virtual.measure(), [rowPx, virtual]);
  useHeldPlace(scroller, items, rowPx, virtual.scrollOffset ?? 0);
  useReveal(items, nameOf, virtual.scrollToIndex);
  useFocusRescue(scroller, items, nameOf, currentIndex);
  useListKeys({ items, nameOf, currentIndex, scrollTo: virtual.scrollToIndex });

  const { positions, count } = usePositions(items);
  const isFlood = useFlood(items.length);

  return (
    <div className="list" ref={scroller} data-flood={isFlood}>
      <ul aria-label={t('views.list')} style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map(({ index, key, start }) => {
          const item = items[index];
          if (!item) return null;
          if (item.kind === 'heading') {
            return <ListHeading key={key} heading={item.heading} offset={start} now={now} />;
          }
          const name = nameOf(item.task.id);
          const isEdited = focus.editing !== null && nameOf(focus.editing.id) === name;
          return (
            <TaskRow
              key={key}
              task={item.task}
              name={name}
              offset={start}
              position={positions[index] ?? 0}
              count={count}
              now={now}
              isUnderDay={item.isUnderDay}
              isCurrent={index === currentIndex}
              isOpen={route.taskId !== null && nameOf(route.taskId) === name}
              editing={isEdited ? focus.editing : null}
            />
          );
        })}
      </ul>
    </div>
  );
}

/** For those who hear the list: which of how many a row is, headings left out. */
function usePositions(items: ListContents['items']): { positions: number[]; count: number } {
  return useMemo(() => {
    let count = 0;
    const positions = items.map((item) => {
      if (item.kind === 'task') count += 1;
      return count;
    });
    return { positions, count };
  }, [items]);
}

/** The row the keyboard is on; the first one, before anybody chose. */
function useCurrentIndex(
  items: ListContents['items'],
  nameOf: ListContents['nameOf'],
  name: number | null,
): number {
  return useMemo(() => {
    const isCurrent = (item: (typeof items)[number]) =>
      item.kind === 'task' && nameOf(item.task.id) === name;
    const index = items.findIndex(isCurrent);
    return index >= 0 ? index : items.findIndex((item) => item.kind === 'task');
  }, [items, nameOf, name]);
}

/** Scrolled away or not, the current row stays in the page: it may hold the focus or a draft. */
function useRangeWith(index: number) {
  return useCallback(
    (range: Range) => {
      const visible = defaultRangeExtractor(range);
      if (index < 0 || visible.includes(index)) return visible;
      return [...visible, index].sort((one, other) => one - other);
    },
    [index],
  );
}
