import { useEffect, useState } from 'react';
import type { Refusal } from './importJob';
import type { Chosen, Imports } from './imports';
import type { Preview } from './preview';

export interface FoundPreview {
  /** The last one of this file: a choice of columns that is refused can be mended. */
  readonly preview: Preview | null;
  readonly refusal: Refusal | null;
}

const NOTHING: FoundPreview = { preview: null, refusal: null };

interface Found extends FoundPreview {
  readonly file: File | null;
}

/** Asked anew whenever the file, its format or its columns change; a late answer is no answer. */
export function usePreview(imports: Imports, chosen: Chosen | null): FoundPreview {
  const [found, setFound] = useState<Found>({ ...NOTHING, file: null });
  useEffect(() => {
    if (chosen === null) return;
    const { file } = chosen;
    let isLate = false;
    void imports.preview(chosen).then((answer) => {
      if (isLate) return;
      const isRefusal = answer.preview === null;
      setFound((before) => ({
        file,
        preview: isRefusal && before.file === file ? before.preview : answer.preview,
        refusal: answer.refusal,
      }));
    });
    return () => {
      isLate = true;
    };
  }, [imports, chosen]);
  return found.file === chosen?.file ? found : NOTHING;
}
