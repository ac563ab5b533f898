/** What the rest of the page may know of the connection. */
export { Banner } from './Banner';
export { Indicator } from './Indicator';
export { useConnectionWord } from './useConnectionWord';
