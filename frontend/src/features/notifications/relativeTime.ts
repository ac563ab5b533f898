/** *now*, *5 minutes ago*, *yesterday*, *12 Mar*: as near as a person would say it. Pure. */
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const WEEK_DAYS = 7;
/** Two clocks never agree: what came from the future has come just now. */
const NOW_MS = 45_000;

export function relativeTime(moment: Date, now: Date, language: string): string {
  const agoMs = now.getTime() - moment.getTime();
  if (Number.isNaN(agoMs)) return '';
  const format = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
  if (agoMs < NOW_MS) return format.format(0, 'second');
  if (agoMs < HOUR_MS) return format.format(-Math.max(1, Math.round(agoMs / MINUTE_MS)), 'minute');
  const days = calendarDaysBetween(moment, now);
  if (days === 0 || agoMs < HOUR_MS * 6) {
    return format.format(-Math.round(agoMs / HOUR_MS), 'hour');
  }
  if (days < WEEK_DAYS) return format.format(-days, 'day');
  return new Intl.DateTimeFormat(language, { dateStyle: 'medium' }).format(moment);
}

/** By the days on the wall, not by 24 hours: the evening before is yesterday. */
function calendarDaysBetween(from: Date, to: Date): number {
  const noonOf = (moment: Date) =>
    new Date(moment.getFullYear(), moment.getMonth(), moment.getDate(), 12).getTime();
  return Math.round((noonOf(to) - noonOf(from)) / DAY_MS);
}
