/** What the browser keeps for us over reloads. */
export { type StoreName, transact } from './database';
export { browserTabLocks, type TabLocks } from './tabLocks';
