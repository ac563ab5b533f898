import { beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeWorld } from '../../../test/fakeWorld';
import type { StatusChange } from './service';
import { WebSocketService } from './service';

let world: FakeWorld;
let service: WebSocketService;

beforeEach(() => {
  world = new FakeWorld();
  service = new WebSocketService(world);
});

async function connected(since?: { epoch: string; seq: number }): Promise<void> {
  const connecting = service.connect(async () => 'access', '/ws/tasks', { since });
  await world.settle();
  world.socket.hello(128);
  await connecting;
}

describe('connecting', () => {
  it('buys a ticket with the token and puts the ticket into the address', async () => {
    await connected();
    expect(world.bought).toEqual(['access']);
    expect(world.socket.address.pathname).toBe('/ws/tasks');
    expect(world.socket.address.search).toBe('?token=tick');
  });

  it('resolves at hello, not before', async () => {
    const resolved = vi.fn();
    const connecting = service.connect('access', '/ws/tasks').then(resolved);
    await world.settle();
    expect(resolved).not.toHaveBeenCalled();
    world.socket.hello(1);
    await connecting;
    expect(resolved).toHaveBeenCalledOnce();
  });

  it('says where the caller stands', async () => {
    await connected({ epoch: 'e1', seq: 120 });
    expect(world.socket.address.searchParams.get('since')).toBe('e1.120');
    expect(service.cursor('/ws/tasks')).toEqual({ epoch: 'e1', seq: 120 });
  });

  it('keeps one socket and one cursor per path', async () => {
    await connected();
    const other = service.connect('access', '/ws/notifications');
    await world.settle();
    world.socket.hello(7, 'e1');
    await other;
    await service.connect('access', '/ws/tasks');
    expect(world.sockets).toHaveLength(2);
    expect(service.cursor('/ws/tasks')?.seq).toBe(128);
    expect(service.cursor('/ws/notifications')?.seq).toBe(7);
  });

  it('waits for a server that is away, for ever', async () => {
    world.ticketAnswer = () => ({ kind: 'unreachable' });
    const connecting = service.connect('access', '/ws/tasks');
    await world.pass(3_600_000);
    expect(world.bought.length).toBeGreaterThan(100);
    world.ticketAnswer = () => ({ kind: 'ticket', ticket: 'tick' });
    await world.pass(30_000);
    world.socket.hello(1);
    await expect(connecting).resolves.toBeUndefined();
  });

  it('rejects when nobody is signed in', async () => {
    await expect(service.connect(null, '/ws/tasks')).rejects.toMatchObject({ reason: 'sign-in' });
  });

  it('rejects when it is called off', async () => {
    const connecting = service.connect('access', '/ws/tasks');
    service.disconnect('/ws/tasks');
    await expect(connecting).rejects.toMatchObject({ reason: 'disconnected' });
  });
});

describe('tokens', () => {
  it('a refused one is replaced once; a refused replacement is the end', async () => {
    const token = vi.fn(async (wish: string) => `for ${wish}`);
    world.ticketAnswer = () => ({ kind: 'unauthorized' });
    const connecting = service.connect(token, '/ws/tasks');
    await expect(connecting).rejects.toMatchObject({ reason: 'sign-in' });
    expect(world.bought).toEqual(['for connect', 'for refused']);
    await world.pass(600_000);
    expect(world.bought).toHaveLength(2);
  });

  it('a refused plain string is the end at once', async () => {
    world.ticketAnswer = () => ({ kind: 'unauthorized' });
    const connecting = service.connect('plain', '/ws/tasks');
    await expect(connecting).rejects.toMatchObject({ reason: 'sign-in' });
    expect(world.bought).toEqual(['plain']);
    expect(service.status('/ws/tasks')).toEqual({ word: 'refused', reason: 'sign-in' });
  });

  it('a source that cannot answer now is asked again later', async () => {
    const token = vi.fn().mockRejectedValueOnce(new Error('away')).mockResolvedValue('access');
    const connecting = service.connect(token, '/ws/tasks');
    await world.pass(1_000);
    world.socket.hello(1);
    await expect(connecting).resolves.toBeUndefined();
  });

  it('are renewed in band before the server ends the socket', async () => {
    await connected();
    for (let beat = 0; beat < 45; beat += 1) {
      world.socket.say({ type: 'heartbeat', data: { seq: 128 } });
      await world.pass(15_000);
    }
    expect(world.socket.sent.map((text) => JSON.parse(text))).toEqual([
      { type: 'auth', data: { token: 'access' } },
    ]);
  });
});

