/** The stream of the tasks. */
import { BATCH_MS, SnapshotStream, type StreamWorld } from '@/services/sync';
import type { Snapshot } from './requests';

export { BATCH_MS };
export const TASKS_PATH = '/ws/tasks';

export class TasksSync extends SnapshotStream<Snapshot> {
  /** Others may publish unnumbered words about tasks: those are shown as well. */
  constructor(world: StreamWorld<Snapshot>) {
    super(TASKS_PATH, 'task_', world);
  }
}
