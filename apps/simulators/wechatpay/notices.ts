import { type Dispatcher, request } from 'undici'

import { randomHex } from '../../../kernel/random.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS, toShanghaiIso } from '../../../kernel/time.ts'
import { type Context, type Merchant, nowMs } from './context.ts'
import { keyOfOrder, keyOfRefund } from './faults.ts'
import { algorithmFor, answerText, seal, schemeOf, sign } from './signing.ts'

/** What follows each failed delivery: 24 h 4 min in all, and then silence. Reference, section 3. */
export const RETRY_AFTER_MS = [
  15 * SECOND_MS,
  15 * SECOND_MS,
  30 * SECOND_MS,
  3 * MINUTE_MS,
  10 * MINUTE_MS,
  20 * MINUTE_MS,
  30 * MINUTE_MS,
  30 * MINUTE_MS,
  30 * MINUTE_MS,
  60 * MINUTE_MS,
  3 * HOUR_MS,
  3 * HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  6 * HOUR_MS,
]

/** Of a mixed order the last comes half a minute after the first. How they lie between is not documented. */
const INSURANCE_RETRY_AFTER_MS = [5 * SECOND_MS, 10 * SECOND_MS, 15 * SECOND_MS]

const retriesOf = (event: EventType): readonly number[] =>
  event === 'MEDICAL_INSURANCE.SUCCESS' ? INSURANCE_RETRY_AFTER_MS : RETRY_AFTER_MS

const ANSWER_WITHIN_MS = 5_000 // of real time
const COPY_AFTER_MS = SECOND_MS
const ANSWER_BYTES = 64 * 1024

/** A signature that begins like this is deliberately wrong: the merchant must not answer 2xx. */
const PROBE_PREFIX = 'WECHATPAY/SIGNTEST/'

export type EventType =
  | 'TRANSACTION.SUCCESS'
  | 'REFUND.SUCCESS'
  | 'REFUND.ABNORMAL'
  | 'MEDICAL_INSURANCE.SUCCESS'

const EVENTS: Record<EventType, { original: string; summary: string }> = {
  'TRANSACTION.SUCCESS': { original: 'transaction', summary: '支付成功' },
  'REFUND.SUCCESS': { original: 'refund', summary: '退款成功' },
  'REFUND.ABNORMAL': { original: 'refund', summary: '退款异常' },
  'MEDICAL_INSURANCE.SUCCESS': { original: 'med_ins_order', summary: '医保混合收款成功' },
}

/** Notes a notice for delivery. Belongs into the transaction of what it tells of. */
export function createNotice(context: Context, event: NewNotice): void {
  const { original, summary } = EVENTS[event.eventType]
  const { mchid, apiV3Key } = event.merchant
  const algorithm = algorithmFor(event.merchant)
  const id = context.newId()
  const nonce = randomHex(context.random, 6)
  const plaintext = JSON.stringify(event.resource)
  const envelope = {
    id,
    create_time: toShanghaiIso(context.clock.now()),
    resource_type: 'encrypt-resource',
    event_type: event.eventType,
    summary,
    resource: {
      original_type: original,
      algorithm,
      ciphertext: seal(plaintext, { apiV3Key, nonce, associatedData: original }, algorithm),
      associated_data: original,
      nonce,
    },
  }
  const faultKey =
    event.outRefundNo === null
      ? keyOfOrder(context, mchid, event.outTradeNo)
      : keyOfRefund(context, mchid, event.outRefundNo)
  context.store.run(
    `insert into notice (id, mchid, event_type, fault_key, url, body, status, due_ms)
     values (?, ?, ?, ?, ?, ?, 'waiting', ?)`,
    [id, mchid, event.eventType, faultKey, event.url, JSON.stringify(envelope), nowMs(context)],
  )
}

