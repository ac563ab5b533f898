/**
 * What a file would become, said by the server before anything is done. Pure.
 */
export const FORMATS = ['text', 'csv', 'todoist', 'ics', 'taskwire'] as const;
export type ImportFormat = (typeof FORMATS)[number];

/** What a column can be for; as the server names it. */
export const MAPPED_FIELDS = ['title', 'description', 'due', 'priority', 'is_completed'] as const;
export type MappedField = (typeof MAPPED_FIELDS)[number];
export type Mapping = Readonly<Record<string, string>>;

export interface PreviewTask {
  readonly title: string;
  readonly due: string | null;
  readonly isCompleted: boolean;
}

export interface Preview {
  readonly total: number;
  readonly columns: readonly string[];
  readonly mapping: Mapping;
  readonly tasks: readonly PreviewTask[];
  /** Codes; the page has words for them. */
  readonly notCarried: readonly string[];
}

/** By its name; a Todoist export is a CSV that only its first line gives away. */
export function guessFormat(name: string, firstLine: string): ImportFormat {
  if (/\.(ics|ical|ifb)$/i.test(name)) return 'ics';
  if (/\.json$/i.test(name)) return 'taskwire';
  if (!/\.csv$/i.test(name)) return 'text';
  return /^\uFEFF?"?TYPE"?,"?CONTENT"?/i.test(firstLine) ? 'todoist' : 'csv';
}

/** One column, one field: what another field had is given up by it. '' takes the field away. */
export function remapped(mapping: Mapping, field: string, column: string): Mapping {
  const others = Object.entries(mapping).filter(
    ([other, taken]) => other !== field && taken !== column,
  );
  return Object.fromEntries(column === '' ? others : [...others, [field, column]]);
}

export function readPreview(value: unknown): Preview {
  const data = (value ?? {}) as Record<string, unknown>;
  return {
    total: typeof data['total'] === 'number' ? data['total'] : 0,
    columns: texts(data['columns']),
    mapping: (data['mapping'] ?? {}) as Mapping,
    tasks: Array.isArray(data['tasks']) ? data['tasks'].map(readTask) : [],
    notCarried: texts(data['not_carried']),
  };
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function readTask(value: unknown): PreviewTask {
  const data = (value ?? {}) as Record<string, unknown>;
  const due = data['due_at'] ?? data['due_on'];
  return {
    title: String(data['title'] ?? ''),
    due: typeof due === 'string' ? due : null,
    isCompleted: data['is_completed'] === true,
  };
}
