import { Agent } from 'undici'

import { type Context, nowMs } from './context.ts'
import { deliver, nextNotice, type NoticeForm } from './notices.ts'
import { finishRefund, nextRefund } from './refunds.ts'

const CONNECT_WITHIN_MS = 5_000

/** Work that waits for its time: refunds to be paid out and notices to be delivered. */
export interface DueWork {
  nextDueAt(): Date | null
  /** Does what is due, the earliest first and one after the other. Called again meanwhile, joins in. */
  run(): Promise<number>
  stop(): Promise<void>
}

export function createDueWork(context: Context, form: NoticeForm, stopped: AbortSignal): DueWork {
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
      if (item.type === 'refund') {
        context.store.transaction(() => finishRefund(context, item.merchantNo, item.reference))
      } else await deliver(context, form, item.notice, { dispatcher, stopped })
      if (!stopped.aborted) done += 1
    }
    return done
  }
}

/** The earliest; of the same instant the refund, since its notice comes of it. */
function nextItem(context: Context) {
  const refund = nextRefund(context)
  const notice = nextNotice(context)
  if (refund && (!notice || refund.dueMs <= notice.due_ms)) {
    return { type: 'refund' as const, ...refund }
  }
  return notice && { type: 'notice' as const, dueMs: notice.due_ms, notice }
}
