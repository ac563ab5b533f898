import { act, render, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiClient, ApiError, type HttpRequest } from '@/services/api';
import { Imports } from '.';
import { ImportDialog } from './ImportDialog';

const user = userEvent.setup({ delay: null });
const LIST = new File(['milk\nbread\n'], 'list.txt', { type: 'text/plain' });

let asked: HttpRequest[];
let answers: (object | Error)[];
let hear: (data: unknown) => void;
let imports: Imports;
let previews: HttpRequest[];
let preview: object | Error;

const previewed = async (request: HttpRequest) => {
  previews.push(request);
  if (preview instanceof Error) throw preview;
  return { status: 200, data: preview, position: null };
};

beforeEach(() => {
  [asked, answers, previews] = [[], [], []];
  preview = { total: 2, columns: [], mapping: {}, tasks: [{ title: 'milk' }], not_carried: [] };
  const send = async (request: HttpRequest) => {
    if (request.path.endsWith('/preview')) return previewed(request);
    asked.push(request);
    const answer = answers.shift() ?? new Error('nothing more was expected');
    if (answer instanceof Error) throw answer;
    return { status: 202, data: answer, position: null };
  };
  const service = {
    on: (_type: string, listener: (data: unknown) => void) => {
      hear = listener;
      return () => {};
    },
  };
  imports = new Imports(new ApiClient(send, async () => 'access'), service as never);
  imports.start();
  render(<ImportDialog imports={imports} onClose={() => {}} />);
});

afterEach(() => imports.stop());

const job = (done: number, status = 'running') => ({ id: 1, status, done, total: 500 });
const progress = () => screen.getByTestId('import-progress');

async function begin(): Promise<void> {
  answers.push(job(0, 'queued'));
  await user.upload(screen.getByTestId('import-file'), LIST);
  await user.click(screen.getByTestId('import-start'));
}

describe('an import', () => {
  it('needs a file', () => {
    expect(screen.getByTestId('import-start')).toHaveProperty('disabled', true);
  });

  it('sends the file and its format, under a key', async () => {
    await begin();
    const [request] = asked;
    const form = request?.body as FormData;
    expect([request?.method, request?.path]).toEqual(['POST', '/api/imports']);
    expect([form.get('format'), (form.get('file') as File).name]).toEqual(['text', 'list.txt']);
    expect(request?.headers?.['Idempotency-Key']).toBeTruthy();
  });

  it('takes the format from the name of the file', async () => {
    await user.upload(screen.getByTestId('import-file'), new File(['title'], 'tasks.CSV'));
    expect(screen.getByTestId('import-format')).toHaveProperty('value', 'csv');
  });

  it('shows how far it is, live', async () => {
    await begin();
    act(() => hear(job(120)));
    expect(progress().textContent).toContain('120 of 500');
    act(() => hear({ ...job(500, 'done'), done: 500 }));
    expect(progress().textContent).toContain('500 tasks imported');
    expect(progress().dataset['status']).toBe('done');
  });

  it('is cancelled by the server’s word, not by the press', async () => {
    await begin();
    answers.push(job(3, 'running'), job(7, 'cancelled'));
    await user.click(screen.getByTestId('import-cancel'));
    expect(asked.map(({ method, path }) => `${method} ${path}`).slice(1)).toEqual([
      'DELETE /api/jobs/1',
      'GET /api/jobs/1',
    ]);
    expect(progress().textContent).toContain('Import cancelled after 7 of 500');
  });

  it.each([
    [413, 'too large'],
    [422, 'did not accept this file'],
  ])('that is refused with %i says so and keeps the file', async (status, sentence) => {
    const fields = { code: 'no', message: 'no', requestId: null, retryAfterMs: null, body: null };
    answers.push(new ApiError(status, fields));
    await user.upload(screen.getByTestId('import-file'), LIST);
    await user.click(screen.getByTestId('import-start'));
    expect(screen.getByRole('alert').textContent).toContain(sentence);
    expect(screen.getByText('list.txt')).toBeTruthy();
  });
});

describe('the preview', () => {
  const TABLE = new File(['Name,When\nmilk,tomorrow\n'], 'table.csv', { type: 'text/csv' });
  const sent = (request: HttpRequest | undefined, name: string) =>
    request?.body instanceof FormData ? request.body.get(name) : undefined;
  const field = (index: number, name: string) => sent(previews[index], name);

  it('shows what a file becomes, and what is left behind, before anything is done', async () => {
    preview = { ...preview, total: 40, not_carried: ['labels', 'subtasks', 'dances'] };
    await user.upload(screen.getByTestId('import-file'), LIST);
    await waitFor(() => expect(screen.getByText('Becomes 40 tasks')).toBeTruthy());
    expect(screen.getByText('and 39 more')).toBeTruthy();
    expect(screen.getByTestId('import-losses').textContent).toBe(
      'Not carried over: labels, the nesting of subtasks, and dances.',
    );
    expect(asked).toEqual([]);
  });

  it('of a table lets the columns be chosen, and the import goes by them', async () => {
    preview = { ...preview, columns: ['Name', 'When'], mapping: { title: 'Name' } };
    await user.upload(screen.getByTestId('import-file'), TABLE);
    await user.selectOptions(await screen.findByTestId('map-due'), 'When');
    await waitFor(() => expect(previews).toHaveLength(2));
    expect([field(0, 'mapping'), field(1, 'mapping')]).toEqual([
      null,
      '{"title":"Name","due":"When"}',
    ]);
    answers.push(job(0, 'queued'));
    await user.click(screen.getByTestId('import-start'));
    expect(sent(asked[0], 'mapping')).toBe('{"title":"Name","due":"When"}');
  });

  it('whose columns are refused keeps them, to be mended', async () => {
    preview = { ...preview, columns: ['Name', 'When'], mapping: { title: 'Name' } };
    await user.upload(screen.getByTestId('import-file'), TABLE);
    const due = await screen.findByTestId('map-due');
    const fields = { code: 'no', message: 'Line 2: no.', requestId: null, retryAfterMs: null };
    preview = new ApiError(422, { ...fields, body: null });
    await user.selectOptions(due, 'When');
    await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('Line 2: no.'));
    expect(screen.getByTestId('map-due')).toHaveProperty('value', 'When');
  });

  it('knows an export of Todoist by its first line, and can be told otherwise', async () => {
    const file = new File(['TYPE,CONTENT,PRIORITY\n'], 'Inbox.csv', { type: 'text/csv' });
    await user.upload(screen.getByTestId('import-file'), file);
    const format = screen.getByTestId('import-format');
    await waitFor(() => expect(format).toHaveProperty('value', 'todoist'));
    await waitFor(() => expect(field(previews.length - 1, 'format')).toBe('todoist'));
    await user.selectOptions(format, 'csv');
    await waitFor(() => expect(field(previews.length - 1, 'format')).toBe('csv'));
  });

  it('that is refused says why', async () => {
    const fields = { code: 'no', message: 'Line 2: no.', requestId: null, retryAfterMs: null };
    preview = new ApiError(422, { ...fields, body: null });
    await user.upload(screen.getByTestId('import-file'), LIST);
    await waitFor(() => expect(screen.getByRole('alert').textContent).toContain('Line 2: no.'));
  });
});
