/**
 * The snippet of docs/protocol.md, unchanged, against the service as the page has it: only the
 * browser's own fetch and WebSocket are replaced.
 */
import { expect, it, vi } from 'vitest';

const SNIPPET = `
await websocketService.connect(localStorage.getItem('token'), '/ws/tasks');
websocketService.on('task_update', (task) => console.info('changed', task.title));
websocketService.on('task_created', (task) => console.info('new', task.title));
websocketService.on('task_deleted', ({ task_id }) => console.info('gone', task_id));
`;

class BrowserSocket {
  static readonly OPEN = 1;
  static latest: BrowserSocket;
  onmessage: (message: { data: string }) => void = () => {};
  readonly address: string;

  constructor(address: string) {
    this.address = address;
    BrowserSocket.latest = this;
  }

  close(): void {}

  say(frame: unknown): void {
    this.onmessage({ data: JSON.stringify(frame) });
  }
}

it('runs as it stands in the documentation', async () => {
  const fetched = vi.fn(async () => Response.json({ token: 'ticket', expires_in: 30 }));
  vi.stubGlobal('fetch', fetched);
  vi.stubGlobal('WebSocket', BrowserSocket);
  const said = vi.spyOn(console, 'info').mockImplementation(() => {});
  localStorage.setItem('token', 'access');
  const { default: websocketService } = await import('.');

  const AsyncFunction = (async () => {}).constructor as new (
    ...source: string[]
  ) => (service: unknown) => Promise<void>;
  const running = new AsyncFunction('websocketService', SNIPPET)(websocketService);
  await vi.waitFor(() => expect(BrowserSocket.latest).toBeDefined());
  BrowserSocket.latest.say({ type: 'hello', data: { protocol: 1, epoch: 'e', seq: 4 } });
  await running;

  BrowserSocket.latest.say({ type: 'task_created', seq: 5, data: { id: 1, title: 'milk' } });
  BrowserSocket.latest.say({ type: 'task_update', seq: 6, data: { id: 1, title: 'bread' } });
  BrowserSocket.latest.say({ type: 'task_deleted', seq: 7, data: { task_id: 1 } });
  websocketService.disconnect();

  expect(fetched).toHaveBeenCalledExactlyOnceWith('/api/auth/ws-ticket', {
    method: 'POST',
    headers: { Authorization: 'Bearer access' },
  });
  expect(BrowserSocket.latest.address).toBe(`ws://${location.host}/ws/tasks?token=ticket`);
  expect(said.mock.calls).toEqual([
    ['new', 'milk'],
    ['changed', 'bread'],
    ['gone', 1],
  ]);
  vi.unstubAllGlobals();
});