describe('listening', () => {
  it('hands on the data, the frame and the path', async () => {
    const heard = vi.fn();
    service.on('task_update', heard);
    await connected();
    const frame = { type: 'task_update', seq: 129, op: 'key', data: { id: 7 } };
    world.socket.say(frame);
    expect(heard).toHaveBeenCalledExactlyOnceWith({ id: 7 }, frame, '/ws/tasks');
  });

  it('ends with the off that `on` gave', async () => {
    const heard = vi.fn();
    const off = service.on('task_update', heard);
    await connected();
    off();
    world.socket.say({ type: 'task_update', seq: 129, data: {} });
    expect(heard).not.toHaveBeenCalled();
  });

  it('survives garbage', async () => {
    const heard = vi.fn();
    service.on('*', heard);
    await connected();
    heard.mockClear();
    for (const text of ['', '{', 'null', '[]', '7', '{"data":1}', '{"type":5}']) {
      world.socket.say(text);
    }
    world.socket.say({ type: 'task_update', seq: '129', data: null });
    expect(heard.mock.calls.map(([, frame]) => frame)).toEqual([
      { type: 'task_update', data: null },
    ]);
  });

  it('gives a frame to each listener, also when one of them fails', async () => {
    const failures: unknown[] = [];
    vi.stubGlobal('queueMicrotask', (run: () => void) => {
      try {
        run();
      } catch (error) {
        failures.push(error);
      }
    });
    const heard = vi.fn();
    service.on('task_update', () => {
      throw new Error('mine');
    });
    service.on('task_update', heard);
    await connected();
    world.socket.say({ type: 'task_update', seq: 129, data: {} });
    vi.unstubAllGlobals();
    expect(heard).toHaveBeenCalledOnce();
    expect(failures).toEqual([new Error('mine')]);
  });

  it('lets a listener hang up without tearing the step apart', async () => {
    service.on('task_update', () => service.disconnect());
    await connected();
    world.socket.say({ type: 'task_update', seq: 129, data: {} });
    expect(service.status('/ws/tasks')).toEqual({ word: 'idle' });
    expect(world.socket.isOpen).toBe(false);
  });
});

describe('coming back', () => {
  it('resumes from the last contiguous number, and nothing is heard twice', async () => {
    const heard: number[] = [];
    service.on('task_update', (_data, frame) => heard.push(frame.seq ?? -1));
    await connected();
    world.socket.say({ type: 'task_update', seq: 129, data: {} });
    world.socket.end(1006);
    await world.pass(500);
    expect(world.socket.address.searchParams.get('since')).toBe('e1.129');
    world.socket.hello(131);
    for (const seq of [129, 130, 131]) world.socket.say({ type: 'task_update', seq, data: {} });
    expect(heard).toEqual([129, 130, 131]);
  });

  it('ignores what a socket says and does after it was given up', async () => {
    const heard = vi.fn();
    service.on('task_update', heard);
    await connected();
    const orphan = world.socket;
    await world.pass(30_000);
    expect(orphan.isOpen).toBe(false);
    world.socket.hello(128);
    orphan.say({ type: 'task_update', seq: 129, data: {} });
    orphan.end(1006);
    expect(heard).not.toHaveBeenCalled();
    expect(service.status('/ws/tasks')).toEqual({ word: 'live' });
    expect(world.sockets).toHaveLength(2);
  });

  it('ignores a ticket that comes after its attempt was given up', async () => {
    let sell = (_answer: { kind: 'ticket'; ticket: string }) => {};
    world.buyTicket = () =>
      new Promise((resolve) => {
        sell = resolve;
      });
    void service.connect('access', '/ws/tasks');
    await world.settle();
    const sellLate = sell;
    await world.pass(15_000 + 500);
    sellLate({ kind: 'ticket', ticket: 'late' });
    await world.settle();
    expect(world.sockets).toHaveLength(0);
    sell({ kind: 'ticket', ticket: 'new' });
    await world.settle();
    expect(world.socket.address.searchParams.get('token')).toBe('new');
  });

  it('is at once when the tab wakes', async () => {
    await connected();
    world.ticketAnswer = () => ({ kind: 'unreachable' });
    world.socket.end(1006);
    await world.pass(120_000);
    const before = world.bought.length;
    world.ticketAnswer = () => ({ kind: 'ticket', ticket: 'tick' });
    await world.wake();
    expect(world.bought).toHaveLength(before + 1);
    expect(world.sockets).toHaveLength(2);
  });

  it('begins as soon as the browser says that the network is gone', async () => {
    await connected();
    world.ticketAnswer = () => ({ kind: 'unreachable' });
    await world.goOffline();
    expect(service.status('/ws/tasks')).toMatchObject({ word: 'offline' });
  });

  it('does not happen after 4400, and says so', async () => {
    await connected();
    world.socket.end(4400);
    await world.pass(600_000);
    expect(world.sockets).toHaveLength(1);
    expect(service.status('/ws/tasks')).toEqual({ word: 'refused', reason: 'bad-message' });
  });

  it('reads the log when a resume did not close the gap', async () => {
    const heard: number[] = [];
    service.on('*', (_data, frame) => frame.seq !== undefined && heard.push(frame.seq));
    await connected();
    const frames = [129, 130, 131].map((seq) => ({ type: 'task_update', seq, data: {} }));
    world.ranges.push(frames);
    world.socket.say(frames[2]);
    await world.settle();
    world.socket.hello(131);
    world.socket.say(frames[2]);
    await world.settle();
    expect(heard).toEqual([129, 130, 131]);
    expect(world.socket.address.searchParams.get('since')).toBe('e1.131');
  });
});

describe('the word about it', () => {
  it('is told whenever it changes, and only then', async () => {
    const words: string[] = [];
    service.on('connection', ({ status }: StatusChange) => words.push(status.word));
    await connected();
    for (let seq = 129; seq < 140; seq += 1) world.socket.say({ type: 'x', seq, data: {} });
    world.socket.end(1012);
    await world.settle();
    service.disconnect();
    expect(words).toEqual(['catching-up', 'live', 'catching-up', 'idle']);
  });
});
