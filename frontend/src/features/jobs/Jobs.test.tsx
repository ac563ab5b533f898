import { act, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiClient, type HttpRequest, NoAnswer } from '@/services/api';
import { Jobs, JobsDialog, JobsLink } from '.';

const user = userEvent.setup({ delay: null });
let listed: object[];
let asked: string[];
let hear: (data: unknown) => void;
let jobs: Jobs;
let isAway: boolean;

const job = (id: number, done: number, status = 'running') => ({
  id,
  kind: 'import',
  status,
  done,
  total: 500,
  error: null,
  name: `list${id}.csv`,
});

beforeEach(async () => {
  [listed, asked, isAway] = [[job(1, 500, 'done')], [], false];
  const send = async ({ method, path }: HttpRequest) => {
    asked.push(`${method} ${path}`);
    if (isAway) throw new NoAnswer(null);
    const data = method === 'GET' ? { items: listed } : job(2, 120, 'cancelled');
    return { status: 200, data, position: null };
  };
  const service = {
    on: (_type: string, listener: (data: unknown) => void) => {
      hear = listener;
      return () => {};
    },
  };
  jobs = new Jobs(new ApiClient(send, async () => 'access'), service as never);
  jobs.start();
  render(
    <>
      <JobsLink jobs={jobs} onOpen={() => {}} />
      <JobsDialog jobs={jobs} onClose={() => {}} />
    </>,
  );
  await screen.findByTestId('job');
});

afterEach(() => jobs.stop());

const states = () => screen.getAllByTestId('job').map((row) => row.dataset['status']);

it('what begins elsewhere appears, above, and goes forward', () => {
  act(() => hear(job(2, 100)));
  expect(states()).toEqual(['running', 'done']);
  act(() => hear(job(2, 250)));
  act(() => hear(job(2, 200)));
  expect(screen.getByRole('progressbar')).toHaveProperty('value', 250);
  expect(screen.getByText('250 of 500')).toBeTruthy();
  expect(screen.getByTestId('jobs-running').textContent).toBe('1');
});

it('is cancelled by the server’s word', async () => {
  act(() => hear(job(2, 100)));
  await user.click(screen.getByTestId('job-cancel'));
  await waitFor(() => expect(states()).toEqual(['cancelled', 'done']));
  expect(asked.at(-1)).toBe('DELETE /api/jobs/2');
  expect(screen.getByText('Cancelled · 120 of 500')).toBeTruthy();
  expect(screen.queryByTestId('jobs-running')).toBeNull();
});

it('that failed says why, in the words of the server', () => {
  act(() => hear({ ...job(3, 7, 'failed'), error: 'Line 8: no title.' }));
  expect(screen.getByText('Stopped (7 of 500): Line 8: no title.')).toBeTruthy();
});

it('keeps what it knows while the server is away', async () => {
  isAway = true;
  await act(() => jobs.load());
  expect(states()).toEqual(['done']);
});
