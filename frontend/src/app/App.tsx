import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { AccountPage, useSession } from '@/features/account';
import { Appearance } from '@/features/appearance';
import { forgetDrafts, forgetSnapshots } from '@/features/tasks';
import { session } from '@/services/api';
import { Toasts } from '@/ui/Toasts';
import { Home } from './Home';

const RESTORE_AGAIN_MS = 2_000;

export function App() {
  const state = useSession();
  useForgetting('user' in state ? state.user.id : null, state.name === 'restoring');
  return (
    <>
      {state.name === 'restoring' ? <Restoring /> : null}
      {state.name === 'signed-out' ? <AccountPage appearance={<Appearance />} /> : null}
      {'user' in state ? (
        <Home key={state.user.id} user={state.user} isSessionOver={state.name === 'ended'} />
      ) : null}
      <Toasts />
    </>
  );
}

/** Somebody's list stays in the browser while they are signed in, and not a moment longer. */
function useForgetting(personId: number | null, isUnknown: boolean): void {
  useEffect(() => {
    if (isUnknown) return;
    forgetDrafts(personId ?? undefined);
    void forgetSnapshots(personId ?? undefined);
  }, [personId, isUnknown]);
}

/** Signs in by the cookie. A server that is away is waited for: signing in would not help. */
function Restoring() {
  const { t } = useTranslation();
  const [failures, setFailures] = useState(0);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tryAgain = () => setFailures((count) => count + 1);
    session.restore().catch(() => {
      timer = setTimeout(tryAgain, failures === 0 ? 0 : RESTORE_AGAIN_MS);
    });
    return () => clearTimeout(timer);
  }, [failures]);

  return (
    <main className="restoring" aria-busy>
      <p role="status">{failures > 1 ? t('app.unreachable') : ''}</p>
    </main>
  );
}
