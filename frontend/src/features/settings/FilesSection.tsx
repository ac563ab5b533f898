import { Check, Copy, Download } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocale } from '@/i18n';
import type { ApiClient } from '@/services/api';
import { showTrouble } from '@/ui/toasts';
import {
  EXPORT_FORMATS,
  type ExportFormat,
  type Feed,
  fetchExport,
  readFeed,
  revokeFeed,
  startFeed,
} from './files';

/** What leaves this place: everything as a file, or the calendar under an address. */
export function FilesSection({ api }: { api: ApiClient }) {
  return (
    <>
      <Export api={api} />
      <FeedSection api={api} />
    </>
  );
}

function Export({ api }: { api: ApiClient }) {
  const { t } = useTranslation();
  const [busy, setBusy] = useState<ExportFormat | null>(null);
  const download = async (format: ExportFormat) => {
    setBusy(format);
    try {
      saveAs(await fetchExport(api, format));
    } catch {
      showTrouble(t('settings.export.failed'));
    } finally {
      setBusy(null);
    }
  };
  return (
    <section className="settings-section" aria-labelledby="settings-export">
      <h2 id="settings-export">{t('settings.export.title')}</h2>
      <p className="quiet">{t('settings.export.hint')}</p>
      <div className="chips">
        {EXPORT_FORMATS.map((format) => (
          <button
            key={format}
            type="button"
            className="chip"
            data-testid={`export-${format}`}
            disabled={busy !== null}
            onClick={() => void download(format)}
          >
            <Download size={14} aria-hidden /> {t(`settings.export.${format}`)}
          </button>
        ))}
      </div>
    </section>
  );
}

function saveAs(file: File): void {
  const address = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = address;
  link.download = file.name;
  link.click();
  // The browser has taken it by the time that it has drawn.
  requestAnimationFrame(() => URL.revokeObjectURL(address));
}

function FeedSection({ api }: { api: ApiClient }) {
  const { t } = useTranslation();
  const locale = useLocale();
  const [feed, setFeed] = useState<Feed | null>(null);
  useEffect(() => {
    readFeed(api).then(setFeed, () => setFeed({ is_on: false, created_at: null, url: null }));
  }, [api]);
  const act = (deed: Promise<Feed>) => {
    deed.then(setFeed, () => showTrouble(t('settings.feed.failed')));
  };
  const created = feed?.created_at ? new Date(feed.created_at).toLocaleDateString(locale) : null;
  return (
    <section className="settings-section" aria-labelledby="settings-feed">
      <h2 id="settings-feed">{t('settings.feed.title')}</h2>
      <p className="quiet">{t('settings.feed.hint')}</p>
      {feed?.url ? <Address url={feed.url} /> : null}
      {feed?.is_on && !feed.url ? (
        <p data-testid="feed-on">{t('settings.feed.on', { when: created ?? '' })}</p>
      ) : null}
      <div className="chips">
        <button
          type="button"
          className="chip"
          data-testid="feed-make"
          disabled={feed === null}
          onClick={() => act(startFeed(api))}
        >
          {t(feed?.is_on ? 'settings.feed.again' : 'settings.feed.make')}
        </button>
        {feed?.is_on ? (
          <button
            type="button"
            className="chip"
            data-testid="feed-revoke"
            onClick={() => act(revokeFeed(api))}
          >
            {t('settings.feed.revoke')}
          </button>
        ) : null}
      </div>
    </section>
  );
}

/** Shown once: the server keeps only what proves it. */
function Address({ url }: { url: string }) {
  const { t } = useTranslation();
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard?.writeText(url);
    setCopied(true);
  };
  return (
    <div className="feed-address">
      <input
        readOnly
        dir="ltr"
        data-testid="feed-address"
        aria-label={t('settings.feed.address')}
        value={url}
        onFocus={(event) => event.target.select()}
      />
      <button
        type="button"
        className="icon-button"
        data-testid="feed-copy"
        aria-label={t(isCopied ? 'settings.feed.copied' : 'settings.feed.copy')}
        title={t(isCopied ? 'settings.feed.copied' : 'settings.feed.copy')}
        onClick={() => void copy()}
      >
        {isCopied ? <Check size={17} aria-hidden /> : <Copy size={17} aria-hidden />}
      </button>
      <p className="quiet">{t('settings.feed.once')}</p>
    </div>
  );
}
