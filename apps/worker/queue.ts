import { run, type Runner } from 'graphile-worker'
import type { Logger } from 'pino'

import type { HospitalId } from '../../kernel/id.ts'
import { SECOND_MS } from '../../kernel/time.ts'
import { DELIVER_TASK } from '../../platform/events.ts'
import { NOTICE_TASK } from '../../platform/inbox.ts'
import type { Worker } from './worker.ts'

const CONCURRENT_JOBS = 4
const POLL_MS = 2 * SECOND_MS
const SWEEP_MS = SECOND_MS

/** As long as most providers take to answer. Whoever takes longer is not waited for before the next. */
export const PATIENCE_MS = 200

/**
 * Keeps working: a job wakes the worker within milliseconds for the hospital it names, and a sweep every second
 * finds whatever no job told of, what a killed worker left among it. So a job lost with a dead worker costs a
 * second and nothing else, and the queue's own lock on it may stand.
 */
export async function runQueue(worker: Worker, { databaseUrl, log }: QueueOptions) {
  const wake = async (payload: unknown) => {
    const { hospitalId } = payload as { hospitalId: HospitalId }
    await worker.workOff(hospitalId)
  }
  const runner: Runner = await run({
    connectionString: databaseUrl,
    concurrency: CONCURRENT_JOBS,
    pollInterval: POLL_MS,
    noHandleSignals: true,
    taskList: { [DELIVER_TASK]: wake, [NOTICE_TASK]: wake },
  })
  const sweeper = sweepUntilStopped(() => worker.workOffAll(), log)
  // Apart from the rest, as a receiver may take ten seconds, and no payment waits for one.
  const webhooks = sweepUntilStopped(() => worker.deliverWebhooks(), log)
  return {
    async stop() {
      await Promise.all([sweeper.stop(), webhooks.stop()])
      await runner.stop()
      await worker.settled()
    },
  }
}

function sweepUntilStopped(work: () => Promise<number>, log: Logger) {
  let stopping = false
  let wakeUp: () => void = () => undefined
  const loop = (async () => {
    while (!stopping) {
      await work().catch((error: unknown) => log.error(error, 'sweep failed'))
      await new Promise<void>((resolve) => {
        wakeUp = resolve
        setTimeout(resolve, SWEEP_MS)
      })
    }
  })()
  return {
    async stop() {
      stopping = true
      wakeUp()
      await loop
    },
  }
}

type QueueOptions = { databaseUrl: string; log: Logger }
