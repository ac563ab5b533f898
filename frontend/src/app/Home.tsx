import { useCallback, useState } from 'react';
import { SignInAgain } from '@/features/account';
import { useOutcome } from '@/features/calendar';
import { ImportDialog, ImportPill } from '@/features/imports';
import { Bell } from '@/features/notifications';
import { navigate, TasksPage, TasksProvider } from '@/features/tasks';
import type { User } from '@/services/api';
import { useMediaQuery, WIDE } from '@/ui/useMediaQuery';
import { BottomBar } from './BottomBar';
import { ConnectionBanner, ConnectionCorner } from './Connection';
import { ShortcutSheet } from './ShortcutSheet';
import { Sidebar } from './Sidebar';
import { useGlobalKeys } from './useGlobalKeys';
import { type Person, usePerson } from './usePerson';

type Open = 'import' | 'shortcuts' | 'sign-in' | null;

interface HomeProps {
  readonly user: User;
  readonly isSessionOver: boolean;
}

export function Home({ user, isSessionOver }: HomeProps) {
  const person = usePerson(user.id, isSessionOver);
  return (
    <TasksProvider value={person.tasks}>
      <Shell user={user} isSessionOver={isSessionOver} person={person} />
    </TasksProvider>
  );
}

function Shell({ user, isSessionOver, person }: HomeProps & { person: Person }) {
  const [open, setOpen] = useState<Open>(null);
  const isWide = useMediaQuery(WIDE);
  const close = () => setOpen(null);
  const openImport = () => setOpen('import');
  const openShortcuts = useCallback(() => setOpen('shortcuts'), []);
  useGlobalKeys(openShortcuts);
  useOutcome();

  return (
    <div className="shell">
      {isWide ? <Sidebar user={user} onImport={openImport} onShortcuts={openShortcuts} /> : null}
      <TasksPage
        corner={
          <div className="corner">
            <Bell
              notifications={person.notifications}
              onOpenTask={(taskId) => navigate({ taskId })}
            />
            <ConnectionCorner isSessionOver={isSessionOver} onSignIn={() => setOpen('sign-in')} />
          </div>
        }
        banner={<ConnectionBanner isSessionOver={isSessionOver} onRetry={person.retry} />}
      />
      {isWide ? null : <BottomBar user={user} onImport={openImport} />}
      {open === 'import' ? null : <ImportPill imports={person.imports} onOpen={openImport} />}
      {open === 'import' ? <ImportDialog imports={person.imports} onClose={close} /> : null}
      {open === 'shortcuts' ? <ShortcutSheet onClose={close} /> : null}
      {open === 'sign-in' && isSessionOver ? <SignInAgain user={user} onClose={close} /> : null}
    </div>
  );
}
