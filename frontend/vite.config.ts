import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

const BACKEND = 'http://localhost:8000';

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': '/src' } },
  server: {
    port: 5173,
    proxy: { '/api': BACKEND, '/ws': { target: BACKEND, ws: true } },
  },
  build: {
    outDir: '../src/taskwire/page',
    emptyOutDir: true,
    // The page's Content-Security-Policy is default-src 'self': no data: addresses, and no
    // polyfill for browsers that could not run the page anyway.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  test: {
    restoreMocks: true,
    testTimeout: 20_000,
    // What decides needs no browser, and starts in a tenth of the time without one.
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          environment: 'node',
          include: ['src/**/*.test.ts'],
          setupFiles: ['test/quiet.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'page',
          environment: 'jsdom',
          include: ['src/**/*.test.tsx'],
          setupFiles: ['test/quiet.ts', 'test/page.ts'],
        },
      },
    ],
  },
});
