/**
 * The word about the connection, in its corner, and the banner. Both look at the clock once a
 * second; they stand alone so that the list need not.
 */
import { Banner, Indicator, useConnectionWord } from '@/features/connection';
import { TASKS_PATH, useTasksView } from '@/features/tasks';

export function ConnectionCorner(props: { isSessionOver: boolean; onSignIn: () => void }) {
  const { word } = useWord(props.isSessionOver);
  return <Indicator word={word} onSignIn={props.onSignIn} />;
}

export function ConnectionBanner(props: { isSessionOver: boolean; onRetry: () => void }) {
  const { word, hasBanner } = useWord(props.isSessionOver);
  const isKept = useTasksView((view) => view.isKept);
  return hasBanner ? <Banner word={word} isKept={isKept} onRetry={props.onRetry} /> : null;
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
