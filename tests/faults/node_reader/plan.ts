/** What the torture run asks of one process of readers: the same file as for the Python twin. */
import { readFileSync } from 'node:fs';

export interface Person {
  readonly id: number;
  readonly email: string;
  readonly password: string;
  readonly token: string;
  readonly canary: string;
  readonly session: string;
}

export type Kind = 'steady' | 'churn' | 'slow' | 'sleepy' | 'guest';

export interface Plan {
  readonly name: string;
  readonly folder: string;
  readonly people: string;
  readonly urls: readonly string[];
  readonly readers: number;
  readonly kinds: Readonly<Partial<Record<Kind, number>>>;
  readonly seed: number;
}

export type Random = () => number;

export function readJson<Shape>(path: string): Shape {
  return JSON.parse(readFileSync(path, 'utf8')) as Shape;
}

/** mulberry32: the same numbers for the same seed. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function pick<Item>(items: readonly Item[], random: Random): Item {
  return items[Math.floor(random() * items.length)] as Item;
}

export function pickKind(kinds: Plan['kinds'], random: Random): Kind {
  const weighed = Object.entries(kinds) as [Kind, number][];
  let left = random() * weighed.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [kind, weight] of weighed) {
    left -= weight;
    if (left < 0) return kind;
  }
  return 'steady';
}
