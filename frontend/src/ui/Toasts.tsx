import { X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { dismissToast, followToast, TOAST_MS, type Toast, toastStore, undoToast } from './toasts';

export function Toasts() {
  const toasts = useStore(toastStore);
  return (
    <div className="toasts" role="status">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastCard({ toast }: { toast: Toast }) {
  const { t } = useTranslation();
  const [isHeld, setHeld] = useState(false);

  // Somebody who points at it is still reading.
  useEffect(() => {
    if (isHeld) return;
    const timer = setTimeout(() => dismissToast(toast.id), TOAST_MS);
    return () => clearTimeout(timer);
  }, [isHeld, toast.id]);

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: pointing only holds the clock; the buttons act
    <div
      className="toast"
      data-tone={toast.tone}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span className="toast-text" dir="auto">
        {toast.text}
      </span>
      {toast.undo ? (
        <button
          type="button"
          className="toast-undo"
          data-testid="toast-undo"
          onClick={() => undoToast(toast)}
        >
          {t('tasks.undo')}
        </button>
      ) : null}
      {toast.action ? (
        <button
          type="button"
          className="toast-undo"
          data-testid="toast-action"
          onClick={() => followToast(toast)}
        >
          {toast.action.label}
        </button>
      ) : null}
      <button
        type="button"
        className="icon-button"
        aria-label={t('tasks.dismiss')}
        onClick={() => dismissToast(toast.id)}
      >
        <X size={16} aria-hidden />
      </button>
    </div>
  );
}
