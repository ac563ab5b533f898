import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { applyTheme } from './features/appearance';
import { startLanguage } from './i18n';
import './app/styles/tokens.css';
import './app/styles/base.css';
import './app/styles/shell.css';
import './app/styles/list.css';
import './app/styles/detail.css';
import './app/styles/notifications.css';
import './app/styles/settings.css';
import './app/styles/account.css';
import './app/styles/calendar.css';

applyTheme();
startLanguage();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root.');
createRoot(root).render(<App />);
