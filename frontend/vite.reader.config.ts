/** The page's client without the page: a reader of the torture run (tests/faults/node_reader). */
import { defineConfig } from 'vite';

export default defineConfig({
  resolve: { alias: { '@': '/src' } },
  publicDir: false,
  ssr: { noExternal: true },
  build: {
    ssr: '../tests/faults/node_reader/main.ts',
    outDir: '../.cache/node_reader',
    emptyOutDir: true,
    target: 'node22',
    minify: false,
    rolldownOptions: { output: { entryFileNames: 'reader.mjs' } },
  },
});
