/** What the rest of the page may know of the tasks. */
export { TasksProvider, useTasks, useTasksView } from './context';
export { forgetDrafts, tabDrafts } from './drafts';
export { dayOf } from './due';
export type { Edit } from './edit';
export { IndexedEdits } from './indexedEdits';
export { forgetSnapshots, indexedSnapshots } from './indexedSnapshots';
export { QUICK_ADD_ID } from './QuickAdd';
export { refusalSentence } from './refusals';
export { currentRoute, navigate, useRoute } from './route';
export { closeDetail } from './TaskDetail';
export { SEARCH_ID, TasksPage } from './TasksPage';
export { Tasks } from './tasks';
export { TASKS_PATH } from './tasksSync';
export { countOpen, VIEWS, type View } from './views';
