import { join } from 'node:path'

import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

import { precompress } from '../web/precompress.ts'

// The API serves what is built here under /console/. While developing, its own server answers for /v1.
const DEVELOPMENT_API = 'http://127.0.0.1:7100'

export default defineConfig({
  root: import.meta.dirname,
  base: '/console/',
  plugins: [react(), precompress()],
  build: {
    outDir: join(import.meta.dirname, '../../dist/web/console'),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    // The charts are one chunk of their own that no first page waits for.
    chunkSizeWarningLimit: 700,
  },
  server: { host: '127.0.0.1', proxy: { '/v1': DEVELOPMENT_API } },
})
