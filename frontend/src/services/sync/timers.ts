/** The browser's clock, as the ports of the features want it. */
const QUIET_WITHIN_MS = 1_000;

export function setTimer(run: () => void, delayMs: number): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}

/** Soon, when the browser has nothing better to do. */
export function whenQuiet(run: () => void): void {
  if (typeof requestIdleCallback === 'undefined') run();
  else requestIdleCallback(run, { timeout: QUIET_WITHIN_MS });
}

/** Waits for the job, but not for ever: a database may never answer. */
export async function atMost(ms: number, job: Promise<unknown>): Promise<void> {
  let cancel = () => {};
  const late = new Promise<void>((resolve) => {
    cancel = setTimer(resolve, ms);
  });
  await Promise.race([job, late]);
  cancel();
}
