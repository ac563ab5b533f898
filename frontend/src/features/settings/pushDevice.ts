/**
 * Whether this browser is told when no page is open. Permission is asked for by a press only.
 *
 *   looking ──► unsupported · denied · off ⇄ on
 *                                       └──► failed: the browser's own push service did not answer
 */
import { createStore } from 'zustand/vanilla';
import { type ApiClient, newIdempotencyKey } from '@/services/api';

export type PushState = 'looking' | 'unsupported' | 'denied' | 'off' | 'on' | 'busy' | 'failed';

/** What the device asks of the browser, as a port. */
export interface PushBrowser {
  isSupported(): boolean;
  permission(): NotificationPermission;
  askPermission(): Promise<NotificationPermission>;
  subscription(): Promise<PushSubscription | null>;
  subscribe(publicKey: string): Promise<PushSubscription>;
  /** Takes away what stands on the screen about this notification. */
  close(notificationId: number): Promise<void>;
}

/** Whose subscription it is, over reloads: browsers are shared, and people come and go. */
export interface PushMemory {
  read(): { readonly person: number; readonly id: number } | null;
  write(kept: { readonly person: number; readonly id: number } | null): void;
}

const PATH = '/api/push/subscriptions';

export class PushDevice {
  readonly store = createStore<PushState>(() => 'looking');
  readonly #person: number;
  readonly #api: ApiClient;
  readonly #browser: PushBrowser;
  readonly #memory: PushMemory;

  constructor(person: number, api: ApiClient, browser: PushBrowser, memory: PushMemory) {
    this.#person = person;
    this.#api = api;
    this.#browser = browser;
    this.#memory = memory;
  }

  /** How it stands. What is on is registered again: the server may have given it up meanwhile. */
  async look(): Promise<void> {
    if (!this.#browser.isSupported()) return this.#become('unsupported');
    if (this.#browser.permission() === 'denied') return this.#become('denied');
    const subscription = await this.#browser.subscription().catch(() => null);
    if (subscription === null) return this.#become('off');
    if (this.#memory.read()?.person !== this.#person) return this.#giveUp(subscription);
    await this.#register(subscription).catch(() => {});
    this.#become('on');
  }

  async turnOn(): Promise<void> {
    this.#become('busy');
    if ((await this.#browser.askPermission()) !== 'granted') return this.look();
    try {
      const { data } = await this.#api.request({ method: 'GET', path: '/api/push/key' });
      const key = (data as { public_key: string }).public_key;
      await this.#register(await this.#browser.subscribe(key));
      this.#become('on');
    } catch {
      this.#become('failed');
    }
  }

  async turnOff(): Promise<void> {
    this.#become('busy');
    const kept = this.#memory.read();
    const subscription = await this.#browser.subscription().catch(() => null);
    const path = `${PATH}/${kept?.id}`;
    if (kept !== null) await this.#api.request({ method: 'DELETE', path }).catch(() => {});
    // Whatever the server made of it: to an address that is gone nothing can be sent.
    await this.#giveUp(subscription);
  }

  /** Read somewhere: what stands on this screen about it goes as well. */
  close(notificationId: number): void {
    if (this.store.getState() !== 'on') return;
    void this.#browser.close(notificationId).catch(() => {});
  }

  async #register(subscription: PushSubscription): Promise<void> {
    const headers = { 'Idempotency-Key': newIdempotencyKey() };
    const body = subscription.toJSON();
    const answer = await this.#api.request({ method: 'POST', path: PATH, body, headers });
    this.#memory.write({ person: this.#person, id: (answer.data as { id: number }).id });
  }

  async #giveUp(subscription: PushSubscription | null): Promise<void> {
    await subscription?.unsubscribe().catch(() => false);
    this.#memory.write(null);
    this.#become('off');
  }

  #become(state: PushState): void {
    this.store.setState(state, true);
  }
}
