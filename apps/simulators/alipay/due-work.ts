import { Agent } from 'undici'

import { type Context, nowMs } from './context.ts'
import { deliver, nextNotice } from './notices.ts'

const CONNECT_WITHIN_MS = 5_000

/** Work that waits for its time: notices to be delivered. */
export interface DueWork {
  nextDueAt(): Date | null
  /** Does what is due, the earliest first and one after the other. Called again meanwhile, joins in. */
  run(): Promise<number>
  /** Waits for the work in hand, which `stopped` cuts short. */
  stop(): Promise<void>
}

export function createDueWork(context: Context, stopped: AbortSignal): DueWork {
  const dispatcher = new Agent({ connect: { timeout: CONNECT_WITHIN_MS } })
  let running: Promise<number> | null = null
  return {
    nextDueAt() {
      const notice = nextNotice(context)
      return notice && new Date(notice.dueMs)
    },
    run() {
      running ??= runAll().finally(() => (running = null))
      return running
    },
    async stop() {
      // If it fails, whoever called for it is told.
      await running?.catch(() => 0)
      await dispatcher.destroy()
    },
  }

  async function runAll(): Promise<number> {
    const until = nowMs(context)
    let done = 0
    while (!stopped.aborted) {
      const notice = nextNotice(context)
      if (!notice || notice.dueMs > until) break
      await deliver(context, notice, { dispatcher, stopped })
      if (!stopped.aborted) done += 1
    }
    return done
  }
}
