/**
 * How dates, times and weeks are written: in the chosen language, by the habits of the place the
 * browser names. English in Haifa is not English in Boston.
 */
import { useTranslation } from 'react-i18next';

export function localeFor(language: string, wishes: readonly string[]): string {
  const isSame = (wish: string) => wish.toLowerCase().split('-')[0] === language;
  const own = wishes.find((wish) => isSame(wish) && regionOf(wish) !== undefined);
  if (own !== undefined) return own;
  const region = wishes.map(regionOf).find((one) => one !== undefined);
  return region === undefined ? language : `${language}-${region}`;
}

function regionOf(wish: string): string | undefined {
  try {
    return new Intl.Locale(wish).region;
  } catch {
    return undefined;
  }
}

export function useLocale(): string {
  const { i18n } = useTranslation();
  return localeFor(i18n.language, navigator.languages);
}
