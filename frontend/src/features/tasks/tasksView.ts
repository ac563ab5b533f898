import type { ApiClient } from '@/services/api';
import type { TokenSource, WebSocketService } from '@/services/websocket';
import type { Drafts } from './drafts';
import type { Edit } from './edit';
import type { EditStorage } from './editStorage';
import type { SnapshotStore } from './snapshotStore';
import type { Task } from './task';
import type { TasksState } from './tasksState';

export interface TasksView {
  readonly state: TasksState;
  readonly shown: ReadonlyMap<number, Task>;
  /** Why the list is not there yet, if it is not. */
  readonly loadTrouble: unknown;
  /** Edits are waiting because the last try to send one got no answer. */
  readonly isSendingStuck: boolean;
  /** What waits would survive this tab; false where the browser keeps nothing for us. */
  readonly isKept: boolean;
}

export interface TasksWorld {
  readonly api: ApiClient;
  readonly service: WebSocketService;
  readonly token: TokenSource;
  readonly storage?: EditStorage;
  readonly snapshots?: SnapshotStore;
  readonly drafts?: Drafts;
  /** `task` is what the screen shows after the edit was taken back. */
  refused(edit: Edit, error: unknown, task: Task | undefined): void;
}
