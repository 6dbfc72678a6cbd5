import { type Dispatcher, request } from 'undici'

import { assert } from '../../../kernel/assert.ts'
import { MINUTE_MS, SECOND_MS } from '../../../kernel/time.ts'
import { noticeFields, typesOf } from './answers.ts'
import { type Context, nowMs } from './context.ts'
import { keyOf } from './faults.ts'
import { toFormText } from './message.ts'
import type { Txn } from './transactions.ts'

/** What follows each failed delivery: five in all, and then silence. */
const RETRY_AFTER_MS = [MINUTE_MS, 2 * MINUTE_MS, 4 * MINUTE_MS, 5 * MINUTE_MS]

const ANSWER_WITHIN_MS = 10_000 // of real time
const COPY_AFTER_MS = SECOND_MS
const ANSWER_BYTES = 64 * 1024

/** Notes a notice for delivery. Belongs into the transaction of what it tells of. */
export function createNotice(context: Context, txn: Txn): void {
  if (txn.backUrl === '') return
  const merchant = context.merchants.get(txn.merId)
  assert(merchant, `the merchant of ${txn.orderId} is served`)
  context.store.run(
    `insert into notice (mer_id, txn_type, order_id, fault_key, url, body, status, due_ms)
     values (?, ?, ?, ?, ?, ?, 'waiting', ?)`,
    [
      txn.merId,
      typesOf(txn).txnType,
      txn.orderId,
      keyOf(context, txn.merId, txn.orderId),
      txn.backUrl,
      toFormText(noticeFields(merchant, txn)),
      nowMs(context),
    ],
  )
}

/** The notice that is to be delivered next. */
export function nextNotice({ store }: Context): DueNotice | null {
  const row = store.get<NoticeRow>(
    'select * from notice where due_ms is not null order by due_ms, sequence limit 1',
  )
  return row && { ...row, dueMs: row.due_ms ?? 0 }
}

/**
 * Delivers a notice once, and notes what came of it and when the next delivery is due.
 *
 * Faults: lose_notice ends it undelivered, delay_notice puts the first delivery off, duplicate_notice adds copies of
 * the first, a second apart, and drop loses this one delivery.
 * Errors: none. A delivery that `stopped` cut short is not noted, and is made again after a restart.
 */
export async function deliver(
  context: Context,
  notice: DueNotice,
  wire: { dispatcher: Dispatcher; stopped: AbortSignal },
): Promise<void> {
  const fault = context.faults({
    simulator: 'unionpay',
    operation: `notify ${notice.txn_type}`,
    key: notice.fault_key,
    attempt: notice.deliveries + 1,
  })
  if (fault?.kind === 'lose_notice') return setDue(context, notice.sequence, 'lost', null)
  if (fault?.kind === 'delay_notice' && notice.deliveries === 0 && notice.delayed === 0) {
    context.store.run('update notice set delayed = 1 where sequence = ?', [notice.sequence])
    return setDue(context, notice.sequence, 'waiting', nowMs(context) + fault.ms)
  }
  const isFirst = notice.deliveries === 0
  const copies = isFirst && fault?.kind === 'duplicate_notice' ? fault.times : 0
  const isAcknowledged = fault?.kind === 'drop' ? false : await send(notice, wire)
  if (wire.stopped.aborted) return
  context.store.transaction(() => note(context, notice, isAcknowledged, copies))
}

/** UnionPay takes 200 and 302 for an acknowledgement, whatever the body says. */
async function send(
  notice: DueNotice,
  { dispatcher, stopped }: { dispatcher: Dispatcher; stopped: AbortSignal },
): Promise<boolean> {
  try {
    const response = await request(notice.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
      body: notice.body,
      // A connection kept from before may be to a merchant that has restarted since.
      reset: true,
      dispatcher,
      signal: AbortSignal.any([stopped, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    })
    await response.body.dump({ limit: ANSWER_BYTES })
    return response.statusCode === 200 || response.statusCode === 302
  } catch {
    return false
  }
}

function note(context: Context, notice: DueNotice, isHeard: boolean, copies: number): void {
  const copiesLeft = notice.copies_left + copies
  const isAcknowledged = isHeard || notice.status === 'acknowledged'
  const retryAfterMs =
    copiesLeft === 0 && !isAcknowledged ? (RETRY_AFTER_MS[notice.retries] ?? null) : null
  const waitMs = copiesLeft > 0 ? COPY_AFTER_MS : retryAfterMs
  context.store.run(
    `update notice set deliveries = deliveries + 1, copies_left = max(0, ? - 1),
       retries = retries + ? where sequence = ?`,
    [copiesLeft, retryAfterMs === null ? 0 : 1, notice.sequence],
  )
  const status = isAcknowledged ? 'acknowledged' : waitMs === null ? 'given_up' : 'waiting'
  setDue(context, notice.sequence, status, waitMs === null ? null : nowMs(context) + waitMs)
}

function setDue(
  context: Context,
  sequence: number,
  status: NoticeStatus,
  dueMs: number | null,
): void {
  context.store.run('update notice set status = ?, due_ms = ? where sequence = ?', [
    status,
    dueMs,
    sequence,
  ])
}

export const listNotices = ({ store }: Context): Notice[] =>
  store.all<NoticeRow>('select * from notice order by sequence').map((row) => ({
    merId: row.mer_id,
    txnType: row.txn_type,
    orderId: row.order_id,
    status: row.status,
    deliveries: row.deliveries,
  }))

export type Notice = {
  merId: string
  txnType: string
  orderId: string
  status: NoticeStatus
  deliveries: number
}

export type NoticeStatus = 'waiting' | 'acknowledged' | 'given_up' | 'lost'

export type DueNotice = NoticeRow & { dueMs: number }

type NoticeRow = {
  sequence: number
  mer_id: string
  txn_type: string
  order_id: string
  fault_key: string
  url: string
  body: string
  status: NoticeStatus
  due_ms: number | null
  delayed: number
  deliveries: number
  retries: number
  copies_left: number
}
