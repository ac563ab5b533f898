import { describe, expect, it, vi } from 'vitest';
import { Calendar } from './calendar';
import { type Note, needsAttention, readCalendar } from './calendarState';
import { calendarWord } from './calendarWord';

const CONNECTED = {
  is_offered: true,
  is_connected: true,
  state: 'active',
  reason: null,
  with_days: true,
  last_sync_at: '2026-12-01T09:00:00Z',
  linked: 3,
  notes: [
    {
      id: 7,
      task_id: 1,
      task_title: 'Dentist',
      kind: 'conflict',
      field: 'title',
      kept: 'Dentist',
      lost: 'Doctor',
      at: '2026-12-01T09:00:00Z',
      is_open: true,
    },
    { id: 8, kind: 'of a newer server', at: '2026-12-01T09:00:00Z' },
  ],
};

type Answers = Record<string, unknown>;

function open(
  answers: Answers,
  leaveFor = (_url: string) => {},
  tell = (_notes: readonly Note[]) => {},
) {
  const handlers = new Map<string, (data: never) => void>();
  const asked: string[] = [];
  const request = async ({ method, path }: { method: string; path: string }) => {
    asked.push(`${method} ${path}`);
    const data = answers[`${method} ${path}`];
    if (data === undefined) throw new Error('no answer');
    return { status: 200, data, position: null };
  };
  const on = (type: string, handler: (data: never) => void) => {
    handlers.set(type, handler);
    return () => handlers.delete(type);
  };
  const calendar = new Calendar({ request }, { on } as never, leaveFor, tell);
  const hear = (data: unknown) => handlers.get('calendar_update')?.(data as never);
  return { calendar, asked, hear };
}

describe('the calendar', () => {
  it('shows what the server says, and leaves out what it does not understand', async () => {
    const { calendar } = open({ 'GET /api/calendar/google': CONNECTED });
    await calendar.read();
    const state = calendar.store.getState().calendar;
    expect(state?.linked).toBe(3);
    expect(state?.notes.map((note) => note.id)).toEqual([7]);
  });

  it('hears of changes live', () => {
    const { calendar, hear } = open({ 'GET /api/calendar/google': CONNECTED });
    calendar.start();
    hear({ ...CONNECTED, state: 'needs_consent' });
    expect(calendar.store.getState().calendar?.state).toBe('needs_consent');
    calendar.stop();
  });

  it('tells of what is new in a live word, and of nothing that was there before', async () => {
    const told: number[] = [];
    const { calendar, hear } = open({ 'GET /api/calendar/google': CONNECTED }, undefined, (notes) =>
      told.push(...notes.map((note) => note.id)),
    );
    calendar.start();
    await calendar.read();
    hear(CONNECTED);
    expect(told).toEqual([]);
    const [conflict] = CONNECTED.notes;
    hear({ ...CONNECTED, notes: [{ ...conflict, id: 9 }, ...CONNECTED.notes] });
    expect(told).toEqual([9]);
    calendar.stop();
  });

  it('leaves for Google when somebody connects', async () => {
    const leaveFor = vi.fn();
    const url = 'https://accounts.example/auth';
    const { calendar } = open({ 'POST /api/calendar/google/connect': { url } }, leaveFor);
    await calendar.connect();
    expect(leaveFor).toHaveBeenCalledWith(url);
  });

  it('takes the other value with one request', async () => {
    const { calendar, asked } = open({ 'POST /api/calendar/google/notes/7': CONNECTED });
    await calendar.settle(7, true);
    expect(asked).toEqual(['POST /api/calendar/google/notes/7']);
  });

  it('says when what somebody pressed did not happen', async () => {
    const { calendar } = open({});
    await calendar.syncNow();
    expect(calendar.store.getState().isUnanswered).toBe(true);
  });
});

describe('the state of a calendar', () => {
  it('is nothing when it is not understood', () => {
    expect(readCalendar(null)).toBeNull();
    expect(readCalendar({ state: 'unheard of' })).toBeNull();
  });

  it('needs attention while something is open, or stands still', () => {
    expect(needsAttention(null)).toBe(false);
    expect(needsAttention(readCalendar(CONNECTED))).toBe(true);
    expect(needsAttention(readCalendar({ ...CONNECTED, notes: [] }))).toBe(false);
    const still = { ...CONNECTED, notes: [], state: 'needs_consent' };
    expect(needsAttention(readCalendar(still))).toBe(true);
    const left = { ...CONNECTED, is_connected: false, state: 'disconnected' };
    expect(needsAttention(readCalendar(left))).toBe(false);
  });

  it('counts what disappeared', () => {
    const state = readCalendar({ ...CONNECTED, state: 'many_removed', reason: '30' });
    expect(state?.removed).toBe(30);
  });
});

describe('what the calendar says by itself', () => {
  const note = (kind: Note['kind'], id = 1) =>
    ({ id, kind, taskTitle: 'Dentist', field: null, kept: null, lost: null }) as Note;
  const t = ((key: string, { count }: { count?: number }) =>
    count === undefined ? key : `${key} ${count}`) as never;

  it('is a sentence for one, a number for more, and nothing for what shows anyway', () => {
    expect(calendarWord([note('pulled')], 'en', t)).toBeNull();
    expect(calendarWord([note('removed_there')], 'en', t)).toBe('calendar.notes.removed_there');
    const both = [note('removed_there'), note('pulled'), note('conflict')];
    expect(calendarWord(both, 'en', t)).toBe('calendar.news 2');
  });
});
