/**
 * A process of readers that run the page's own TypeScript under Node, twin of tests/faults/reader.py.
 *
 *     npm --prefix frontend run build:reader
 *     node .cache/node_reader/reader.mjs <plan.json>
 *
 * It reads until a line comes on stdin, then says what everybody holds, and ends with status 0.
 */
import { createInterface } from 'node:readline';
import { type Person, type Plan, pick, pickKind, randomFrom, readJson } from './plan';
import { Reader } from './reader';
import { Recorder } from './recorder';

/** The page asks its own origin for everything; here that is one of the servers, by chance. */
function fetchFrom(urls: readonly string[], random: () => number): void {
  const realFetch = globalThis.fetch;
  globalThis.fetch = (input, init) =>
    realFetch(typeof input === 'string' ? new URL(input, pick(urls, random)) : input, init);
}

function main(plan: Plan): void {
  const random = randomFrom(plan.seed);
  const people = readJson<Person[]>(plan.people);
  const recorder = new Recorder(`${plan.folder}/${plan.name}.jsonl`, plan.name);
  fetchFrom(plan.urls, random);
  const readers = Array.from({ length: plan.readers }, (_, number) => {
    const person = people[number % people.length] as Person;
    const kind = pickKind(plan.kinds, random);
    const chance = randomFrom(Math.floor(random() * 2 ** 32));
    return new Reader(`${plan.name}-${number}`, person, kind, plan.urls, recorder.say, chance);
  });
  for (const reader of readers) reader.start();
  createInterface({ input: process.stdin }).once('line', () => {
    for (const reader of readers) reader.end();
    recorder.close();
    process.exit(0);
  });
}

main(readJson<Plan>(process.argv[2] ?? ''));
