import { act, render, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import i18next from 'i18next';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiClient } from '@/services/api';
import { WebSocketService } from '@/services/websocket';
import { Toasts } from '@/ui/Toasts';
import { clearToasts, showTrouble } from '@/ui/toasts';
import { FakeBackend } from '../../../test/fakeBackend';
import { aTask } from '../../../test/taskSamples';
import { refusalSentence, Tasks, TasksPage, TasksProvider } from '.';

let backend: FakeBackend;
let tasks: Tasks;
const user = userEvent.setup({ delay: null });

beforeEach(async () => {
  backend = new FakeBackend(aTask(1, { title: 'milk' }), aTask(2, { title: 'bread' }));
  tasks = new Tasks({
    api: new ApiClient(backend.send, async () => 'access'),
    service: new WebSocketService(backend.world),
    token: 'access',
    refused: (edit, error, task) => {
      const sentence = refusalSentence(i18next.t, edit, error, task);
      if (sentence !== null) showTrouble(sentence);
    },
  });
  tasks.start();
  render(
    <TasksProvider value={tasks}>
      <TasksPage corner={null} banner={null} />
      <Toasts />
    </TasksProvider>,
  );
  await screen.findByText('milk');
  backend.world.socket.hello(backend.seq);
});

afterEach(() => {
  tasks.stop();
  act(clearToasts);
});

const titles = () => screen.getAllByTestId('task-title').map((title) => title.textContent);
const rowOf = (title: string) => screen.getByText(title).closest('li') as HTMLElement;
const inRow = (title: string, testId: string) => within(rowOf(title)).getByTestId(testId);
const input = () => screen.getByTestId<HTMLInputElement>('task-title-input');
/** What others did arrives within a paint; the page is asked until it shows. */
const elsewhere = (deed: () => void) => act(async () => deed());

describe('adding', () => {
  it('shows the task before the server knows of it, and keeps the field for the next', async () => {
    const answer = backend.hold();
    await user.type(screen.getByTestId('quick-add'), '  eggs {Enter}');
    expect(titles()).toEqual(['eggs', 'bread', 'milk']);
    expect(rowOf('eggs').dataset['taskId']).toBe('-1');
    expect(screen.getByTestId('quick-add')).toHaveProperty('value', '');
    expect(document.activeElement).toBe(screen.getByTestId('quick-add'));

    const row = rowOf('eggs');
    answer();
    await waitFor(() => expect(rowOf('eggs').dataset['taskId']).toBe('101'));
    expect(rowOf('eggs')).toBe(row);
    expect(backend.writes).toEqual(['POST /api/tasks {"title":"eggs"}']);
  });

  it('of nothing adds nothing', async () => {
    await user.type(screen.getByTestId('quick-add'), '   {Enter}');
    expect(titles()).toHaveLength(2);
  });
});

describe('editing in place', () => {
  it('sends only what changed', async () => {
    await user.click(screen.getByText('milk'));
    await user.clear(input());
    await user.type(input(), 'oat milk{Enter}');
    expect(titles()).toEqual(['bread', 'oat milk']);
    await waitFor(() =>
      expect(backend.writes).toEqual(['PATCH /api/tasks/1 {"title":"oat milk"}']),
    );
    expect(document.activeElement).toBe(rowOf('oat milk'));
  });

  it.each(['{Escape}', '{Enter}'])('without a change sends nothing on %s', async (key) => {
    await user.click(screen.getByText('milk'));
    await user.keyboard(key);
    expect([titles(), backend.writes]).toEqual([['bread', 'milk'], []]);
  });

  it('is thrown away by Esc', async () => {
    await user.click(screen.getByText('milk'));
    await user.type(input(), ' and more{Escape}');
    expect([titles(), backend.writes]).toEqual([['bread', 'milk'], []]);
  });

  it('lets what others write into the same field wait beside it', async () => {
    await user.click(screen.getByText('milk'));
    await user.type(input(), ' and more');
    await elsewhere(() => backend.changes(1, { title: 'cheese' }));
    expect(await screen.findByText('cheese')).toBeTruthy();
    expect(input().value).toContain('and more');
    await user.click(screen.getByText('Use that'));
    expect(input().value).toBe('cheese');
    await user.keyboard('{Enter}');
    expect(titles()).toEqual(['bread', 'cheese']);
    expect(backend.writes).toEqual([]);
  });

  it('follows the truth as long as nothing was typed', async () => {
    await user.click(screen.getByText('milk'));
    await elsewhere(() => backend.changes(1, { title: 'cheese' }));
    await waitFor(() => expect(input().value).toBe('cheese'));
  });

  it('survives a delete elsewhere, and Enter brings the task back with the text', async () => {
    await user.click(screen.getByText('milk'));
    await user.clear(input());
    await user.type(input(), 'oat milk');
    await elsewhere(() => backend.deletes(1));
    await screen.findByText(/Deleted on another screen/);
    await user.keyboard('{Enter}');
    await waitFor(() => expect(backend.tasks.get(1)?.title).toBe('oat milk'));
    expect(titles()).toEqual(['bread', 'oat milk']);
  });

  it('is rolled back with a sentence when it is refused', async () => {
    backend.refuseWith = 422;
    await user.click(screen.getByText('milk'));
    await user.clear(input());
    await user.type(input(), 'refused{Enter}');
    expect(await screen.findByText(/did not accept the change to/)).toBeTruthy();
    expect(titles()).toEqual(['bread', 'milk']);
  });
});

