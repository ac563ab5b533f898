import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Mark } from '@/ui/Mark';
import { AccountForm } from './AccountForm';
import type { AccountAct } from './requests';

export function AccountPage({ appearance }: { appearance: ReactNode }) {
  const { t } = useTranslation();
  const [act, setAct] = useState<AccountAct>('sign-in');
  const isNew = act === 'register';

  useEffect(() => {
    document.title = `${t(isNew ? 'account.register' : 'account.signIn')} · Taskwire`;
  }, [t, isNew]);

  return (
    <main className="account">
      <div className="account-column">
        <p className="brand">
          <Mark /> {t('app.name')}
        </p>
        <h1>{t(isNew ? 'account.registerTitle' : 'account.signInTitle')}</h1>
        <p className="account-tagline">{t('account.tagline')}</p>
        <AccountForm key={act} act={act} />
        <button
          type="button"
          className="link-button"
          data-testid={isNew ? 'switch-to-login' : 'switch-to-register'}
          onClick={() => setAct(isNew ? 'sign-in' : 'register')}
        >
          {t(isNew ? 'account.toSignIn' : 'account.toRegister')}
        </button>
      </div>
      <div className="account-foot">{appearance}</div>
    </main>
  );
}
