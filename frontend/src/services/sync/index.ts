/** How what is shown here stays what the server holds. */
export { Outbox, type OutboxWorld } from './outbox';
export { BATCH_MS, SnapshotStream, type StreamEvent, type StreamWorld } from './snapshotStream';
export { atMost, setTimer, whenQuiet } from './timers';
