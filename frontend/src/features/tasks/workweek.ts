/** Which days people work on, where they are: Sunday to Thursday in Israel. */
import { WEEKDAYS, type Weekday } from './recurrence';

type WeekAware = Intl.Locale & {
  getWeekInfo?: () => { firstDay: number; weekend: readonly number[] };
  weekInfo?: { firstDay: number; weekend: readonly number[] };
};

const WEEKEND_ISO = [6, 7];
const WEEKEND_ISO_ISRAEL = [5, 6];

export function workdays(language: string): readonly Weekday[] {
  const locale = new Intl.Locale(language).maximize() as WeekAware;
  const info = locale.getWeekInfo?.() ?? locale.weekInfo;
  const weekend = info?.weekend ?? (locale.region === 'IL' ? WEEKEND_ISO_ISRAEL : WEEKEND_ISO);
  // ISO counts Sunday as 7, JavaScript as 0.
  return WEEKDAYS.filter((_day, index) => !weekend.includes(index === 0 ? 7 : index));
}

/** All seven, beginning where the week begins for them. */
export function weekInOrder(language: string): readonly Weekday[] {
  const locale = new Intl.Locale(language).maximize() as WeekAware;
  const info = locale.getWeekInfo?.() ?? locale.weekInfo;
  const first = (info?.firstDay ?? (locale.region === 'IL' ? 7 : 1)) % 7;
  return [...WEEKDAYS.slice(first), ...WEEKDAYS.slice(0, first)];
}

/** A Sunday, to name the days by. */
const SUNDAY = new Date(2023, 0, 1, 12);

export function weekdayName(day: Weekday, language: string, width: 'short' | 'long'): string {
  const moment = new Date(SUNDAY);
  moment.setDate(SUNDAY.getDate() + WEEKDAYS.indexOf(day));
  return new Intl.DateTimeFormat(language, { weekday: width }).format(moment);
}