describe('what others do', () => {
  it('arrives where it belongs, and leaves the focus alone', async () => {
    screen.getByTestId('quick-add').focus();
    await elsewhere(() => backend.adds({ title: 'from a telephone' }));
    await waitFor(() => expect(titles()).toEqual(['from a telephone', 'bread', 'milk']));
    expect(document.activeElement).toBe(screen.getByTestId('quick-add'));
  });

  it('without a number is shown as well', async () => {
    const word = { type: 'task_update', data: { id: 1, title: 'published by hand' } };
    await elsewhere(() => backend.world.socket.say(word));
    await waitFor(() => expect(titles()).toEqual(['bread', 'published by hand']));
  });

  it('does not strand a keyboard whose row they delete', async () => {
    rowOf('bread').focus();
    await elsewhere(() => backend.deletes(2));
    await waitFor(() => expect(document.activeElement).toBe(rowOf('milk')));
  });
});

describe('completing and deleting', () => {
  it('a completed task goes below and can be undone', async () => {
    await user.click(inRow('bread', 'task-complete'));
    expect(titles()).toEqual(['milk', 'bread']);
    expect(rowOf('bread').dataset['completed']).toBe('true');
    await user.click(screen.getByTestId('toast-undo'));
    expect(titles()).toEqual(['bread', 'milk']);
  });

  it('a deleted task comes back by undo, with its old id', async () => {
    await user.click(inRow('bread', 'task-delete'));
    expect(titles()).toEqual(['milk']);
    await waitFor(() => expect(backend.tasks.has(2)).toBe(false));
    await user.click(screen.getByTestId('toast-undo'));
    expect(titles()).toEqual(['bread', 'milk']);
    await waitFor(() => expect(backend.tasks.has(2)).toBe(true));
    expect(rowOf('bread').dataset['taskId']).toBe('2');
  });

  it('what was never sent is taken back unsaid', async () => {
    backend.isAway = true;
    tasks.change(1, { priority: 1 });
    await user.click(inRow('bread', 'task-delete'));
    await user.click(screen.getByTestId('toast-undo'));
    expect(titles()).toEqual(['bread', 'milk']);
    expect(tasks.store.getState().state.edits.map((edit) => edit.kind)).toEqual(['change']);
  });
});

describe('the keyboard', () => {
  it('moves, marks, completes and deletes', async () => {
    await user.keyboard('j');
    expect(document.activeElement).toBe(rowOf('bread'));
    await user.keyboard('j1');
    expect(tasks.get(1)?.priority).toBe(3);
    await user.keyboard('x');
    expect(tasks.get(1)?.is_completed).toBe(true);
    await user.keyboard('k');
    expect(document.activeElement).toBe(rowOf('bread'));
    await user.keyboard('{Delete}');
    expect(titles()).toEqual(['milk']);
    await waitFor(() => expect(document.activeElement).toBe(rowOf('milk')));
  });

  it('edits and opens', async () => {
    await user.keyboard('je');
    expect(input().value).toBe('bread');
    await user.keyboard('{Escape}{Enter}');
    expect(screen.getByTestId('detail')).toBeTruthy();
    expect(location.search).toBe('?task=2');
  });

  it('is silent while somebody types', async () => {
    await user.type(screen.getByTestId('search'), 'xj1');
    expect(tasks.get(2)).toMatchObject({ is_completed: false, priority: 0 });
  });
});

describe('the open task', () => {
  beforeEach(() => user.click(inRow('bread', 'open-detail')));

  it('has a date, which a time turns into an instant', async () => {
    await user.click(screen.getByRole('button', { name: 'Today' }));
    expect(tasks.get(2)?.due_on).toMatch(/^\d{4}-\d\d-\d\d$/);
    await user.type(screen.getByTestId('detail-due-time'), '09:30');
    expect(tasks.get(2)).toMatchObject({ due_on: null, due_at: expect.stringMatching(/Z$/) });
    await user.click(screen.getByRole('button', { name: 'No date' }));
    expect(tasks.get(2)).toMatchObject({ due_on: null, due_at: null });
  });

  it('has a priority', async () => {
    await user.click(screen.getByRole('radio', { name: 'High' }));
    expect(tasks.get(2)?.priority).toBe(3);
  });

  it('keeps notes that were typed when it is closed by a key', async () => {
    await user.type(screen.getByTestId('detail-description'), 'with seeds');
    await user.click(screen.getByTestId('detail-close'));
    expect(tasks.get(2)?.description).toBe('with seeds');
    expect(document.activeElement).toBe(rowOf('bread'));
  });

  it('says so when it is deleted elsewhere', async () => {
    await elsewhere(() => backend.deletes(2));
    expect(await screen.findByText('This task is no longer here.')).toBeTruthy();
  });
});
