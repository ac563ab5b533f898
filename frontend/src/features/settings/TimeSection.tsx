import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { chooseLanguage, isLanguage, LANGUAGES } from '@/i18n';
import type { Preferences } from './preferences';
import type { Settings } from './settings';

interface SectionProps {
  readonly settings: Settings;
  readonly preferences: Preferences;
}

export function TimeSection({ settings, preferences }: SectionProps) {
  const { t, i18n } = useTranslation();
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const { time_zone: zone } = preferences;
  const zones = useZones(zone);
  return (
    <section className="settings-section" aria-labelledby="settings-time">
      <h2 id="settings-time">{t('settings.time.title')}</h2>
      <label className="field">
        <span className="field-name">{t('appearance.language')}</span>
        <select
          data-testid="settings-language"
          value={i18n.language}
          onChange={(event) => isLanguage(event.target.value) && chooseLanguage(event.target.value)}
        >
          {Object.entries(LANGUAGES).map(([code, name]) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label className="field">
        <span className="field-name">{t('settings.time.zone')}</span>
        <select
          data-testid="settings-zone"
          value={zone ?? 'UTC'}
          onChange={(event) => settings.change({ time_zone: event.target.value })}
        >
          {zones.map((one) => (
            <option key={one} value={one}>
              {one.replaceAll('_', ' ')}
            </option>
          ))}
        </select>
        <span className="quiet">{t('settings.time.zoneHint')}</span>
      </label>
      {zone === null || zone === here ? null : (
        <p className="quiet">
          {t('settings.time.here', { zone: here.replaceAll('_', ' ') })}{' '}
          <button
            type="button"
            className="link-button"
            data-testid="settings-zone-here"
            onClick={() => settings.change({ time_zone: here })}
          >
            {t('settings.time.useHere')}
          </button>
        </p>
      )}
    </section>
  );
}

function useZones(zone: string | null): readonly string[] {
  return useMemo(() => {
    const known = Intl.supportedValuesOf('timeZone');
    return [...new Set([zone ?? 'UTC', 'UTC', ...known])].sort();
  }, [zone]);
}
