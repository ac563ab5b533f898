/**
 * What a person wants to hear of, by which road, and when: as the server speaks of it, and what a
 * change makes of it. Pure.
 */
import { KINDS_ENGLISH, type Kind } from '@/i18n/kinds';

export const KINDS = Object.keys(KINDS_ENGLISH) as readonly Kind[];
export const CHANNELS = ['page', 'push', 'email'] as const;
export type Channel = (typeof CHANNELS)[number];
export type Switches = Readonly<Record<Channel, boolean>>;

export interface QuietHours {
  /** HH:MM on the wall of their time zone. */
  readonly from: string;
  readonly to: string;
}

export interface Preferences {
  /** null: never set. */
  readonly time_zone: string | null;
  readonly language: string;
  readonly quiet_hours: QuietHours | null;
  readonly digest_at: string | null;
  readonly channels: Readonly<Record<Kind, Switches>>;
  readonly email_available: boolean;
  readonly push_available: boolean;
}

export type PreferencesChange = Partial<
  Pick<Preferences, 'time_zone' | 'language' | 'quiet_hours' | 'digest_at'>
> & { readonly channels?: Readonly<Partial<Record<Kind, Partial<Switches>>>> };

const textOrNull = (value: unknown) => (typeof value === 'string' ? value : null);

export function readPreferences(value: unknown): Preferences {
  const data = (value ?? {}) as Record<string, unknown>;
  const quiet = data['quiet_hours'] as Partial<QuietHours> | null | undefined;
  const channels = (data['channels'] ?? {}) as Partial<Record<Kind, Partial<Switches>>>;
  return {
    time_zone: textOrNull(data['time_zone']),
    language: textOrNull(data['language']) ?? 'en',
    quiet_hours: quiet?.from && quiet.to ? { from: quiet.from, to: quiet.to } : null,
    digest_at: textOrNull(data['digest_at']),
    channels: Object.fromEntries(
      KINDS.map((kind) => [kind, readSwitches(channels[kind])]),
    ) as Record<Kind, Switches>,
    email_available: data['email_available'] === true,
    push_available: data['push_available'] === true,
  };
}

function readSwitches(value: Partial<Switches> | undefined): Switches {
  return { page: value?.page ?? true, push: value?.push ?? true, email: value?.email ?? false };
}

/** The same merge as the server's: channels by kind and by channel, everything else whole. */
export function merged(preferences: Preferences, change: PreferencesChange): Preferences {
  const { channels, ...rest } = change;
  return {
    ...preferences,
    ...rest,
    channels: mergedChannels(preferences.channels, channels ?? {}),
  };
}

function mergedChannels(
  channels: Preferences['channels'],
  change: NonNullable<PreferencesChange['channels']>,
): Preferences['channels'] {
  const entries = KINDS.map((kind) => [kind, { ...channels[kind], ...change[kind] }] as const);
  return Object.fromEntries(entries) as Record<Kind, Switches>;
}
