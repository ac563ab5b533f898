import i18next from 'i18next';
import { describe, expect, it } from 'vitest';
import { browserLanguage } from '.';
import { en } from './en';
import { he } from './he';
import { localeFor } from './locale';

type Words = { readonly [key: string]: string | Words };

/** Plural forms differ between languages: a key is named by its stem. */
const PLURAL = /_(zero|one|two|few|many|other)$/;

function leaves(words: Words, prefix = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === 'string'
      ? [[prefix + key, value] as [string, string]]
      : leaves(value, `${prefix}${key}.`),
  );
}

const stems = (words: Words) =>
  [...new Set(leaves(words).map(([key]) => key.replace(PLURAL, '')))].sort();

/** What a sentence is fed, and which of its words are marked up: both languages must use it all. */
const holes = (text: string) => (text.match(/\{\{\w+|<\w+>/g) ?? []).sort();

describe('the words', () => {
  it('are the same keys in both languages', () => {
    expect(stems(he)).toEqual(stems(en));
  });

  it('have each plural form that their language counts with', () => {
    for (const [code, words] of [
      ['en', en],
      ['he', he],
    ] as const) {
      const forms = new Intl.PluralRules(code).resolvedOptions().pluralCategories;
      const keys = new Set(leaves(words).map(([key]) => key));
      const plural = [...keys].filter((key) => PLURAL.test(key));
      for (const stem of new Set(plural.map((key) => key.replace(PLURAL, '')))) {
        for (const form of forms) expect(keys).toContain(`${stem}_${form}`);
      }
    }
  });

  it('take the same facts in both languages', () => {
    const inHebrew = new Map(leaves(he));
    for (const [key, text] of leaves(en)) {
      if (!PLURAL.test(key))
        expect([key, holes(inHebrew.get(key) ?? '')]).toEqual([key, holes(text)]);
    }
  });

  it('are never empty and never shout', () => {
    for (const [key, text] of [...leaves(en), ...leaves(he)]) {
      expect([key, text.trim() === '' || text.includes('!')]).toEqual([key, false]);
    }
  });

  it('count in Hebrew as Hebrew counts', async () => {
    const instance = i18next.createInstance();
    await instance.init({ lng: 'he', resources: { he: { translation: he } } });
    const say = (count: number) => instance.t('connection.waiting', { count });
    expect([say(1), say(2), say(1200)]).toEqual([
      'שינוי אחד ממתין',
      'שני שינויים ממתינים',
      '1,200 שינויים ממתינים',
    ]);
  });
});

describe('the first language', () => {
  it.each([
    [['he-IL', 'en'], 'he'],
    [['iw'], 'he'],
    [['fr-FR', 'he'], 'he'],
    [['en-GB', 'he'], 'en'],
    [['fr-FR'], 'en'],
    [[], 'en'],
  ])('of a browser that wishes for %j is %s', (wishes, language) => {
    expect(browserLanguage(wishes)).toBe(language);
  });
});

describe('the habits of the place', () => {
  it.each([
    ['en', ['en-GB', 'en'], 'en-GB'],
    ['he', ['en-US', 'he-IL'], 'he-IL'],
    ['en', ['he-IL', 'he'], 'en-IL'],
    ['en', ['en', 'fr-CH'], 'en-CH'],
    ['en', ['en'], 'en'],
    ['en', ['not a language'], 'en'],
  ])('%s for a browser that wishes for %j are %s', (language, wishes, locale) => {
    expect(localeFor(language, wishes)).toBe(locale);
  });
});
