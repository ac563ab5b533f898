/**
 * A person's preferences: shown as they want them at once, sent one after the other, taken back
 * when the server will not have them.
 */
import { createStore, type StoreApi } from 'zustand/vanilla';
import { type ApiClient, newIdempotencyKey } from '@/services/api';
import { merged, type Preferences, type PreferencesChange, readPreferences } from './preferences';

export interface SettingsView {
  /** What is shown: what was saved, and over it what is on its way. null before the first answer. */
  readonly preferences: Preferences | null;
}

export interface SettingsWorld {
  readonly api: ApiClient;
  /** The browser's own: for somebody who never said. */
  timeZone(): string;
  language(): string;
  refused(): void;
}

const PATH = '/api/preferences';

export class Settings {
  readonly store: StoreApi<SettingsView> = createStore<SettingsView>(() => ({ preferences: null }));
  readonly #world: SettingsWorld;
  #saved: Preferences | null = null;
  #waiting: readonly PreferencesChange[] = [];
  #isLookWaiting = false;
  /** One after the other, looking as well: an older answer never comes over a newer one. */
  #sending: Promise<void> = Promise.resolve();

  constructor(world: SettingsWorld) {
    this.#world = world;
  }

  /** Asks anew: another device may have changed something. No answer is no news. */
  load(): Promise<void> {
    if (!this.#isLookWaiting) {
      this.#isLookWaiting = true;
      this.#sending = this.#sending.then(() => this.#look());
    }
    return this.#sending;
  }

  change(change: PreferencesChange): void {
    this.#waiting = [...this.#waiting, change];
    this.#show();
    this.#sending = this.#sending.then(() => this.#send(change));
  }

  /** The page is spoken in this language now: so are the pushes and the mail. */
  speak(language: string): void {
    const { preferences } = this.store.getState();
    if (preferences !== null && preferences.language !== language) this.change({ language });
  }

  async #look(): Promise<void> {
    this.#isLookWaiting = false;
    try {
      const { data } = await this.#world.api.request({ method: 'GET', path: PATH });
      this.#take(readPreferences(data));
    } catch {
      return;
    }
    if (this.#saved?.time_zone === null) this.#introduce();
  }

  #introduce(): void {
    this.change({ time_zone: this.#world.timeZone(), language: this.#world.language() });
  }

  async #send(change: PreferencesChange): Promise<void> {
    const headers = { 'Idempotency-Key': newIdempotencyKey() };
    try {
      const request = { method: 'PATCH', path: PATH, body: change, headers } as const;
      const { data } = await this.#world.api.request(request);
      this.#saved = readPreferences(data);
    } catch {
      this.#world.refused();
    }
    this.#waiting = this.#waiting.filter((one) => one !== change);
    this.#show();
  }

  #take(preferences: Preferences): void {
    this.#saved = preferences;
    this.#show();
  }

  #show(): void {
    const preferences = this.#saved && this.#waiting.reduce(merged, this.#saved);
    this.store.setState({ preferences });
  }
}
