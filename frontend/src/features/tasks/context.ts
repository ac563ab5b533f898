import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { Task } from './task';
import type { Tasks } from './tasks';
import type { TasksView } from './tasksView';

const TasksContext = createContext<Tasks | null>(null);
export const TasksProvider = TasksContext.Provider;

export function useTasks(): Tasks {
  const tasks = useContext(TasksContext);
  if (tasks === null) throw new Error('useTasks() outside of a TasksProvider.');
  return tasks;
}

export function useTasksView<Part>(select: (view: TasksView) => Part): Part {
  return useStore(useTasks().store, select);
}

export function useTask(id: number): Task | undefined {
  return useTasksView((view) => view.shown.get(view.state.adopted.get(id) ?? id));
}
