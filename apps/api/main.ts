import { readConfig } from '../../platform/config.ts'
import { createLog, logOptions } from '../../platform/log.ts'
import { announceReady, endWithGrace } from '../../platform/process.ts'
import { openHub } from '../hub/open-hub.ts'
import { createApi } from './app.ts'

// The process "api": serves the public HTTP API, and does nothing that nobody asks for.

const GRACE_MS = 10_000

const config = readConfig()
const log = createLog(config.YIQIAO_LOG_LEVEL)
const { platform, hub, close } = openHub(config, 'api', {
  onError: (error, about) => log.error({ err: error, ...about }, 'work failed'),
})
const app = await createApi(hub, {
  platform,
  logger: logOptions(config.YIQIAO_LOG_LEVEL),
  demo:
    config.YIQIAO_PROFILE === 'demo'
      ? { walletUrl: config.YIQIAO_WALLET_URL ?? null, scanUrl: config.YIQIAO_SCAN_URL ?? null }
      : null,
  webRoot: config.YIQIAO_WEB_ROOT ?? null,
  publicUrl: config.YIQIAO_PUBLIC_URL,
})
endWithGrace(GRACE_MS, app.log, async () => {
  await app.close()
  await close()
})
const url = await app.listen({ host: config.YIQIAO_HOST, port: config.YIQIAO_PORT })
announceReady({ url })
