import { act, render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it, vi } from 'vitest';
import { chooseLanguage } from '@/i18n';
import { Indicator } from './Indicator';
import type { ConnectionWord } from './word';

const AT_1002 = new Date('2026-03-03T10:02:00').getTime();

const WORDS: [ConnectionWord, string, string, string][] = [
  [{ state: 'live' }, 'live', 'Live', 'מחובר'],
  [
    { state: 'catching-up', behind: 14, waiting: 0 },
    'catching-up',
    'Catching up (14)',
    'משלים (14)',
  ],
  [
    { state: 'offline', sinceMs: AT_1002, waiting: 3 },
    'offline',
    'Offline since 10:02 AM, 3 edits waiting',
    'לא מקוון מ־10:02, 3 שינויים ממתינים',
  ],
  [
    { state: 'sign-in', waiting: 1 },
    'sign-in',
    'Sign in again, 1 edit waiting',
    'כניסה מחדש, שינוי אחד ממתין',
  ],
];

describe('the indicator', () => {
  it.each(WORDS)('says %j', (word, state, english, hebrew) => {
    vi.spyOn(navigator, 'languages', 'get').mockReturnValue(['en-US', 'he-IL']);
    const { rerender } = render(<Indicator word={word} onSignIn={() => {}} />);
    const indicator = screen.getByTestId('connection-indicator');
    expect(indicator.dataset['state']).toBe(state);
    expect(indicator.textContent?.replace('\u202f', ' ')).toBe(english);
    act(() => chooseLanguage('he'));
    rerender(<Indicator word={word} onSignIn={() => {}} />);
    expect(screen.getByTestId('connection-indicator').textContent).toBe(hebrew);
    expect(document.documentElement.dir).toBe('rtl');
  });

  it('leads to signing in', async () => {
    const onSignIn = vi.fn();
    render(<Indicator word={{ state: 'sign-in', waiting: 0 }} onSignIn={onSignIn} />);
    await userEvent.click(screen.getByRole('button', { name: 'Sign in again' }));
    expect(onSignIn).toHaveBeenCalledOnce();
  });
});
