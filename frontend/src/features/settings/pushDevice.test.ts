import { beforeEach, describe, expect, it } from 'vitest';
import { ApiClient, type HttpRequest, NoAnswer } from '@/services/api';
import { type PushBrowser, PushDevice, type PushMemory } from './pushDevice';

type Kept = ReturnType<PushMemory['read']>;

let log: string[];
let permission: NotificationPermission;
let answer: NotificationPermission;
let subscription: PushSubscription | null;
let kept: Kept;
let hasPushService: boolean;
let isAway: boolean;
let device: PushDevice;

const aSubscription = () =>
  ({
    toJSON: () => ({ endpoint: 'https://push.example/1', keys: { p256dh: 'p', auth: 'a' } }),
    unsubscribe: async () => {
      subscription = null;
      return true;
    },
  }) as unknown as PushSubscription;

const browser: PushBrowser = {
  isSupported: () => true,
  permission: () => permission,
  askPermission: async () => {
    log.push('asked');
    permission = answer;
    return answer;
  },
  subscription: async () => subscription,
  subscribe: async (key) => {
    log.push(`subscribe ${key}`);
    if (!hasPushService) throw new DOMException('push service error', 'AbortError');
    subscription = aSubscription();
    return subscription;
  },
  close: async (id) => void log.push(`close ${id}`),
};

beforeEach(() => {
  [log, permission, answer, subscription, kept] = [[], 'default', 'granted', null, null];
  [hasPushService, isAway] = [true, false];
  const send = async ({ method, path }: HttpRequest) => {
    if (isAway) throw new NoAnswer(null);
    log.push(`${method} ${path}`);
    const data = path === '/api/push/key' ? { public_key: 'key' } : { id: 9 };
    return { status: 200, data, position: null };
  };
  const memory: PushMemory = {
    read: () => kept,
    write: (value) => {
      kept = value;
    },
  };
  device = new PushDevice(1, new ApiClient(send, async () => 'access'), browser, memory);
});

const state = () => device.store.getState();

describe('looking', () => {
  it('never asks the person anything', async () => {
    await device.look();
    expect([state(), log]).toEqual(['off', []]);
  });

  it('says what the browser forbids', async () => {
    permission = 'denied';
    await device.look();
    expect(state()).toBe('denied');
  });

  it('registers again what is on, also when the server is away', async () => {
    [subscription, kept] = [aSubscription(), { person: 1, id: 9 }];
    await device.look();
    expect([state(), log]).toEqual(['on', ['POST /api/push/subscriptions']]);
    isAway = true;
    await device.look();
    expect(state()).toBe('on');
  });

  it('gives up what another person left in this browser', async () => {
    [subscription, kept] = [aSubscription(), { person: 2, id: 4 }];
    await device.look();
    expect([state(), subscription, kept, log]).toEqual(['off', null, null, []]);
  });
});

describe('turning on', () => {
  it('asks the person, the server and the browser, in this order', async () => {
    await device.turnOn();
    expect(log).toEqual([
      'asked',
      'GET /api/push/key',
      'subscribe key',
      'POST /api/push/subscriptions',
    ]);
    expect([state(), kept]).toEqual(['on', { person: 1, id: 9 }]);
  });

  it('ends with a no where the person says no', async () => {
    answer = 'denied';
    await device.turnOn();
    expect([state(), log]).toEqual(['denied', ['asked']]);
  });

  it('says so when the push service does not answer', async () => {
    hasPushService = false;
    await device.turnOn();
    expect([state(), kept]).toEqual(['failed', null]);
  });
});

describe('once it is on', () => {
  beforeEach(() => device.turnOn());

  it('what is read elsewhere goes from the screen', () => {
    device.close(5);
    expect(log.at(-1)).toBe('close 5');
  });

  it('turning off tells the server and gives the address up, whether it hears or not', async () => {
    await device.turnOff();
    expect(log.at(-1)).toBe('DELETE /api/push/subscriptions/9');
    expect([state(), subscription, kept]).toEqual(['off', null, null]);
    await device.turnOn();
    isAway = true;
    await device.turnOff();
    expect([state(), subscription]).toEqual(['off', null]);
  });
});
