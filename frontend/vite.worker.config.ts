/** The service worker: one file of its own name, beside the page and never cached by it. */
import { defineConfig } from 'vite';

export default defineConfig({
  resolve: { alias: { '@': '/src' } },
  publicDir: false,
  build: {
    outDir: '../src/taskwire/page',
    emptyOutDir: false,
    rollupOptions: {
      input: 'src/worker/serviceWorker.ts',
      output: { format: 'iife', entryFileNames: 'sw.js' },
    },
  },
});
