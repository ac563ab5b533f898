import { act, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chooseLanguage } from '@/i18n';
import { ApiClient, ApiError, type HttpAnswer, type HttpRequest } from '@/services/api';
import { WebSocketService } from '@/services/websocket';
import { FakeWorld } from '../../../test/fakeWorld';
import { aNotification, came, wasRead } from '../../../test/notificationSamples';
import { Bell, type Notification, Notifications } from '.';

const user = userEvent.setup({ delay: null });
let world: FakeWorld;
let notifications: Notifications;
let asked: string[];
let answer: (request: HttpRequest) => Promise<HttpAnswer>;
let opened: number[];
let refusals: number;

const listed: Notification[] = [
  aNotification(1, { title: 'call the plumber', task_id: 7 }),
  aNotification(2, { kind: 'import_finished', title: 'list.csv', task_id: null }),
];

beforeEach(async () => {
  [world, asked, opened, refusals] = [new FakeWorld(), [], [], 0];
  answer = async () => ({ status: 200, data: { read: 2, unread: 0 }, position: 'e1.11' });
  const send = async (request: HttpRequest): Promise<HttpAnswer> => {
    if (request.method !== 'GET') {
      asked.push(`${request.method} ${request.path}`);
      return answer(request);
    }
    return {
      status: 200,
      data: { items: listed, epoch: 'e1', seq: 10, unread: 2 },
      position: null,
    };
  };
  notifications = new Notifications({
    api: new ApiClient(send, async () => 'access'),
    service: new WebSocketService(world),
    token: 'access',
    arrived() {},
    refused: () => {
      refusals += 1;
    },
  });
  notifications.start();
  render(<Bell notifications={notifications} onOpenTask={(id) => opened.push(id)} />);
  await screen.findByTestId('bell-count');
  world.socket.hello(10);
});

afterEach(() => notifications.stop());

const count = () => screen.queryByTestId('bell-count')?.textContent ?? '';
const rows = () => screen.getAllByTestId('notification');
const isRead = () => rows().map((row) => row.dataset['read']);
const open = () => user.click(screen.getByTestId('bell'));

describe('the bell', () => {
  it('says how much is unread, also to those who hear it', () => {
    expect(count()).toBe('2');
    expect(screen.getByRole('button', { name: 'Notifications, 2 unread' })).toBeTruthy();
  });

  it('lists what is new, in words of its kind and in both languages', async () => {
    await open();
    expect(rows().map((row) => row.textContent)).toEqual([
      expect.stringMatching(/^Import finished.*list\.csv/),
      expect.stringMatching(/^Reminder.*call the plumber/),
    ]);
    act(() => chooseLanguage('he'));
    expect(rows()[1]?.textContent).toMatch(/^תזכורת/);
  });

  it('counts what comes, and what is read elsewhere', async () => {
    act(() => world.socket.say(came(11, aNotification(3))));
    await waitFor(() => expect(count()).toBe('3'));
    act(() => world.socket.say(wasRead(12, aNotification(3))));
    await waitFor(() => expect(count()).toBe('2'));
  });

  it('closes with Esc and gives the focus back', async () => {
    await open();
    await user.keyboard('{Escape}');
    expect(screen.queryByTestId('notifications')).toBeNull();
    expect(document.activeElement).toBe(screen.getByTestId('bell'));
  });
});

describe('reading', () => {
  beforeEach(open);

  it('one opens its task and is read at once', async () => {
    await user.click(screen.getByTestId('notification-open'));
    expect([opened, count(), asked]).toEqual([[7], '1', ['POST /api/notifications/1/read']]);
    expect(screen.queryByTestId('notifications')).toBeNull();
  });

  it('all empties the badge, and asks as often as the server needs', async () => {
    const answers = [700, 200, 0];
    answer = async () => ({
      status: 200,
      data: { read: 500, unread: answers.shift() ?? 0 },
      position: 'e1.510',
    });
    await user.click(screen.getByTestId('notifications-read-all'));
    expect([count(), isRead()]).toEqual(['', ['true', 'true']]);
    await waitFor(() => expect(asked).toHaveLength(3));
  });

  it('that is refused is unread again, with a word', async () => {
    const fields = { code: 'no', message: 'no', requestId: null, retryAfterMs: null, body: null };
    answer = async () => {
      throw new ApiError(422, fields);
    };
    const [first] = rows();
    await user.click(within(first as HTMLElement).getByTestId('notification-read'));
    await waitFor(() => expect([refusals, count()]).toEqual([1, '2']));
    expect(isRead()).toEqual(['false', 'false']);
  });
});
