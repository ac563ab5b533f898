import { useCallback, useState } from 'react';
import { useStore } from 'zustand';
import { SignInAgain } from '@/features/account';
import { CalendarSection, useOutcome } from '@/features/calendar';
import { ImportDialog, ImportPill } from '@/features/imports';
import { JobsDialog } from '@/features/jobs';
import { Bell } from '@/features/notifications';
import { SettingsPage } from '@/features/settings';
import { navigate, TasksPage, TasksProvider, useRoute } from '@/features/tasks';
import { api, type User } from '@/services/api';
import { useMediaQuery, WIDE } from '@/ui/useMediaQuery';
import { BottomBar } from './BottomBar';
import { ConnectionBanner, ConnectionCorner } from './Connection';
import { ShortcutSheet } from './ShortcutSheet';
import { Sidebar } from './Sidebar';
import { useGlobalKeys } from './useGlobalKeys';
import { type Person, usePerson } from './usePerson';

type Open = 'import' | 'jobs' | 'shortcuts' | 'sign-in' | null;

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
  const { isSettings } = useRoute();
  const close = () => setOpen(null);
  const openImport = () => setOpen('import');
  const openJobs = () => setOpen('jobs');
  const { jobs, calendar } = person;
  const isPlaced = useStore(person.settings.store, (view) => view.preferences !== null);
  const menu = { user, jobs, calendar, onImport: openImport, onJobs: openJobs };
  const openShortcuts = useCallback(() => setOpen('shortcuts'), []);
  useGlobalKeys(openShortcuts);
  useOutcome(
    useCallback(() => {
      calendar.want();
      navigate({ isSettings: true }, 'replace');
    }, [calendar]),
  );

  const corner = (
    <div className="corner">
      <Bell notifications={person.notifications} onOpenTask={(taskId) => navigate({ taskId })} />
      <ConnectionCorner isSessionOver={isSessionOver} onSignIn={() => setOpen('sign-in')} />
    </div>
  );
  const banner = <ConnectionBanner isSessionOver={isSessionOver} onRetry={person.retry} />;

  return (
    <div className="shell">
      {isWide ? <Sidebar {...menu} onShortcuts={openShortcuts} /> : null}
      {isSettings ? (
        <SettingsPage
          settings={person.settings}
          device={person.device}
          api={api}
          corner={corner}
          banner={banner}
        >
          <CalendarSection calendar={calendar} isPlaced={isPlaced} />
        </SettingsPage>
      ) : (
        <TasksPage corner={corner} banner={banner} />
      )}
      {isWide ? null : <BottomBar {...menu} />}
      {open === 'import' ? null : <ImportPill imports={person.imports} onOpen={openImport} />}
      {open === 'import' ? <ImportDialog imports={person.imports} onClose={close} /> : null}
      {open === 'jobs' ? <JobsDialog jobs={person.jobs} onClose={close} /> : null}
      {open === 'shortcuts' ? <ShortcutSheet onClose={close} /> : null}
      {open === 'sign-in' && isSessionOver ? <SignInAgain user={user} onClose={close} /> : null}
    </div>
  );
}
