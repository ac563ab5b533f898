/** What the rest of the page may know of jobs. */
export { JobsDialog } from './JobsDialog';
export { JobsLink } from './JobsLink';
export { Jobs } from './jobs';
