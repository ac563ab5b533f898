// Unpacks each file named on the command line beside itself, without its `.br`.
// Node knows Brotli; Python's standard library does not.
import {createReadStream, createWriteStream} from 'node:fs';
import {pipeline} from 'node:stream/promises';
import {createBrotliDecompress} from 'node:zlib';

for (const packed of process.argv.slice(2)) {
  const target = packed.replace(/\.br$/, '');
  await pipeline(createReadStream(packed), createBrotliDecompress(), createWriteStream(target));
}
