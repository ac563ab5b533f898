import { useEffect, useRef, useState } from 'react';

export interface Draft {
  readonly text: string;
  /** What somebody else made of the same field meanwhile; it waits beside. */
  readonly theirs: string | null;
  type(text: string): void;
  /** Hands the text on, if it was changed. */
  commit(): void;
  takeTheirs(): void;
  discard(): void;
}

/**
 * A text under a person's hands. Untouched it follows the truth; once touched it belongs to the
 * person until they are done with it.
 */
export function useDraft(value: string, save: (text: string) => void): Draft {
  const [text, setText] = useState(value);
  const [startedFrom, setStartedFrom] = useState(value);
  const isTouched = text !== startedFrom;
  const latest = useRef({ text, isTouched, save });

  if (!isTouched && value !== startedFrom) {
    setText(value);
    setStartedFrom(value);
  }

  useEffect(() => {
    latest.current = { text, isTouched, save };
  });

  const settle = (settled: string) => {
    setText(settled);
    setStartedFrom(settled);
    latest.current = { ...latest.current, text: settled, isTouched: false };
  };

  return {
    text,
    theirs: isTouched && value !== startedFrom && value !== text ? value : null,
    type: setText,
    commit() {
      const { text: typed, isTouched: isDirty, save: hand } = latest.current;
      if (!isDirty) return;
      settle(typed);
      hand(typed);
    },
    takeTheirs: () => settle(value),
    discard: () => settle(value),
  };
}
