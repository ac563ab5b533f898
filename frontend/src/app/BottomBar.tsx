import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Appearance } from '@/features/appearance';
import type { User } from '@/services/api';
import { Dialog } from '@/ui/Dialog';
import { Account, MenuButtons } from './Sidebar';
import { ViewLinks } from './ViewLinks';

export function BottomBar({ user, onImport }: { user: User; onImport: () => void }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const importInstead = () => {
    setOpen(false);
    onImport();
  };
  return (
    <>
      <nav className="bottom-bar" aria-label={t('views.navigation')}>
        <ViewLinks />
        <button
          type="button"
          className="view-link"
          data-testid="open-more"
          aria-expanded={isOpen}
          onClick={() => setOpen(true)}
        >
          <Ellipsis size={18} aria-hidden />
          <span>{t('appearance.more')}</span>
        </button>
      </nav>
      {isOpen ? (
        <Dialog title={t('appearance.more')} onClose={() => setOpen(false)}>
          <div className="more">
            <MenuButtons onImport={importInstead} />
            <Appearance />
            <Account user={user} />
          </div>
        </Dialog>
      ) : null}
    </>
  );
}
