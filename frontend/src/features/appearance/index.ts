/** What the rest of the page may know of its looks. */
export { Appearance } from './Appearance';
export { applyTheme } from './theme';
