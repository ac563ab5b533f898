import { useTranslation } from 'react-i18next';
import type { User } from '@/services/api';
import { Dialog } from '@/ui/Dialog';
import { AccountForm } from './AccountForm';

/** The session ended while somebody was at work: the page stays as it is behind this. */
export function SignInAgain({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Dialog title={t('account.again')} onClose={onClose}>
      <p className="quiet">{t('account.againWhy')}</p>
      <AccountForm act="sign-in" knownEmail={user.email} onEntered={onClose} />
    </Dialog>
  );
}
