/**
 * The page's languages: chosen by the person, else by the browser; the direction follows.
 */
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en';
import { he } from './he';

export { useLocale } from './locale';

export const LANGUAGES = { en: 'English', he: 'עברית' } as const;
export type Language = keyof typeof LANGUAGES;

const STORAGE_KEY = 'taskwire-language';
const RIGHT_TO_LEFT: ReadonlySet<string> = new Set(['he']);
/** Browsers say `iw` where they still speak the code of before 1989. */
const OLD_CODES: Record<string, Language> = { iw: 'he' };

export function startLanguage(): void {
  const language = storedLanguage() ?? browserLanguage(navigator.languages);
  void i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    resources: { en: { translation: en }, he: { translation: he } },
    interpolation: { escapeValue: false },
    // The words are in the bundle: the first paint already speaks.
    initAsync: false,
  });
  applyLanguage(language);
}

export function chooseLanguage(language: Language): void {
  localStorage.setItem(STORAGE_KEY, language);
  void i18next.changeLanguage(language);
  applyLanguage(language);
}

export function browserLanguage(wishes: readonly string[]): Language {
  const codes = wishes.map((wish) => wish.toLowerCase().split('-')[0] ?? '');
  return codes.map((code) => OLD_CODES[code] ?? code).find(isLanguage) ?? 'en';
}

export function isLanguage(code: string): code is Language {
  return Object.hasOwn(LANGUAGES, code);
}

function storedLanguage(): Language | null {
  const stored = localStorage.getItem(STORAGE_KEY) ?? '';
  return isLanguage(stored) ? stored : null;
}

function applyLanguage(language: Language): void {
  document.documentElement.lang = language;
  document.documentElement.dir = RIGHT_TO_LEFT.has(language) ? 'rtl' : 'ltr';
}
