import { Fragment } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { Dialog } from '@/ui/Dialog';
import { enableShortcuts, shortcutsEnabled } from '@/ui/shortcuts';

const KEYS = [
  ['add', ['q']],
  ['search', ['/']],
  ['move', ['j', 'k']],
  ['open', ['Enter']],
  ['edit', ['e']],
  ['complete', ['Space', 'x']],
  ['priority', ['1', '2', '3', '4']],
  ['due', ['d']],
  ['delete', ['Del']],
  ['undo', ['Ctrl Z']],
  ['go', ['g i', 'g t', 'g u']],
  ['notifications', ['g n']],
  ['settings', ['g s']],
  ['escape', ['Esc']],
  ['sheet', ['?']],
] as const;

export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const isEnabled = useStore(shortcutsEnabled);
  return (
    <Dialog title={t('shortcuts.title')} onClose={onClose} testId="shortcut-sheet">
      <dl className="shortcuts">
        {KEYS.map(([name, keys]) => (
          <Fragment key={name}>
            <dt>{t(`shortcuts.${name}`)}</dt>
            <dd dir="ltr">
              {keys.map((key) => (
                <kbd key={key} className="key">
                  {key}
                </kbd>
              ))}
            </dd>
          </Fragment>
        ))}
      </dl>
      <div className="dialog-actions">
        <label className="choice">
          <input
            type="checkbox"
            checked={isEnabled}
            onChange={(event) => enableShortcuts(event.target.checked)}
          />
          {t('shortcuts.enabled')}
        </label>
        <span className="spring" />
        <button type="button" className="button" onClick={onClose}>
          {t('shortcuts.close')}
        </button>
      </div>
    </Dialog>
  );
}
