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
    environment: 'jsdom',
    setupFiles: ['test/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
    restoreMocks: true,
  },
});
