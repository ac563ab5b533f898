/** What leaves this place, as requests. */
import { type ApiClient, newIdempotencyKey } from '@/services/api';

export const EXPORT_FORMATS = ['json', 'csv', 'ics'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export interface Feed {
  readonly is_on: boolean;
  readonly created_at: string | null;
  /** Only in the answer that made it. */
  readonly url: string | null;
}

const FEED = '/api/feed';
const OFF: Feed = { is_on: false, created_at: null, url: null };

export async function fetchExport(api: ApiClient, format: ExportFormat): Promise<File> {
  const path = `/api/export?format=${format}`;
  const { data } = await api.request({ method: 'GET', path, wants: 'file' });
  const file = data as File;
  return new File([file], file.name || `taskwire.${format}`, { type: file.type });
}

export async function readFeed(api: ApiClient): Promise<Feed> {
  const { data } = await api.request({ method: 'GET', path: FEED });
  return { ...OFF, ...(data as Partial<Feed>), url: null };
}

/** A new address; the one before it stops to work. */
export async function startFeed(api: ApiClient): Promise<Feed> {
  const headers = { 'Idempotency-Key': newIdempotencyKey() };
  const { data } = await api.request({ method: 'POST', path: FEED, headers });
  const { url } = data as { url: string };
  return { is_on: true, created_at: null, url: new URL(url, location.origin).href };
}

export async function revokeFeed(api: ApiClient): Promise<Feed> {
  await api.request({ method: 'DELETE', path: FEED });
  return OFF;
}
