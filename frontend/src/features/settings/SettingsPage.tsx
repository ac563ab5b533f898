import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { ApiClient } from '@/services/api';
import { ChannelsSection } from './ChannelsSection';
import { FilesSection } from './FilesSection';
import { PushSwitch } from './PushSwitch';
import type { PushDevice } from './pushDevice';
import type { Settings } from './settings';
import { TimeSection } from './TimeSection';

interface SettingsPageProps {
  readonly settings: Settings;
  readonly device: PushDevice;
  readonly api: ApiClient;
  readonly corner: ReactNode;
  readonly banner: ReactNode;
  /** What other features have to set. */
  readonly children?: ReactNode;
}

export function SettingsPage(props: SettingsPageProps) {
  const { settings, device, api, corner, banner, children } = props;
  const { t } = useTranslation();
  const preferences = useStore(settings.store, (view) => view.preferences);
  useEffect(() => {
    document.title = `${t('settings.title')} · Taskwire`;
  }, [t]);
  useEffect(() => {
    void settings.load();
    void device.look();
  }, [settings, device]);
  return (
    <main className="main" data-testid="settings">
      <header className="main-head">
        <div className="view-title">
          <h1>{t('settings.title')}</h1>
        </div>
        {corner}
      </header>
      {banner}
      <div className="settings">
        {preferences === null ? (
          <p className="quiet">{t('app.loading')}</p>
        ) : (
          <>
            <TimeSection settings={settings} preferences={preferences} />
            <ChannelsSection settings={settings} preferences={preferences}>
              <PushSwitch device={device} />
            </ChannelsSection>
          </>
        )}
        {children}
        <FilesSection api={api} />
      </div>
    </main>
  );
}
