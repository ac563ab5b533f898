/** The house's own rules, where no linter knows them. */
import { describe, expect, it } from 'vitest';

const sources = import.meta.glob<string>('./**/*.{ts,tsx}', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const styles = import.meta.glob<string>('./**/*.css', {
  query: '?raw',
  import: 'default',
  eager: true,
});

const LINES_MAX = 250;
const IMPORT = /from '(@\/[^']+|\.{1,2}\/[^']*)'/g;
const isTest = (path: string) => path.includes('.test.');

function imports(of: (path: string) => boolean): [string, string][] {
  return Object.entries(sources)
    .filter(([path]) => of(path) && !isTest(path))
    .flatMap(([path, text]) =>
      [...text.matchAll(IMPORT)].map(([, target]) => [path, target ?? ''] as [string, string]),
    );
}

describe('the layers', () => {
  it('services know neither React nor features nor ui', () => {
    const wrong = imports((path) => path.startsWith('./services/')).filter(([, target]) =>
      /^@\/(features|ui|app|i18n)/.test(target),
    );
    expect(wrong).toEqual([]);
    for (const [path, text] of Object.entries(sources)) {
      if (path.startsWith('./services/'))
        expect([path, /from 'react/.test(text)]).toEqual([path, false]);
    }
  });

  it('the socket service stands on its own', () => {
    const wrong = imports((path) => path.startsWith('./services/websocket/')).filter(
      ([, target]) => !target.startsWith('./'),
    );
    expect(wrong).toEqual([]);
  });

  it('ui knows no feature', () => {
    const wrong = imports((path) => path.startsWith('./ui/')).filter(([, target]) =>
      /^@\/(features|app)/.test(target),
    );
    expect(wrong).toEqual([]);
  });

  it('features know neither each other nor the app', () => {
    const wrong = imports((path) => path.startsWith('./features/')).filter(([, target]) =>
      /^(@\/(features|app)|\.\.\/)/.test(target),
    );
    expect(wrong).toEqual([]);
  });

  it('the app enters a feature by its front door', () => {
    const wrong = imports((path) => path.startsWith('./app/')).filter(([, target]) =>
      /^@\/features\/\w+\/./.test(target),
    );
    expect(wrong).toEqual([]);
  });
});

describe('a file', () => {
  it('fits on a few screens', () => {
    const long = Object.entries(sources).filter(
      ([path, text]) => !isTest(path) && text.split('\n').length > LINES_MAX,
    );
    expect(long.map(([path]) => path)).toEqual([]);
  });
});

describe('the stylesheets', () => {
  it('know no left and right: the page reads both ways', () => {
    const physical =
      /(^|[\s;{])((margin|padding|border)-(left|right|top|bottom)|left|right|top|bottom|width|height|(min|max)-(width|height))\s*:/;
    const wrong = Object.entries(styles).flatMap(([path, text]) =>
      text
        .split('\n')
        .filter((line) => physical.test(line) && !line.includes('@media'))
        .map((line) => `${path}: ${line.trim()}`),
    );
    expect(wrong).toEqual([]);
  });
});
