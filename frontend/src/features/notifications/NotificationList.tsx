import {
  AlarmClock,
  Bell,
  CalendarCheck,
  CalendarX,
  Check,
  CircleAlert,
  FileCheck,
  FileX,
  KeyRound,
} from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { useLocale } from '@/i18n';
import { isKind, type Kind } from '@/i18n/kinds';
import { useNow } from '@/ui/useNow';
import type { Notification } from './notification';
import type { Notifications } from './notifications';
import { relativeTime } from './relativeTime';
import { kindLabel } from './wording';

const PAGE = 30;
const REFRESH_MS = 30_000;

const ICONS: Record<Kind, typeof Bell> = {
  reminder_due: AlarmClock,
  task_overdue: CircleAlert,
  import_finished: FileCheck,
  import_failed: FileX,
  sync_finished: CalendarCheck,
  sync_failed: CalendarX,
  sign_in: KeyRound,
};

interface NotificationListProps {
  readonly notifications: Notifications;
  readonly onOpenTask: (taskId: number) => void;
}

export function NotificationList({ notifications, onOpenTask }: NotificationListProps) {
  const { t } = useTranslation();
  const { shown, unread, state } = useStore(notifications.store);
  const [count, setCount] = useState(PAGE);
  const now = useNow(REFRESH_MS);
  if (state.seq === null) return <p className="quiet">{t('app.loading')}</p>;
  if (shown.length === 0) {
    return (
      <p className="quiet" data-testid="notifications-empty">
        {t('notifications.empty')}
      </p>
    );
  }
  return (
    <div className="notifications" data-testid="notifications">
      <ul aria-label={t('notifications.title')}>
        {shown.slice(0, count).map((item) => (
          <Row
            key={item.id}
            item={item}
            now={now}
            onRead={() => notifications.markRead(item.id)}
            onOpenTask={onOpenTask}
          />
        ))}
      </ul>
      <div className="notifications-foot">
        {shown.length > count ? (
          <button
            type="button"
            className="link-button"
            onClick={() => setCount((before) => before + PAGE)}
          >
            {t('notifications.older')}
          </button>
        ) : null}
        <span className="spring" />
        <button
          type="button"
          className="link-button"
          data-testid="notifications-read-all"
          disabled={unread === 0}
          onClick={() => notifications.markAllRead()}
        >
          {t('notifications.readAll')}
        </button>
      </div>
    </div>
  );
}

interface RowProps {
  readonly item: Notification;
  readonly now: Date;
  readonly onRead: () => void;
  readonly onOpenTask: (taskId: number) => void;
}

function Row({ item, now, onRead, onOpenTask }: RowProps) {
  const { t } = useTranslation();
  const isUnread = item.read_at === null;
  const { task_id: taskId } = item;
  const open = () => {
    onRead();
    if (taskId !== null) onOpenTask(taskId);
  };
  return (
    <li
      className="notification"
      data-testid="notification"
      data-notification-id={item.id}
      data-kind={item.kind}
      data-read={!isUnread}
    >
      {taskId === null ? (
        <div className="notification-text">
          <Words item={item} now={now} />
        </div>
      ) : (
        <button
          type="button"
          className="notification-text"
          data-testid="notification-open"
          onClick={open}
        >
          <Words item={item} now={now} />
        </button>
      )}
      {isUnread ? (
        <button
          type="button"
          className="icon-button"
          data-testid="notification-read"
          aria-label={t('notifications.read')}
          title={t('notifications.read')}
          onClick={onRead}
        >
          <Check size={16} aria-hidden />
        </button>
      ) : null}
    </li>
  );
}

function Words({ item, now }: { item: Notification; now: Date }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const Icon = isKind(item.kind) ? ICONS[item.kind] : Bell;
  const moment = new Date(item.created_at);
  const when = relativeTime(moment, now, locale);
  return (
    <>
      <Icon size={17} className="notification-icon" aria-hidden />
      <span className="notification-lines">
        <span className="notification-kind">
          {kindLabel(t, item)}
          {item.read_at === null ? (
            <span className="only-heard"> · {t('notifications.isUnread')}</span>
          ) : null}
        </span>
        {isKind(item.kind) && item.title !== '' ? (
          <bdi className="notification-title">{item.title}</bdi>
        ) : null}
        {when === '' ? null : (
          <time
            className="notification-when"
            dateTime={item.created_at}
            title={moment.toLocaleString(locale)}
          >
            {when}
          </time>
        )}
      </span>
    </>
  );
}
