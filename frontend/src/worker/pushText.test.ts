import { describe, expect, it } from 'vitest';
import { addressOf, pushText } from './pushText';

const PUSH = {
  id: 5,
  kind: 'reminder_due',
  title: 'Call the plumber',
  body: 'A reminder is due.',
  task_id: 7,
  language: 'en',
};

describe('a push', () => {
  it('says what it is about, then what it is', () => {
    expect(pushText(PUSH)).toEqual({
      title: 'Call the plumber',
      body: 'Reminder',
      language: 'en',
      direction: 'ltr',
      tag: 'taskwire-5',
      taskId: 7,
    });
  });

  it('speaks the language of its person', () => {
    expect(pushText({ ...PUSH, language: 'he' })).toMatchObject({
      body: 'תזכורת',
      language: 'he',
      direction: 'rtl',
    });
  });

  it('of a kind from the future has the server’s words', () => {
    const text = pushText({ ...PUSH, kind: 'dance', body: 'Somebody dances.' });
    expect([text?.title, text?.body]).toEqual(['Call the plumber', 'Somebody dances.']);
  });

  it('about nothing by name still says something', () => {
    const text = pushText({ ...PUSH, title: '', task_id: null });
    expect([text?.title, text?.body, text?.taskId]).toEqual([
      'Reminder',
      'A reminder is due.',
      null,
    ]);
  });

  it.each([null, 'text', {}, { id: 'five', kind: 'reminder_due' }, { id: 5 }])(
    'that is %j is none of ours',
    (payload) => expect(pushText(payload)).toBeNull(),
  );
});

it('leads to its task, or to the list', () => {
  expect([addressOf(7), addressOf(null)]).toEqual(['/?task=7', '/']);
});
