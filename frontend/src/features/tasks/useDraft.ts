import { useEffect, useRef, useState } from 'react';
import { useTasks } from './context';

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
 * person until they are done with it, and is kept under its name over a reload.
 */
export function useDraft(name: string, value: string, save: (text: string) => void): Draft {
  const { drafts } = useTasks();
  const [stored] = useState(() => drafts.read(name));
  const [text, setText] = useState(stored?.text ?? value);
  const [startedFrom, setStartedFrom] = useState(stored?.startedFrom ?? value);
  const isTouched = text !== startedFrom;
  const latest = useRef({ text, isTouched, save });

  if (!isTouched && value !== startedFrom) {
    setText(value);
    setStartedFrom(value);
  }

  useEffect(() => {
    latest.current = { text, isTouched, save };
  });

  // A reload runs no effect's end; whatever else takes the field away has handed on what was typed.
  useEffect(() => {
    const { text: typed, isTouched: isDirty } = latest.current;
    if (isDirty) drafts.write(name, { text: typed, startedFrom });
    return () => drafts.write(name, null);
  }, [drafts, name, startedFrom]);

  const settle = (settled: string) => {
    drafts.write(name, null);
    setText(settled);
    setStartedFrom(settled);
    latest.current = { ...latest.current, text: settled, isTouched: false };
  };

  return {
    text,
    theirs: isTouched && value !== startedFrom && value !== text ? value : null,
    type(typed) {
      setText(typed);
      drafts.write(name, typed === startedFrom ? null : { text: typed, startedFrom });
    },
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
