import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Kind } from '@/i18n/kinds';
import { CHANNELS, type Channel, KINDS, type Preferences } from './preferences';
import type { Settings } from './settings';

interface ChannelsSectionProps {
  readonly settings: Settings;
  readonly preferences: Preferences;
  /** The switch of this browser stands above what it switches. */
  readonly children: ReactNode;
}

export function ChannelsSection({ settings, preferences, children }: ChannelsSectionProps) {
  const { t } = useTranslation();
  const canMail = preferences.email_available;
  const canPush = preferences.push_available;
  const isOpen = { page: true, push: canPush, email: canMail };
  return (
    <section className="settings-section" aria-labelledby="settings-channels">
      <h2 id="settings-channels">{t('notifications.title')}</h2>
      {canPush ? children : <p className="quiet">{t('settings.channels.noPush')}</p>}
      <table className="channels">
        <thead>
          <tr>
            <th scope="col">
              <span className="only-heard">{t('settings.channels.kind')}</span>
            </th>
            {CHANNELS.map((channel) => (
              <th key={channel} scope="col">
                {t(`settings.channels.${channel}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {KINDS.map((kind) => (
            <tr key={kind}>
              <th scope="row">{t(`notifications.kinds.${kind}`)}</th>
              {CHANNELS.map((channel) => (
                <td key={channel}>
                  <Box
                    kind={kind}
                    channel={channel}
                    isOn={preferences.channels[kind][channel]}
                    isOpen={isOpen[channel]}
                    settings={settings}
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {canMail ? null : (
        <p className="quiet" data-testid="no-email">
          {t('settings.channels.noEmail')}
        </p>
      )}
      <QuietHours settings={settings} preferences={preferences} />
      <Digest settings={settings} preferences={preferences} />
    </section>
  );
}

interface BoxProps {
  readonly kind: Kind;
  readonly channel: Channel;
  readonly isOn: boolean;
  readonly isOpen: boolean;
  readonly settings: Settings;
}

function Box({ kind, channel, isOn, isOpen, settings }: BoxProps) {
  const { t } = useTranslation();
  return (
    <label className="channel-box">
      <input
        type="checkbox"
        data-testid={`channel-${kind}-${channel}`}
        aria-label={`${t(`notifications.kinds.${kind}`)}: ${t(`settings.channels.${channel}`)}`}
        checked={isOn && isOpen}
        disabled={!isOpen}
        onChange={(event) =>
          settings.change({ channels: { [kind]: { [channel]: event.target.checked } } })
        }
      />
    </label>
  );
}

const NIGHT = { from: '22:00', to: '07:00' };
const MORNING = '08:00';

type PartProps = Pick<ChannelsSectionProps, 'settings' | 'preferences'>;

function QuietHours({ settings, preferences }: PartProps) {
  const { t } = useTranslation();
  const hours = preferences.quiet_hours;
  const set = (part: Partial<typeof NIGHT>) =>
    settings.change({ quiet_hours: { ...(hours ?? NIGHT), ...part } });
  return (
    <div className="setting">
      <label className="setting-line">
        <span>{t('settings.quiet.title')}</span>
        <input
          type="checkbox"
          className="switch"
          data-testid="quiet-switch"
          checked={hours !== null}
          onChange={() => settings.change({ quiet_hours: hours === null ? NIGHT : null })}
        />
      </label>
      {hours === null ? null : (
        <div className="setting-times">
          <Time
            label={t('settings.quiet.from')}
            hook="quiet-from"
            value={hours.from}
            onSet={(from) => set({ from })}
          />
          <Time
            label={t('settings.quiet.to')}
            hook="quiet-to"
            value={hours.to}
            onSet={(to) => set({ to })}
          />
        </div>
      )}
      <p className="quiet">{t('settings.quiet.hint')}</p>
    </div>
  );
}

function Digest({ settings, preferences }: PartProps) {
  const { t } = useTranslation();
  const { digest_at: at, email_available: canMail } = preferences;
  return (
    <div className="setting">
      <label className="setting-line">
        <span>{t('settings.digest.title')}</span>
        <input
          type="checkbox"
          className="switch"
          data-testid="digest-switch"
          checked={at !== null && canMail}
          disabled={!canMail}
          onChange={() => settings.change({ digest_at: at === null ? MORNING : null })}
        />
      </label>
      {at === null || !canMail ? null : (
        <div className="setting-times">
          <Time
            label={t('settings.digest.at')}
            hook="digest-at"
            value={at}
            onSet={(value) => settings.change({ digest_at: value })}
          />
        </div>
      )}
      <p className="quiet">{t('settings.digest.hint')}</p>
    </div>
  );
}

interface TimeProps {
  readonly label: string;
  readonly hook: string;
  readonly value: string;
  readonly onSet: (value: string) => void;
}

function Time({ label, hook, value, onSet }: TimeProps) {
  return (
    <label className="field">
      <span className="field-name">{label}</span>
      <input
        type="time"
        data-testid={hook}
        value={value}
        onChange={(event) => event.target.value !== '' && onSet(event.target.value.slice(0, 5))}
      />
    </label>
  );
}
