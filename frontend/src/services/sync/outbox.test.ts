import { beforeEach, expect, it } from 'vitest';
import { ApiError, NoAnswer, SignInRequired } from '@/services/api';
import { Outbox } from './outbox';

interface Edit {
  readonly key: string;
}

function refusal(status: number, retryAfterMs: number | null = null): ApiError {
  const fields = { code: 'no', message: 'no', requestId: null, retryAfterMs, body: null };
  return new ApiError(status, fields);
}

let edits: Edit[];
let log: string[];
let answers: (Error | 'ok' | Promise<'ok'>)[];
let timers: { run: () => void; delayMs: number }[];
let outbox: Outbox<Edit, string>;

beforeEach(() => {
  [edits, log, answers, timers] = [[], [], [], []];
  const drop = (edit: Edit) => {
    edits = edits.filter((one) => one !== edit);
  };
  outbox = new Outbox({
    edits: () => edits,
    send: async (edit) => {
      log.push(`send ${edit.key}`);
      const answer = await (answers.shift() ?? 'ok');
      if (answer instanceof Error) throw answer;
      return answer;
    },
    answered: (edit) => {
      log.push(`answered ${edit.key}`);
      drop(edit);
    },
    refused: (edit) => {
      log.push(`refused ${edit.key}`);
      drop(edit);
    },
    stuck: (isStuck) => log.push(isStuck ? 'stuck' : 'through'),
    random: () => 1,
    setTimer: (run, delayMs) => {
      const timer = { run, delayMs };
      timers.push(timer);
      return () => {
        timers = timers.filter((one) => one !== timer);
      };
    },
  });
});

async function settle(): Promise<void> {
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
}

async function edit(...keys: string[]): Promise<void> {
  for (const key of keys) {
    edits.push({ key });
    outbox.nudge();
  }
  await settle();
}

async function passTime(): Promise<number> {
  const [timer] = timers.splice(0);
  timer?.run();
  await settle();
  return timer?.delayMs ?? -1;
}

const sent = () => log.filter((line) => line.startsWith('send'));

it('sends one after the other, in order', async () => {
  await edit('a', 'b');
  expect(log.filter((line) => line !== 'through')).toEqual([
    'send a',
    'answered a',
    'send b',
    'answered b',
  ]);
});

it('asks again under the same key when there is no answer, ever more slowly', async () => {
  answers = [new NoAnswer(null), refusal(503), refusal(500), 'ok'];
  await edit('a', 'b');
  const waits = [await passTime(), await passTime(), await passTime()];
  expect(waits).toEqual([500, 1000, 2000]);
  expect(sent()).toEqual(['send a', 'send a', 'send a', 'send a', 'send b']);
  expect(log.at(-1)).toBe('answered b');
});

it('waits as long as the server asks', async () => {
  answers = [refusal(429, 7_000)];
  await edit('a');
  expect(timers.map((timer) => timer.delayMs)).toEqual([7_500]);
});

it('goes on after a plain no', async () => {
  answers = [refusal(422), 'ok'];
  await edit('a', 'b');
  expect(log.filter((line) => line !== 'through')).toEqual([
    'send a',
    'refused a',
    'send b',
    'answered b',
  ]);
});

it('says when nothing gets through, and when it does again', async () => {
  answers = [new NoAnswer(null), 'ok'];
  await edit('a');
  expect(log.at(-1)).toBe('stuck');
  await passTime();
  expect(log.slice(-2)).toEqual(['through', 'answered a']);
});

it('waits for somebody to sign in, without asking', async () => {
  answers = [new SignInRequired(), 'ok'];
  await edit('a');
  expect([timers, edits.length]).toEqual([[], 1]);
  outbox.kick();
  await settle();
  expect(edits).toEqual([]);
});

it('does not let a new edit hurry a server that is away, but a live line does', async () => {
  answers = [new NoAnswer(null)];
  await edit('a');
  await edit('b');
  expect(sent()).toEqual(['send a']);
  outbox.kick();
  await settle();
  expect(sent()).toEqual(['send a', 'send a', 'send b']);
  expect(timers).toEqual([]);
});

it('does not send again what an echo confirmed while it was waiting', async () => {
  answers = [new NoAnswer(null)];
  await edit('a');
  edits = [];
  await passTime();
  expect(sent()).toEqual(['send a']);
});

it('knows what was never said', async () => {
  answers = [new NoAnswer(null)];
  await edit('a', 'b');
  expect([outbox.isUnsaid('a'), outbox.isUnsaid('b')]).toEqual([false, true]);
  await passTime();
  expect(outbox.isUnsaid('b')).toBe(false);
});

it('never has two on the way', async () => {
  let answer = (_: 'ok') => {};
  answers = [
    new Promise((resolve) => {
      answer = resolve;
    }),
  ];
  await edit('a', 'b');
  outbox.kick();
  await settle();
  expect(sent()).toEqual(['send a']);
  answer('ok');
  await settle();
  expect(sent()).toEqual(['send a', 'send b']);
});
