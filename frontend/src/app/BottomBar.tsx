import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Appearance } from '@/features/appearance';
import { useAttention } from '@/features/calendar';
import { Dialog } from '@/ui/Dialog';
import { Account, MenuButtons, type MenuProps } from './Sidebar';
import { ViewLinks } from './ViewLinks';

export function BottomBar({ user, jobs, calendar, onImport, onJobs }: MenuProps) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const isAttentionNeeded = useAttention(calendar);
  const instead = (open: () => void) => () => {
    setOpen(false);
    open();
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
          {isAttentionNeeded ? <span className="attention" aria-hidden /> : null}
          <span>{t('appearance.more')}</span>
        </button>
      </nav>
      {isOpen ? (
        <Dialog title={t('appearance.more')} onClose={() => setOpen(false)}>
          <div className="more">
            <MenuButtons
              jobs={jobs}
              calendar={calendar}
              onImport={instead(onImport)}
              onJobs={instead(onJobs)}
              onSettings={() => setOpen(false)}
            />
            <Appearance />
            <Account user={user} />
          </div>
        </Dialog>
      ) : null}
    </>
  );
}
