import { Agent } from 'undici'

import { type Context, nowMs } from './context.ts'
import { deliver, nextNotice } from './notices.ts'
import { finishDue } from './pay.ts'
import { nextDueTxn, type Txn } from './transactions.ts'

const CONNECT_WITHIN_MS = 5_000

/** Work that waits for its time: payments by code, returns on their way, and notices to be delivered. */
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
      const item = nextItem(context)
      return item && new Date(item.dueMs)
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
      const item = nextItem(context)
      if (!item || item.dueMs > until) break
      if (item.type === 'txn') context.store.transaction(() => finishDue(context, item.txn))
      else await deliver(context, item.notice, { dispatcher, stopped })
      if (!stopped.aborted) done += 1
    }
    return done
  }
}

/** The earliest; of the same instant the transaction, since its notice comes of it. */
function nextItem(context: Context) {
  const txn = nextDueTxn(context)
  const notice = nextNotice(context)
  if (txn && (!notice || dueOf(txn) <= notice.dueMs)) {
    return { type: 'txn' as const, dueMs: dueOf(txn), txn }
  }
  return notice && { type: 'notice' as const, dueMs: notice.dueMs, notice }
}

const dueOf = (txn: Txn): number => txn.dueMs ?? 0
