import { type Dispatcher, request } from 'undici'

import { addFen, toYuanText } from '../../../kernel/money.ts'
import { randomHex } from '../../../kernel/random.ts'
import { HOUR_MS, MINUTE_MS, SECOND_MS, toShanghaiText } from '../../../kernel/time.ts'
import { type App, type Context, nowMs } from './context.ts'
import { keyOf, SIMULATOR } from './faults.ts'
import { listRefundsOf, type Refund } from './refund.ts'
import { noticeText, sign } from './signing.ts'
import { paidFields, type Trade } from './trade.ts'
import { findWallet, payerFields } from './wallets.ts'

/** What follows each failed delivery: two quick repeats, then ever later for a day. Reference, section 4. */
const RETRY_AFTER_MS = [
  2 * SECOND_MS,
  2 * SECOND_MS,
  4 * MINUTE_MS,
  10 * MINUTE_MS,
  10 * MINUTE_MS,
  HOUR_MS,
  2 * HOUR_MS,
  6 * HOUR_MS,
  15 * HOUR_MS,
]

const ANSWER_WITHIN_MS = 5_000 // of real time
const COPY_AFTER_MS = SECOND_MS
const ANSWER_BYTES = 64 * 1024

/** Notes the notice of a payment, or of a refund of one. Belongs into the transaction of what it tells of. */
export function createTradeNotice(
  context: Context,
  app: App,
  trade: Trade,
  refund: Refund | null,
): void {
  const wallet = trade.buyerId === null ? null : findWallet(context, trade.buyerId)
  const { buyer_user_id: buyerId, ...payer } = payerFields(app, wallet, 'buyer') as Texts
  const refunds = listRefundsOf(context, trade).map((each) => each.amountFen)
  const total = toYuanText(trade.totalFen)
  const { fund_bill_list: fundBills, ...paid } = paidFields(trade)
  createNotice(context, app, {
    url: trade.notifyUrl,
    subject: trade.outTradeNo,
    values: {
      notify_type: 'trade_status_sync',
      ...payer,
      ...(buyerId && { buyer_id: buyerId }),
      seller_id: app.sellerId,
      seller_email: `${app.sellerId}@example.com`,
      trade_no: trade.tradeNo ?? '',
      out_trade_no: trade.outTradeNo,
      trade_status: trade.state,
      subject: trade.subject,
      total_amount: total,
      ...paid,
      invoice_amount: total,
      point_amount: '0.00',
      fund_bill_list: JSON.stringify(fundBills).replaceAll('fund_channel', 'fundChannel'),
      gmt_create: toShanghaiText(trade.createdAt),
      ...(trade.paidAt && { gmt_payment: toShanghaiText(trade.paidAt) }),
      ...(refund && {
        out_biz_no: refund.outRequestNo,
        refund_fee: toYuanText(addFen(...refunds)),
        gmt_refund: `${toShanghaiText(refund.at)}.000`,
      }),
      ...(trade.closedAt && { gmt_close: toShanghaiText(trade.closedAt) }),
    },
  })
}

type Texts = Record<string, string>

