import { FileUp, Keyboard, LogOut } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Appearance } from '@/features/appearance';
import { CalendarButton } from '@/features/calendar';
import { session, type User } from '@/services/api';
import { Mark } from '@/ui/Mark';
import { ViewLinks } from './ViewLinks';

interface SidebarProps {
  readonly user: User;
  readonly onImport: () => void;
  readonly onShortcuts: () => void;
}

export function Sidebar({ user, onImport, onShortcuts }: SidebarProps) {
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
      <MenuButtons onImport={onImport} onShortcuts={onShortcuts} />
      <Appearance />
      <Account user={user} />
    </header>
  );
}

interface MenuButtonsProps {
  readonly onImport: () => void;
  readonly onShortcuts?: () => void;
}

export function MenuButtons({ onImport, onShortcuts }: MenuButtonsProps) {
  const { t } = useTranslation();
  return (
    <>
      <button type="button" className="menu-item" data-testid="open-import" onClick={onImport}>
        <FileUp size={18} aria-hidden /> {t('imports.open')}
      </button>
      <CalendarButton />
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
