import { useState } from 'react';
import { SignInAgain } from '@/features/account';
import { Banner, Indicator, useConnectionWord } from '@/features/connection';
import { ImportDialog, ImportPill } from '@/features/imports';
import { TASKS_PATH, TasksPage, TasksProvider, useTasksView } from '@/features/tasks';
import type { User } from '@/services/api';
import { useMediaQuery, WIDE } from '@/ui/useMediaQuery';
import { BottomBar } from './BottomBar';
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
  const person = usePerson(isSessionOver);
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
  const { word, hasBanner } = useWord(isSessionOver);
  useGlobalKeys(() => setOpen('shortcuts'));

  return (
    <div className="shell">
      {isWide ? (
        <Sidebar user={user} onImport={openImport} onShortcuts={() => setOpen('shortcuts')} />
      ) : null}
      <TasksPage
        corner={<Indicator word={word} onSignIn={() => setOpen('sign-in')} />}
        banner={hasBanner ? <Banner word={word} onRetry={person.retry} /> : null}
      />
      {isWide ? null : <BottomBar user={user} onImport={openImport} />}
      {open === 'import' ? null : <ImportPill imports={person.imports} onOpen={openImport} />}
      {open === 'import' ? <ImportDialog imports={person.imports} onClose={close} /> : null}
      {open === 'shortcuts' ? <ShortcutSheet onClose={close} /> : null}
      {open === 'sign-in' && isSessionOver ? <SignInAgain user={user} onClose={close} /> : null}
    </div>
  );
}

function useWord(isSessionOver: boolean) {
  const editsWaiting = useTasksView((view) => view.state.edits.length);
  const wantsSnapshot = useTasksView((view) => view.state.wantsSnapshot);
  const hasLoadTrouble = useTasksView((view) => view.loadTrouble !== null);
  const isSendingStuck = useTasksView((view) => view.isSendingStuck);
  return useConnectionWord(TASKS_PATH, {
    editsWaiting,
    wantsSnapshot,
    hasLoadTrouble,
    isSendingStuck,
    isSessionOver,
  });
}