/** Notes a notice for delivery; none when the merchant named no address for it. */
export function createNotice(
  context: Context,
  app: App,
  { url, subject, values }: { url: string; subject: string; values: Texts },
): void {
  if (url === '') return
  const serial = context.store.nextSerial('notice')
  const day = toShanghaiText(context.clock.now()).slice(0, 10).replaceAll('-', '')
  const id = `${day}${randomHex(context.random, 8)}${String(serial).padStart(8, '0')}`
  const content = { ...values, notify_id: id, app_id: app.appId, auth_app_id: app.appId }
  context.store.run(
    `insert into notice (id, app_id, subject, fault_key, url, content, status, due_ms)
     values (?, ?, ?, ?, ?, ?, 'waiting', ?)`,
    [
      id,
      app.appId,
      subject,
      keyOf(context, app.appId, subject),
      url,
      JSON.stringify(content),
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
 * the first, a second apart, drop loses this one delivery, and garble sends it with another's signature, which never
 * counts as acknowledged.
 * Errors: none. A delivery that `stopped` cut short is not noted, and is made again after a restart.
 */
export async function deliver(
  context: Context,
  notice: DueNotice,
  wire: { dispatcher: Dispatcher; stopped: AbortSignal },
): Promise<void> {
  const { deliveries, sequence } = notice
  const fault = context.faults({
    simulator: SIMULATOR,
    operation: 'notify',
    key: notice.fault_key,
    attempt: deliveries + 1,
  })
  if (fault?.kind === 'lose_notice') {
    return setDue(context, sequence, { status: 'lost', dueMs: null })
  }
  if (fault?.kind === 'delay_notice' && deliveries === 0 && notice.delayed === 0) {
    return context.store.run('update notice set delayed = 1, due_ms = ? where sequence = ?', [
      nowMs(context) + fault.ms,
      sequence,
    ])
  }
  // Copies are deliveries too: if each could bring copies of its own, a lasting fault would never end.
  const copies = deliveries === 0 && fault?.kind === 'duplicate_notice' ? fault.times : 0
  const delivery: Delivery =
    fault?.kind === 'drop'
      ? { outcome: 'cut', status: null }
      : await send(context, notice, { ...wire, isSpoilt: fault?.kind === 'garble' })
  if (wire.stopped.aborted) return
  context.store.transaction(() => note(context, notice, delivery, copies))
}

async function send(
  context: Context,
  notice: DueNotice,
  wire: { dispatcher: Dispatcher; stopped: AbortSignal; isSpoilt: boolean },
): Promise<Delivery> {
  const form = signedForm(context, notice, wire.isSpoilt)
  try {
    const response = await request(notice.url, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: new URLSearchParams(form).toString(),
      // A connection kept from before may be to a merchant that has restarted since.
      reset: true,
      dispatcher: wire.dispatcher,
      signal: AbortSignal.any([wire.stopped, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    })
    const answer = await readAtMost(response.body, ANSWER_BYTES)
    const status = response.statusCode
    if (wire.isSpoilt) return { outcome: 'spoilt', status }
    return { outcome: status === 200 && answer === 'success' ? 'acknowledged' : 'refused', status }
  } catch {
    return { outcome: 'no_answer', status: null }
  }
}

async function readAtMost(body: AsyncIterable<Buffer>, limit: number): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    size += chunk.length
    if (size > limit) break
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function signedForm(context: Context, notice: DueNotice, isSpoilt: boolean): Texts {
  const values: Texts = {
    ...(JSON.parse(notice.content) as Texts),
    notify_time: toShanghaiText(context.clock.now()),
    charset: 'utf-8',
    version: '1.0',
    sign_type: 'RSA2',
  }
  const text = noticeText(values, 'V1')
  return { ...values, sign: sign(context.platform.privateKey, isSpoilt ? `${text} ` : text) }
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
  const retryAfterMs = isRetryDue ? (RETRY_AFTER_MS[notice.retries] ?? null) : null
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
    appId: row.app_id,
    subject: row.subject,
    content: JSON.parse(row.content) as Texts,
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
  appId: string
  /** The merchant's number of what it is about. */
  subject: string
  content: Texts
  url: string
  status: NoticeStatus
  deliveries: ({ at: Date } & Delivery)[]
}

export type NoticeStatus = 'waiting' | 'acknowledged' | 'given_up' | 'lost'

/** 'cut' and 'spoilt' come of faults; 'no_answer' is a refused connection or five seconds' silence. */
export type Delivery = {
  outcome: 'acknowledged' | 'refused' | 'no_answer' | 'cut' | 'spoilt'
  status: number | null
}

export type DueNotice = NoticeRow & { dueMs: number }

type NoticeRow = {
  sequence: number
  id: string
  app_id: string
  subject: string
  fault_key: string
  url: string
  content: string
  status: NoticeStatus
  due_ms: number | null
  delayed: number
  deliveries: number
  retries: number
  copies_left: number
}
