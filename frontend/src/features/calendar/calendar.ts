/**
 * Somebody's calendar: asked for once, told of changes live, and asked again when the line comes
 * back, since words without a number may be lost.
 */
import { createStore } from 'zustand/vanilla';
import type { ApiClient } from '@/services/api';
import type { StatusChange, WebSocketService } from '@/services/websocket';
import { type CalendarState, type Note, readCalendar } from './calendarState';

const PATH = '/api/calendar/google';

export type Removals = 'keep_tasks' | 'make_again';

interface View {
  readonly calendar: CalendarState | null;
  readonly isUnanswered: boolean;
  /** Somebody is on the way to it, and it comes into sight once it is there. */
  readonly isWanted: boolean;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';

export class Calendar {
  readonly store = createStore<View>(() => ({
    calendar: null,
    isUnanswered: false,
    isWanted: false,
  }));
  readonly #api: Pick<ApiClient, 'request'>;
  readonly #service: Pick<WebSocketService, 'on'>;
  readonly #leaveFor: (url: string) => void;
  readonly #tell: (notes: readonly Note[]) => void;
  #lastNoteId: number | null = null;
  #offs: (() => void)[] = [];

  constructor(
    api: Pick<ApiClient, 'request'>,
    service: Pick<WebSocketService, 'on'>,
    leaveFor: (url: string) => void,
    tell: (notes: readonly Note[]) => void = () => {},
  ) {
    this.#api = api;
    this.#service = service;
    this.#leaveFor = leaveFor;
    this.#tell = tell;
  }

  start(): void {
    this.#offs = [
      this.#service.on('calendar_update', (data: unknown) => this.#tell(this.#hear(data))),
      this.#service.on('connection', ({ status }: StatusChange) => {
        if (status.word === 'live') void this.read();
      }),
    ];
    void this.read();
  }

  stop(): void {
    for (const off of this.#offs) off();
  }

  want(): void {
    this.store.setState({ isWanted: true });
  }

  arrive(): void {
    this.store.setState({ isWanted: false });
  }

  async read(): Promise<void> {
    await this.#ask('GET', '');
  }

  async connect(): Promise<void> {
    const answer = (await this.#ask('POST', '/connect')) as { url?: unknown } | null;
    if (typeof answer?.url === 'string') this.#leaveFor(answer.url);
  }

  async syncNow(): Promise<void> {
    await this.#ask('POST', '/sync');
  }

  async setWithDays(withDays: boolean): Promise<void> {
    await this.#ask('PATCH', '', { with_days: withDays });
  }

  async setTakesEvents(takesEvents: boolean): Promise<void> {
    await this.#ask('PATCH', '', { takes_events: takesEvents });
  }

  async answerRemovals(removals: Removals): Promise<void> {
    await this.#ask('PATCH', '', { removals });
  }

  async settle(noteId: number, takesOther: boolean): Promise<void> {
    await this.#ask('POST', `/notes/${noteId}`, { take_other: takesOther });
  }

  async disconnect(deletesEvents: boolean): Promise<void> {
    await this.#ask('DELETE', deletesEvents ? '?events=true' : '');
    await this.read();
  }

  async #ask(method: Method, more: string, body?: unknown): Promise<unknown> {
    try {
      const { data } = await this.#api.request({ method, path: PATH + more, body });
      this.store.setState({ isUnanswered: false });
      this.#hear(data);
      return data;
    } catch {
      // Looking is tried again by itself; what somebody pressed is said not to have happened.
      if (method !== 'GET') this.store.setState({ isUnanswered: true });
      return null;
    }
  }

  /** Returns what is new in it; the first look has nothing new. */
  #hear(data: unknown): readonly Note[] {
    const calendar = readCalendar(data);
    if (calendar === null) return [];
    this.store.setState({ calendar });
    const before = this.#lastNoteId;
    this.#lastNoteId = Math.max(before ?? 0, ...calendar.notes.map((note) => note.id));
    return before === null ? [] : calendar.notes.filter((note) => note.id > before);
  }
}
