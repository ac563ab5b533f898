import { Bell as BellIcon } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useLocale } from '@/i18n';
import { Dialog } from '@/ui/Dialog';
import { useMediaQuery, WIDE } from '@/ui/useMediaQuery';
import { closeBell, isBellOpen, toggleBell } from './bellStore';
import { NotificationList } from './NotificationList';
import type { Notifications } from './notifications';

const SHOWN_MAX = 99;

interface BellProps {
  readonly notifications: Notifications;
  readonly onOpenTask: (taskId: number) => void;
}

/** In the same corner of every view: how much is unread, and what. */
export function Bell({ notifications, onOpenTask }: BellProps) {
  const { t } = useTranslation();
  const locale = useLocale();
  const unread = useStore(notifications.store, (view) => view.unread);
  const isOpen = useStore(isBellOpen);
  const isWide = useMediaQuery(WIDE);
  useEffect(() => closeBell, []);
  const list = (
    <NotificationList
      notifications={notifications}
      onOpenTask={(taskId) => {
        closeBell();
        onOpenTask(taskId);
      }}
    />
  );
  return (
    <div className="bell">
      <button
        type="button"
        className="icon-button"
        data-testid="bell"
        aria-label={
          unread === 0 ? t('notifications.title') : t('notifications.unread', { count: unread })
        }
        title={t('notifications.title')}
        aria-expanded={isOpen}
        onClick={toggleBell}
      >
        <BellIcon size={19} aria-hidden />
        {unread === 0 ? null : (
          <span className="bell-count" data-testid="bell-count" aria-hidden>
            {unread > SHOWN_MAX
              ? `${SHOWN_MAX.toLocaleString(locale)}+`
              : unread.toLocaleString(locale)}
          </span>
        )}
      </button>
      {isOpen && isWide ? <Panel>{list}</Panel> : null}
      {isOpen && !isWide ? (
        <Dialog title={t('notifications.title')} onClose={closeBell}>
          {list}
        </Dialog>
      ) : null}
    </div>
  );
}

/** Beside the bell; a press anywhere else closes it, and Esc gives the focus back. */
function Panel({ children }: { children: React.ReactNode }) {
  const { t } = useTranslation();
  const panel = useRef<HTMLElement>(null);

  useEffect(() => {
    const before = document.activeElement;
    panel.current?.focus({ preventScroll: true });
    const press = (event: PointerEvent) => {
      const bell = panel.current?.parentElement;
      if (event.target instanceof Node && !bell?.contains(event.target)) closeBell();
    };
    document.addEventListener('pointerdown', press);
    return () => {
      document.removeEventListener('pointerdown', press);
      if (before instanceof HTMLElement && isFocusLost()) before.focus({ preventScroll: true });
    };
  }, []);

  const hear = (event: KeyboardEvent) => {
    if (event.key !== 'Escape') return;
    event.preventDefault();
    closeBell();
  };
  return (
    <section
      ref={panel}
      className="bell-panel"
      aria-label={t('notifications.title')}
      tabIndex={-1}
      onKeyDown={hear}
    >
      <h2>{t('notifications.title')}</h2>
      {children}
    </section>
  );
}

/** What had the focus is gone with the panel, and nothing else has taken it. */
function isFocusLost(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}
