/** How the way to Google ended: it stands in the address on the way back, and is said once. */
const OUTCOMES = ['connected', 'denied', 'box_not_ticked', 'no_refresh_token', 'failed'] as const;
export type Outcome = (typeof OUTCOMES)[number];

const NAME = 'calendar';

/** The outcome, taken out of the address so that a reload does not say it again. */
export function takeOutcome(): Outcome | null {
  const fields = new URLSearchParams(location.search);
  const outcome = OUTCOMES.find((word) => word === fields.get(NAME)) ?? null;
  if (outcome === null) return null;
  fields.delete(NAME);
  const query = fields.toString();
  history.replaceState(null, '', query === '' ? '/' : `/?${query}`);
  return outcome;
}
