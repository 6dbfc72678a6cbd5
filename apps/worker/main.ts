import { readConfig } from '../../platform/config.ts'
import { createLog } from '../../platform/log.ts'
import { announceReady, endWithGrace } from '../../platform/process.ts'
import { openHub } from '../hub/open-hub.ts'
import { PATIENCE_MS, runQueue } from './queue.ts'
import { startStepServer } from './step-server.ts'
import { createWorker } from './worker.ts'

// The process "worker": does what is due, without being asked.

const GRACE_MS = 15_000
const AT_ONCE = 8

const config = readConfig()
const log = createLog(config.YIQIAO_LOG_LEVEL)
const { platform, hub, close } = openHub(config, 'worker', {
  onError: (error, about) => log.error({ err: error, ...about }, 'work failed'),
})
const { YIQIAO_STEP_PORT: stepPort, DATABASE_URL: databaseUrl } = config
const {
  YIQIAO_VISIT_LOOK_MS: visitLookMs,
  YIQIAO_UPKEEP_MS: upkeepMs,
  YIQIAO_STATEMENT_INBOX: statementInbox,
} = config
// A simulated day is one history: there, one thing happens after the other.
const worker = createWorker(
  hub,
  platform,
  stepPort === undefined
    ? {
        atOnce: AT_ONCE,
        visitLookMs,
        upkeepMs,
        statementInbox,
        lineHost: config.YIQIAO_HOST,
        patienceMs: PATIENCE_MS,
        onError: (error) => log.error(error, 'work failed'),
      }
    : { atOnce: 1, visitLookMs, upkeepMs, statementInbox },
)
const running =
  stepPort === undefined
    ? await runQueue(worker, { databaseUrl, log })
    : await startStepServer(worker, stepPort)
endWithGrace(GRACE_MS, log, async () => {
  await running.stop()
  await close()
})
announceReady({ port: 'port' in running ? running.port : null })
