/**
 * The browser behind the port: the only file of the service that touches fetch, WebSocket,
 * timers and window.
 */
import { type Cursor, formatCursor } from './cursor';
import type { Environment, Socket, SocketListener, TicketAnswer } from './environment';
import { type Frame, isRecord, toFrame } from './frames';

const NORMAL_CLOSURE = 1000;
const RETRY_AFTER_MS_DEFAULT = 5_000;
const WAKE_EVENTS = ['online', 'pageshow'] as const;
const WAKE_DOCUMENT_EVENTS = ['resume', 'visibilitychange'] as const;

export const browserEnvironment: Environment = {
  openSocket,
  buyTicket,
  fetchRange,
  nowMs: () => Date.now(),
  random: () => Math.random(),
  setTimer,
  onWake,
  onOffline: (run) => listen(window, 'offline', run),
};

function openSocket(address: string, listener: SocketListener): Socket {
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(`${scheme}//${location.host}${address}`);
  socket.onmessage = (message) => listener.heard(message.data);
  socket.onclose = (event) => listener.closed(event.code);
  return {
    send: (text) => socket.readyState === WebSocket.OPEN && socket.send(text),
    close: () => socket.close(NORMAL_CLOSURE),
  };
}

async function buyTicket(accessToken: string): Promise<TicketAnswer> {
  try {
    return await readTicket(await post('/api/auth/ws-ticket', accessToken));
  } catch {
    return { kind: 'unreachable' };
  }
}

async function readTicket(response: Response): Promise<TicketAnswer> {
  if (response.status === 401) return { kind: 'unauthorized' };
  if (response.status === 429) return { kind: 'throttled', retryAfterMs: retryAfterMs(response) };
  if (!response.ok) return { kind: 'unreachable' };
  const body: unknown = await response.json();
  if (!isRecord(body) || typeof body['token'] !== 'string') return { kind: 'unreachable' };
  return { kind: 'ticket', ticket: body['token'] };
}

function post(path: string, accessToken: string): Promise<Response> {
  return fetch(path, { method: 'POST', headers: { Authorization: `Bearer ${accessToken}` } });
}

function retryAfterMs(response: Response): number {
  const seconds = Number(response.headers.get('Retry-After'));
  return seconds > 0 ? seconds * 1000 : RETRY_AFTER_MS_DEFAULT;
}

async function fetchRange(accessToken: string, path: string, since: Cursor) {
  const channel = path.slice(path.lastIndexOf('/') + 1);
  const query = new URLSearchParams({ channel, since: formatCursor(since) });
  const response = await fetch(`/api/changes?${query}`, {
    headers: { Authorization: `Bearer ${accessToken}` },
  });
  if (!response.ok) throw new Error(`changes answered ${response.status}`);
  const body: unknown = await response.json();
  const items = isRecord(body) && Array.isArray(body['items']) ? body['items'] : [];
  return items.map(toFrame).filter((frame): frame is Frame => frame !== null);
}

function setTimer(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}

function onWake(run: () => void): () => void {
  const wakeIfSeen = () => {
    if (document.visibilityState === 'visible') run();
  };
  const offs = [
    ...WAKE_EVENTS.map((name) => listen(window, name, run)),
    ...WAKE_DOCUMENT_EVENTS.map((name) => listen(document, name, wakeIfSeen)),
  ];
  return () => {
    for (const off of offs) off();
  };
}

function listen(target: EventTarget, name: string, run: () => void): () => void {
  target.addEventListener(name, run);
  return () => target.removeEventListener(name, run);
}
