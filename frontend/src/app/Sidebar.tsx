import { FileUp, Keyboard, LogOut, Settings } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Appearance } from '@/features/appearance';
import { type Calendar, useAttention } from '@/features/calendar';
import { type Jobs, JobsLink } from '@/features/jobs';
import { navigate, useRoute } from '@/features/tasks';
import { session, type User } from '@/services/api';
import { Mark } from '@/ui/Mark';
import { ViewLinks } from './ViewLinks';

export interface MenuProps {
  readonly user: User;
  readonly jobs: Jobs;
  readonly calendar: Calendar;
  readonly onImport: () => void;
  readonly onJobs: () => void;
}

interface SidebarProps extends MenuProps {
  readonly onShortcuts: () => void;
}

export function Sidebar({ user, onShortcuts, ...menu }: SidebarProps) {
  const { t } = useTranslation();
  return (
    <header className="sidebar">
      <p className="brand">
        <Mark /> {t('app.name')}
      </p>
      <nav aria-label={t('views.navigation')}>
        <ViewLinks />
      </nav>
      <span className="spring" />
      <MenuButtons {...menu} onShortcuts={onShortcuts} />
      <Appearance />
      <Account user={user} />
    </header>
  );
}

interface MenuButtonsProps extends Omit<MenuProps, 'user'> {
  /** Whatever has to be closed before the settings are there. */
  readonly onSettings?: () => void;
  readonly onShortcuts?: () => void;
}

export function MenuButtons(props: MenuButtonsProps) {
  const { jobs, calendar, onImport, onJobs, onSettings, onShortcuts } = props;
  const { t } = useTranslation();
  return (
    <>
      <button type="button" className="menu-item" data-testid="open-import" onClick={onImport}>
        <FileUp size={18} aria-hidden /> {t('imports.open')}
      </button>
      <JobsLink jobs={jobs} onOpen={onJobs} />
      <SettingsLink calendar={calendar} onOpen={onSettings} />
      {onShortcuts ? (
        <button
          type="button"
          className="menu-item"
          data-testid="open-shortcuts"
          onClick={onShortcuts}
        >
          <Keyboard size={18} aria-hidden /> {t('shortcuts.title')}
        </button>
      ) : null}
    </>
  );
}

interface SettingsLinkProps {
  readonly calendar: Calendar;
  readonly onOpen: (() => void) | undefined;
}

function SettingsLink({ calendar, onOpen }: SettingsLinkProps) {
  const { t } = useTranslation();
  const isAttentionNeeded = useAttention(calendar);
  const { isSettings } = useRoute();
  return (
    <a
      className="view-link"
      href="/?view=settings"
      data-testid="open-settings"
      aria-current={isSettings ? 'page' : undefined}
      onClick={(event) => {
        if (event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        onOpen?.();
        if (isAttentionNeeded) calendar.want();
        navigate({ isSettings: true });
      }}
    >
      <Settings size={18} aria-hidden /> <span>{t('settings.title')}</span>
      {isAttentionNeeded ? (
        <span className="attention" data-testid="calendar-attention">
          <span className="only-heard">
            {t('calendar.title')} {t('calendar.attention')}
          </span>
        </span>
      ) : null}
    </a>
  );
}

export function Account({ user }: { user: User }) {
  const { t } = useTranslation();
  return (
    <div className="account-line">
      <span className="account-name" title={user.email}>
        <bdi>{user.name || user.email}</bdi>
      </span>
      <button
        type="button"
        className="icon-button"
        data-testid="sign-out"
        aria-label={t('account.signOut')}
        title={t('account.signOut')}
        onClick={() => void session.signOut()}
      >
        <LogOut size={17} className="directional" aria-hidden />
      </button>
    </div>
  );
}
