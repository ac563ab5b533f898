import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { showToast, showTrouble } from '@/ui/toasts';
import { takeOutcome } from './outcome';

/** Says how the way to Google ended, when somebody has just come back from there. */
export function useOutcome(goBack: () => void): void {
  const { t } = useTranslation();
  useEffect(() => {
    const outcome = takeOutcome();
    if (outcome === null) return;
    const say = outcome === 'connected' ? showToast : showTrouble;
    say(t(`calendar.outcomes.${outcome}`));
    goBack();
  }, [t, goBack]);
}
