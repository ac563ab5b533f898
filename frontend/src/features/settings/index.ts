/** What the rest of the page may know of settings. */
export { pushBrowser, pushMemory } from './pushBrowser';
export { PushDevice } from './pushDevice';
export { SettingsPage } from './SettingsPage';
export { Settings } from './settings';
