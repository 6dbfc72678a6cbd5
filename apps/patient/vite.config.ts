import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

import { precompress } from '../web/precompress.ts'

const here = (path: string) => new URL(path, import.meta.url).pathname

// Where `yiqiao up` serves the hub; in development its /v1 is passed on, so that all is one origin.
const HUB = 'http://127.0.0.1:7100'

export default defineConfig({
  root: here('.'),
  base: '/patient/',
  plugins: [react(), precompress()],
  server: { host: '127.0.0.1', port: 7101, proxy: { '/v1': HUB } },
  build: {
    outDir: here('../../dist/web/patient'),
    emptyOutDir: true,
    target: 'es2022',
    // The page's policy allows scripts of this origin only, and so no inlined helper.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
})
