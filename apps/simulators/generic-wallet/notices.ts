import { type Dispatcher, request } from 'undici'

import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../../kernel/time.ts'
import { askFaultPlan, type Context, nowMs } from './context.ts'

/** What follows each failed delivery, and then silence. */
const RETRY_AFTER_MS = [10 * SECOND_MS, MINUTE_MS, 10 * MINUTE_MS, HOUR_MS]
const COPY_AFTER_MS = SECOND_MS
const ANSWER_WITHIN_MS = 5_000 // of real time
const ANSWER_BYTES = 4_096

export type NewNotice = {
  merchantNo: string
  event: 'paid' | 'refunded'
  reference: string
  refundReference: string | null
  url: string
}

/** Notes a notice for delivery. Belongs into the transaction of what it tells of. */
export function createNotice(context: Context, notice: NewNotice): void {
  context.store.run(
    `insert into notice (id, merchant, event, payment_reference, refund_reference, url, status, due_ms)
     values (?, ?, ?, ?, ?, ?, 'waiting', ?)`,
    [
      context.newId(),
      notice.merchantNo,
      notice.event,
      notice.reference,
      notice.refundReference,
      notice.url,
      nowMs(context),
    ],
  )
}

export type DueNotice = {
  sequence: number
  id: string
  merchant: string
  event: 'paid' | 'refunded'
  payment_reference: string
  refund_reference: string | null
  url: string
  status: 'waiting' | 'acknowledged' | 'given_up' | 'lost'
  due_ms: number
  delayed: number
  deliveries: number
  retries: number
  copies_left: number
}

export const nextNotice = ({ store }: Context): DueNotice | null =>
  store.get<DueNotice>(
    'select * from notice where due_ms is not null order by due_ms, sequence limit 1',
  )

/** What a dialect makes of a notice, and what it takes for an acknowledgement. */
export type NoticeForm = {
  write(context: Context, notice: DueNotice): { headers: Record<string, string>; body: string }
  isAcknowledged(status: number, body: string): boolean
}

/** Delivers a notice once, and notes what came of it and when the next delivery is due. */
export async function deliver(
  context: Context,
  form: NoticeForm,
  notice: DueNotice,
  wire: { dispatcher: Dispatcher; stopped: AbortSignal },
): Promise<void> {
  const key = notice.refund_reference ?? notice.payment_reference
  const fault = askFaultPlan(context, `notify ${notice.event}`, key)
  if (fault?.kind === 'lose_notice') return setDue(context, notice, 'lost', null)
  if (fault?.kind === 'delay_notice' && notice.deliveries === 0 && notice.delayed === 0) {
    context.store.run('update notice set delayed = 1, due_ms = ? where sequence = ?', [
      nowMs(context) + fault.ms,
      notice.sequence,
    ])
    return
  }
  const isFirst = notice.deliveries === 0
  const copies = isFirst && fault?.kind === 'duplicate_notice' ? fault.times : 0
  const isAcknowledged = fault?.kind !== 'drop' && (await send(context, form, notice, wire))
  if (wire.stopped.aborted) return
  context.store.transaction(() => note(context, notice, isAcknowledged, copies))
}

async function send(
  context: Context,
  form: NoticeForm,
  notice: DueNotice,
  { dispatcher, stopped }: { dispatcher: Dispatcher; stopped: AbortSignal },
): Promise<boolean> {
  const { headers, body } = form.write(context, notice)
  try {
    const response = await request(notice.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      // A connection kept from before may be to a merchant that has restarted since.
      reset: true,
      dispatcher,
      signal: AbortSignal.any([stopped, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    })
    const text = await response.body.text()
    return form.isAcknowledged(response.statusCode, text.slice(0, ANSWER_BYTES))
  } catch {
    return false
  }
}

function note(context: Context, notice: DueNotice, isAcknowledged: boolean, copies: number): void {
  const copiesLeft = notice.copies_left + copies
  const isSettled = isAcknowledged || notice.status === 'acknowledged'
  const retryAfterMs =
    copiesLeft === 0 && !isSettled ? (RETRY_AFTER_MS[notice.retries] ?? null) : null
  const waitMs = copiesLeft > 0 ? COPY_AFTER_MS : retryAfterMs
  context.store.run(
    `update notice set deliveries = deliveries + 1, copies_left = max(0, ? - 1), retries = retries + ?
     where sequence = ?`,
    [copiesLeft, retryAfterMs === null ? 0 : 1, notice.sequence],
  )
  const status = isSettled ? 'acknowledged' : waitMs === null ? 'given_up' : 'waiting'
  setDue(context, notice, status, waitMs === null ? null : nowMs(context) + waitMs)
}

const setDue = (
  { store }: Context,
  { sequence }: DueNotice,
  status: DueNotice['status'],
  dueMs: number | null,
): void =>
  store.run('update notice set status = ?, due_ms = ? where sequence = ?', [
    status,
    dueMs,
    sequence,
  ])
