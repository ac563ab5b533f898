/** What the rest of the page may know of imports. */
export { ImportDialog } from './ImportDialog';
export { ImportPill } from './ImportPill';
export { Imports } from './imports';
