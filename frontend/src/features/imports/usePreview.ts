import { useEffect, useState } from 'react';
import type { Refusal } from './importJob';
import type { Chosen, Imports } from './imports';
import type { Preview } from './preview';

export type PreviewState =
  | { readonly name: 'nothing' }
  | { readonly name: 'asking'; readonly last: Preview | null }
  | { readonly name: 'known'; readonly preview: Preview }
  | { readonly name: 'refused'; readonly why: Refusal };

/** Asked anew whenever the file, its format or its columns change; a late answer is no answer. */
export function usePreview(imports: Imports, chosen: Chosen | null): PreviewState {
  const [state, setState] = useState<PreviewState>({ name: 'nothing' });
  useEffect(() => {
    if (chosen === null) return;
    let isLate = false;
    setState((before) => ({ name: 'asking', last: previewOf(before) }));
    void imports.preview(chosen).then((answer) => {
      if (!isLate) setState(answer);
    });
    return () => {
      isLate = true;
    };
  }, [imports, chosen]);
  return state;
}

export function previewOf(state: PreviewState): Preview | null {
  if (state.name === 'known') return state.preview;
  return state.name === 'asking' ? state.last : null;
}
