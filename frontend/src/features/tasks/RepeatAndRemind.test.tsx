import { act, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import i18next from 'i18next';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseLanguage } from '@/i18n';
import { ApiClient } from '@/services/api';
import { WebSocketService } from '@/services/websocket';
import { FakeBackend } from '../../../test/fakeBackend';
import { aTask } from '../../../test/taskSamples';
import { Tasks, TasksPage, TasksProvider } from '.';
import { repeatText } from './useRepeatText';

const user = userEvent.setup({ delay: null });
let backend: FakeBackend;
let tasks: Tasks;

beforeEach(async () => {
  backend = new FakeBackend(aTask(1, { title: 'milk', due_on: '2026-03-03' }), aTask(2));
  tasks = new Tasks({
    api: new ApiClient(backend.send, async () => 'access'),
    service: new WebSocketService(backend.world),
    token: 'access',
    refused() {},
  });
  tasks.start();
  history.replaceState(null, '', '/?task=1');
  render(
    <TasksProvider value={tasks}>
      <TasksPage corner={null} banner={null} />
    </TasksProvider>,
  );
  await screen.findByTestId('detail-repeat');
  backend.world.socket.hello(backend.seq);
});

afterEach(() => tasks.stop());

const press = (hook: string) => user.click(screen.getByTestId(hook));
const choose = (hook: string, value: string) => user.selectOptions(screen.getByTestId(hook), value);
const sentence = () => screen.getByTestId('repeat-sentence').textContent;

describe('reminders', () => {
  it('are set by one press, shown at once and sent alone', async () => {
    await press('remind-1440');
    expect(tasks.get(1)?.reminders).toEqual([{ minutes_before: 1440 }]);
    expect(screen.getByTestId('reminder-sign').getAttribute('aria-label')).toBe(
      'Reminders: 1 day before at 9:00',
    );
    await waitFor(() =>
      expect(backend.writes).toEqual([
        'PATCH /api/tasks/1 {"reminders":[{"minutes_before":1440}]}',
      ]),
    );
    await press('remind-1440');
    expect(tasks.get(1)?.reminders).toEqual([]);
  });

  it('at a time of their own are listed, and removed by a press', async () => {
    await press('remind-at');
    await user.type(screen.getByTestId('remind-time'), '2026-03-02T18:30');
    await press('remind-add');
    expect(tasks.get(1)?.reminders).toEqual([{ at: expect.stringMatching(/:30:00Z$/) }]);
    await user.click(screen.getByRole('button', { name: /^Remove: .*2026/ }));
    expect(tasks.get(1)?.reminders).toEqual([]);
  });

  it('that count from a date need one', async () => {
    await act(async () => tasks.change(1, { due_on: null }));
    expect(screen.getByTestId('remind-0')).toHaveProperty('disabled', true);
    expect(screen.getByText('The others count from the due date.')).toBeTruthy();
  });
});

describe('repeating', () => {
  it('knows what people want of a Tuesday', async () => {
    const options = [...screen.getByTestId<HTMLSelectElement>('detail-repeat').options];
    expect(options.map((option) => option.text)).toEqual([
      'Never',
      'Every day',
      'Every weekday',
      'Every week on Tuesday',
      'Every month on day 3',
      'Every month on the last day',
      'Every year',
      'Custom…',
    ]);
    await choose('detail-repeat', 'FREQ=WEEKLY;BYDAY=TU');
    expect(tasks.get(1)?.recurrence).toBe('FREQ=WEEKLY;BYDAY=TU');
    expect(screen.getByTestId('repeat-sign').getAttribute('aria-label')).toBe(
      'Every week on Tuesday',
    );
    await choose('detail-repeat', '');
    expect(tasks.get(1)?.recurrence).toBeNull();
  });

  it('every two weeks on two days is put together', async () => {
    await choose('detail-repeat', 'custom');
    await choose('repeat-unit', 'WEEKLY');
    await user.tripleClick(screen.getByTestId('repeat-interval'));
    await user.keyboard('2');
    await press('repeat-TH');
    expect(tasks.get(1)?.recurrence).toBe('FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH');
    expect(sentence()).toBe('Every 2 weeks on Tuesday and Thursday');
  });

  it('some days after it is done', async () => {
    await choose('detail-repeat', 'custom');
    await user.tripleClick(screen.getByTestId('repeat-interval'));
    await user.keyboard('3');
    await choose('repeat-from', 'completion');
    expect(tasks.get(1)).toMatchObject({
      recurrence: 'FREQ=DAILY;INTERVAL=3',
      recurrence_from: 'completion',
    });
    expect(sentence()).toBe('Every 3 days after it is done');
    act(() => chooseLanguage('he'));
    expect(sentence()).toBe('כל 3 ימים אחרי הביצוע');
  });

  it('by a rule that the page cannot say is shown as it is, and kept', async () => {
    await act(async () => void backend.changes(1, { recurrence: 'FREQ=MONTHLY;BYDAY=2TU' }));
    await waitFor(() => expect(sentence()).toBe('By a rule of its own: FREQ=MONTHLY;BYDAY=2TU'));
    await press('remind-0');
    expect(tasks.get(1)?.recurrence).toBe('FREQ=MONTHLY;BYDAY=2TU');
  });
});

describe('the sentence', () => {
  it.each([
    ['FREQ=WEEKLY;BYDAY=SU,MO,TU,WE,TH', 'Every weekday', 'בכל יום עבודה'],
    [
      'FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH',
      'Every 2 weeks on Tuesday and Thursday',
      'כל שבועיים ביום שלישי ויום חמישי',
    ],
    ['FREQ=MONTHLY;BYMONTHDAY=-1', 'Every month on the last day', 'כל חודש ביום האחרון'],
    ['FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=15', 'Every 2 months on day 15', 'כל חודשיים ב־15 בחודש'],
    ['FREQ=DAILY;COUNT=5', 'Every day (5 times)', 'כל יום (5 פעמים)'],
  ])('of %s', async (rule, english, hebrew) => {
    expect(repeatText(i18next.t, 'en-IL', rule, 'due')).toBe(english);
    const t = i18next.getFixedT('he');
    expect(repeatText(t, 'he-IL', rule, 'due')).toBe(hebrew);
  });
});
