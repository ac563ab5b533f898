import { beforeEach, describe, expect, it } from 'vitest';
import { ApiClient, type HttpRequest, NoAnswer } from '@/services/api';
import { merged, type Preferences, readPreferences } from './preferences';
import { Settings } from './settings';

const SAVED = readPreferences({ time_zone: 'Asia/Jerusalem', language: 'en' });

let server: Preferences;
let asked: unknown[];
let refusals: number;
let isAway: boolean;
let looks: number;
let settings: Settings;

beforeEach(() => {
  [server, asked, refusals, isAway, looks] = [SAVED, [], 0, false, 0];
  const send = async ({ method, body }: HttpRequest) => {
    if (isAway) throw new NoAnswer(null);
    looks += Number(method === 'GET');
    if (method === 'PATCH') {
      asked.push(body);
      server = merged(server, body as Partial<Preferences>);
    }
    return { status: 200, data: server, position: null };
  };
  settings = new Settings({
    api: new ApiClient(send, async () => 'access'),
    timeZone: () => 'Europe/Vienna',
    language: () => 'he',
    refused: () => {
      refusals += 1;
    },
  });
});

const shown = () => settings.store.getState().preferences;
const settle = async () => {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
};

describe('somebody who never said', () => {
  it('is introduced by what the browser knows, once', async () => {
    server = { ...SAVED, time_zone: null };
    await settings.load();
    await settle();
    expect(asked).toEqual([{ time_zone: 'Europe/Vienna', language: 'he' }]);
    await settings.load();
    await settle();
    expect([asked.length, shown()?.time_zone]).toEqual([1, 'Europe/Vienna']);
  });

  it('and who did is not spoken for', async () => {
    await settings.load();
    await settle();
    expect([asked, shown()?.time_zone]).toEqual([[], 'Asia/Jerusalem']);
  });
});

describe('a change', () => {
  beforeEach(() => settings.load());

  it('shows at once, and one after the other reaches the server', async () => {
    settings.change({ quiet_hours: { from: '22:00', to: '07:00' } });
    settings.change({ channels: { reminder_due: { email: true } } });
    expect(shown()).toMatchObject({ quiet_hours: { from: '22:00' } });
    expect(shown()?.channels.reminder_due).toEqual({ page: true, push: true, email: true });
    await settle();
    expect(asked).toHaveLength(2);
    expect(shown()).toEqual(server);
  });

  it('that the server will not have is taken back, and the others stay', async () => {
    settings.change({ digest_at: '08:00' });
    await settle();
    isAway = true;
    settings.change({ time_zone: 'Europe/Vienna' });
    expect(shown()?.time_zone).toBe('Europe/Vienna');
    await settle();
    expect([refusals, shown()?.time_zone, shown()?.digest_at]).toEqual([
      1,
      'Asia/Jerusalem',
      '08:00',
    ]);
  });

  it('of the page’s language is the language of pushes and mail', async () => {
    settings.speak('en');
    settings.speak('he');
    await settle();
    expect(asked).toEqual([{ language: 'he' }]);
  });
});

describe('another device', () => {
  it('is followed, and an answer from before its change never comes over what is newer', async () => {
    await settings.load();
    settings.change({ digest_at: '08:00' });
    void settings.load();
    void settings.load();
    server = { ...server, language: 'he' };
    await settle();
    expect(shown()).toMatchObject({ digest_at: '08:00', language: 'he' });
    expect(looks).toBe(2);
  });
});

it('what is read from the server lacks nothing, whatever it says', () => {
  expect(readPreferences(null)).toMatchObject({ time_zone: null, email_available: false });
  const odd = readPreferences({ quiet_hours: {}, channels: { sign_in: { page: false } } });
  expect(odd.quiet_hours).toBeNull();
  expect(odd.channels.sign_in).toEqual({ page: false, push: true, email: false });
});