export type NewNotice = {
  eventType: EventType
  merchant: Merchant
  outTradeNo: string
  /** Set for a refund's notice. */
  outRefundNo: string | null
  url: string
  resource: object
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
 * Faults: lose_notice ends it undelivered, delay_notice puts the first delivery off,
 * duplicate_notice adds copies of the first, a second apart, drop loses this one delivery, and garble sends it as
 * a signature probe, which never counts as acknowledged.
 * Errors: none. A delivery that `stopped` cut short is not noted, and is made again after a restart.
 */
export async function deliver(
  context: Context,
  notice: DueNotice,
  wire: { dispatcher: Dispatcher; stopped: AbortSignal },
): Promise<void> {
  const fault = context.faults({
    simulator: 'wechat',
    operation: `notify ${notice.event_type}`,
    key: notice.fault_key,
    attempt: notice.deliveries + 1,
  })
  if (fault?.kind === 'lose_notice') {
    return setDue(context, notice.sequence, { status: 'lost', dueMs: null })
  }
  if (fault?.kind === 'delay_notice' && notice.deliveries === 0 && notice.delayed === 0) {
    const dueMs = nowMs(context) + fault.ms
    return context.store.run('update notice set delayed = 1, due_ms = ? where sequence = ?', [
      dueMs,
      notice.sequence,
    ])
  }
  // Copies are deliveries too: if each could bring copies of its own, a lasting fault would never end.
  const isFirst = notice.deliveries === 0
  const copies = isFirst && fault?.kind === 'duplicate_notice' ? fault.times : 0
  const delivery: Delivery =
    fault?.kind === 'drop'
      ? { outcome: 'cut', status: null }
      : await send(context, notice, { ...wire, isProbe: fault?.kind === 'garble' })
  if (wire.stopped.aborted) return
  context.store.transaction(() => note(context, notice, delivery, copies))
}

async function send(
  context: Context,
  notice: DueNotice,
  wire: { dispatcher: Dispatcher; stopped: AbortSignal; isProbe: boolean },
): Promise<Delivery> {
  try {
    const response = await request(notice.url, {
      method: 'POST',
      headers: noticeHeaders(context, notice, wire.isProbe),
      body: notice.body,
      // A connection kept from before may be to a merchant that has restarted since.
      reset: true,
      dispatcher: wire.dispatcher,
      signal: AbortSignal.any([wire.stopped, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    })
    await response.body.dump({ limit: ANSWER_BYTES })
    const status = response.statusCode
    if (wire.isProbe) return { outcome: 'probe', status }
    return { outcome: status === 200 || status === 204 ? 'acknowledged' : 'refused', status }
  } catch {
    return { outcome: 'no_answer', status: null }
  }
}

function noticeHeaders(context: Context, { mchid, body }: DueNotice, isProbe: boolean) {
  const timestamp = String(Math.floor(nowMs(context) / SECOND_MS))
  const nonce = randomHex(context.random, 16)
  const merchant = context.merchants.get(mchid)
  const isSm = merchant !== undefined && algorithmFor(merchant) === 'AEAD_SM4_GCM'
  const { privateKey, serial } = context.platform.signer(isSm)
  const signature = sign(privateKey, answerText(timestamp, nonce, body))
  return {
    'content-type': 'application/json',
    accept: '*/*',
    'user-agent': 'Mozilla/4.0',
    'wechatpay-timestamp': timestamp,
    'wechatpay-nonce': nonce,
    'wechatpay-signature': isProbe ? PROBE_PREFIX + signature : signature,
    'wechatpay-signature-type': schemeOf(privateKey),
    'wechatpay-serial': serial,
  }
}

function note(context: Context, notice: DueNotice, delivery: Delivery, copies: number) {
  const number = notice.deliveries + 1
  const copiesLeft = notice.copies_left + copies
  context.store.run(
    `insert into delivery (notice_sequence, number, at_ms, outcome, status)
     values (?, ?, ?, ?, ?)`,
    [notice.sequence, number, nowMs(context), delivery.outcome, delivery.status],
  )
  const isAcknowledged = delivery.outcome === 'acknowledged' || notice.status === 'acknowledged'
  const isRetryDue = copiesLeft === 0 && !isAcknowledged
  const retryAfterMs = isRetryDue ? (retriesOf(notice.event_type)[notice.retries] ?? null) : null
  const waitMs = copiesLeft > 0 ? COPY_AFTER_MS : retryAfterMs
  context.store.run(
    `update notice set deliveries = ?, copies_left = max(0, ? - 1),
       retries = retries + ? where sequence = ?`,
    [number, copiesLeft, retryAfterMs === null ? 0 : 1, notice.sequence],
  )
  setDue(context, notice.sequence, {
    status: isAcknowledged ? 'acknowledged' : waitMs === null ? 'given_up' : 'waiting',
    dueMs: waitMs === null ? null : nowMs(context) + waitMs,
  })
}

const setDue = (
  context: Context,
  sequence: number,
  { status, dueMs }: { status: NoticeStatus; dueMs: number | null },
) =>
  context.store.run('update notice set status = ?, due_ms = ? where sequence = ?', [
    status,
    dueMs,
    sequence,
  ])

/** Every notice with its deliveries, oldest first. */
export function listNotices({ store }: Context): Notice[] {
  const rows = store.all<NoticeRow>('select * from notice order by sequence')
  return rows.map((row) => ({
    id: row.id,
    mchid: row.mchid,
    eventType: row.event_type,
    faultKey: row.fault_key,
    url: row.url,
    status: row.status,
    deliveries: store
      .all<{ at_ms: number; outcome: Delivery['outcome']; status: number | null }>(
        `select at_ms, outcome, status from delivery where notice_sequence = ? order by number`,
        [row.sequence],
      )
      .map(({ at_ms: atMs, ...delivery }) => ({ at: new Date(atMs), ...delivery })),
  }))
}

export type Notice = {
  id: string
  mchid: string
  eventType: EventType
  faultKey: string
  url: string
  status: NoticeStatus
  deliveries: ({ at: Date } & Delivery)[]
}

export type NoticeStatus = 'waiting' | 'acknowledged' | 'given_up' | 'lost'

/** 'cut' and 'probe' come of faults; 'no_answer' is a refused connection or five seconds' silence. */
export type Delivery = {
  outcome: 'acknowledged' | 'refused' | 'no_answer' | 'cut' | 'probe'
  status: number | null
}

export type DueNotice = NoticeRow & { dueMs: number }

type NoticeRow = {
  sequence: number
  id: string
  mchid: string
  event_type: EventType
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
