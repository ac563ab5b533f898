import { useState } from 'react';
import type { Chosen } from './imports';
import { guessFormat, type ImportFormat, type Mapping } from './preview';

const FIRST_LINE_BYTES = 200;

export interface ChosenFile {
  readonly chosen: Chosen | null;
  readonly format: ImportFormat;
  /** Its first line is known: before that the format may be a wrong guess. */
  readonly isKnown: boolean;
  choose(file: File | null | undefined): void;
  changeFormat(format: ImportFormat): void;
  map(mapping: Mapping): void;
}

/** The file, what it is taken for, and its columns. `changed`: what was said of another is over. */
export function useChosenFile(changed: () => void): ChosenFile {
  const [chosen, setChosen] = useState<Chosen | null>(null);
  const [format, setFormat] = useState<ImportFormat>('text');
  const [known, setKnown] = useState<File | null>(null);
  return {
    chosen,
    format: chosen?.format ?? format,
    isKnown: chosen !== null && known === chosen.file,
    choose(file) {
      if (!file) return;
      changed();
      const first: Chosen = { file, format: guessFormat(file.name, ''), mapping: null };
      setChosen(first);
      // Its name is known at once, its first line a moment later; a choice of the person stands.
      const look = (line: string) => {
        setKnown(file);
        const guessed = guessFormat(file.name, line);
        if (guessed !== first.format) {
          setChosen((now) => (now === first ? { ...first, format: guessed } : now));
        }
      };
      firstLineOf(file).then(look, () => look(''));
    },
    changeFormat(wanted) {
      setFormat(wanted);
      setChosen((now) => now && { ...now, format: wanted, mapping: null });
    },
    map: (mapping) => setChosen((now) => now && { ...now, mapping }),
  };
}

function firstLineOf(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split('\n', 1)[0] ?? '');
    reader.onerror = () => reject(reader.error);
    reader.readAsText(file.slice(0, FIRST_LINE_BYTES));
  });
}
