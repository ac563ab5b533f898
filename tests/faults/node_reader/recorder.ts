/** Appends one process' records to its own file, each line at once: tests/faults/history.py. */
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';

export type Say = (f: string, said: Record<string, unknown>) => void;

export class Recorder {
  readonly #file: number;
  readonly #process: string;

  constructor(path: string, process: string) {
    this.#file = openSync(path, 'a');
    this.#process = process;
  }

  say: Say = (f, said) => {
    const record = { t: monotonicSeconds(), proc: this.#process, f, ...said };
    writeSync(this.#file, `${JSON.stringify(record)}\n`);
  };

  close(): void {
    fsyncSync(this.#file);
    closeSync(this.#file);
  }
}

/** CLOCK_MONOTONIC, as Python's time.monotonic() on the same host. */
function monotonicSeconds(): number {
  return Number(process.hrtime.bigint()) / 1e9;
}
