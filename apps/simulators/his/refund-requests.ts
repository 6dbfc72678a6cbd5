import { addMs, MINUTE_MS, SECOND_MS } from '../../../kernel/time.ts'
import type { Fault, FaultPlan } from '../kit/simulator.ts'
import { assertLinesFree, getBill } from './bill-rows.ts'
import { type His, nextNumber } from './context.ts'
import { hisErrors } from './errors.ts'
import { countAttempt } from './memory.ts'

/** What became of one sending; `queued` is to be sent again. */
export type Delivery = {
  status: 'queued' | 'acknowledged' | 'refused' | 'lost'
  outcome: string | null
}

/** The hub as the hospital asks it for refunds, through the face's own way of asking. */
export type HubClient = {
  /** Never throws: a call without an answer is to be made again. */
  requestRefund(wish: object, signal: AbortSignal): Promise<Delivery>
  close(): Promise<void>
}

/** A wish of the hospital's that the hub give money back, and what became of it. */
export type RefundRequest = {
  requestNo: string
  paymentNo: string
  billNo: string
  lineNos: number[]
  reason: string
  /** `refused` by the hub, `lost` by a fault; neither is sent again. */
  status: Delivery['status']
  attempts: number
  /** The hub's number of the refund, or the code or failure it answered last. */
  outcome: string | null
}

export type RefundRequests = ReturnType<typeof createRefundRequests>

/** Asks the hub for refunds, again and again until it has answered. Without a hub it asks none. */
export function createRefundRequests(his: His, hub: HubClient | null, faults: FaultPlan) {
  const { store, clock } = his
  const stopping = new AbortController()
  let sending: Promise<number> | null = null

  return { ask, nextDueAt, sendDue, stop }

  /** Errors: no hub, a bill that is not paid, a line that is not free or was just asked for. */
  function ask(billNo: string, lineNos: readonly number[], reason: string): string {
    if (!hub) throw hisErrors.hub_unknown()
    return store.transaction(() => queueRequest(his, { billNo, lineNos, reason }))
  }

  function nextDueAt(): Date | null {
    if (!hub) return null
    const sql = 'select min(due_at) as due_at from refund_request where due_at is not null'
    const due = store.get<{ due_at: string | null }>(sql)?.due_at ?? null
    return due === null ? null : new Date(due)
  }

  /** Sends each that is due once. A call while another is at it waits for that one. */
  async function sendDue(): Promise<number> {
    if (sending) return sending.then(() => 0)
    sending = sendAllDue()
    try {
      return await sending
    } finally {
      sending = null
    }
  }

  async function stop(): Promise<void> {
    stopping.abort()
    await sending
    await hub?.close()
  }

  async function sendAllDue(): Promise<number> {
    if (!hub) return 0
    const sql = 'select * from refund_request where due_at <= ? order by due_at, request_no'
    const due = store.all<RequestRow>(sql, clock.now().toISOString()).map(toRequest)
    for (const wish of due) if (!stopping.signal.aborted) await attempt(hub, wish)
    return due.length
  }

  async function attempt(to: HubClient, wish: RefundRequest): Promise<void> {
    const { billNo } = wish
    const count = countAttempt(store, OPERATION, billNo)
    const fault = faults({ simulator: 'his', operation: OPERATION, key: billNo, attempt: count })
    const delivery = await deliver(to, wish, fault, stopping.signal)
    // A stopped delivery is none: the request is still queued when the HIS starts again.
    if (stopping.signal.aborted) return
    const delayMs = fault?.kind === 'delay_notice' ? fault.ms : waitAfter(wish.attempts)
    recordAttempt(his, wish, delivery, addMs(clock.now(), delayMs))
  }
}

export const listRefundRequests = ({ store }: His): RefundRequest[] =>
  store.all<RequestRow>('select * from refund_request order by request_no').map(toRequest)

/** Faults that are about answers and not about sending change nothing here. */
async function deliver(
  hub: HubClient,
  { requestNo, paymentNo, billNo, lineNos, reason }: RefundRequest,
  fault: Fault | null,
  signal: AbortSignal,
): Promise<Delivery> {
  const lines = lineNos.map((lineNo) => ({ lineNo }))
  const body = { requestNo, paymentNo, billNo, lines, reason }
  const kind = fault?.kind
  if (kind === 'lose_notice') return { status: 'lost', outcome: kind }
  if (kind === 'drop' || kind === 'delay_notice') return { status: 'queued', outcome: kind }
  if (fault?.kind === 'duplicate_notice') {
    for (let i = 1; i < fault.times; i++) await hub.requestRefund(body, signal)
  }
  const delivery = await hub.requestRefund(body, signal)
  return kind === 'lose_answer' ? { status: 'queued', outcome: kind } : delivery
}

/** 5 s after the first attempt, then twice as long each time, and never more than 10 minutes. */
const waitAfter = (attemptsBefore: number): number =>
  Math.min(FIRST_WAIT_MS * 2 ** attemptsBefore, LONGEST_WAIT_MS)

function recordAttempt(
  { store }: His,
  { requestNo, attempts }: RefundRequest,
  { status, outcome }: Delivery,
  nextAt: Date,
): void {
  const dueAt = status === 'queued' ? nextAt.toISOString() : null
  const sql = `update refund_request set status = ?, attempts = ?, due_at = ?, outcome = ?
    where request_no = ?`
  store.run(sql, status, attempts + 1, dueAt, outcome, requestNo)
}

function queueRequest(
  his: His,
  { billNo, lineNos, reason }: { billNo: string; lineNos: readonly number[]; reason: string },
): string {
  const { store, clock } = his
  const bill = getBill(his, billNo)
  const { paymentNo } = bill
  assertLinesFree(bill, lineNos)
  if (paymentNo === null) throw hisErrors.bill_not_paid({ billNo, status: bill.status })
  if (reason.length < 1 || reason.length > MAX_REASON) {
    throw hisErrors.reason_invalid({ limit: MAX_REASON })
  }
  const pending = `select * from refund_request where bill_no = ? and status = 'queued'`
  const queued = store.all<RequestRow>(pending, billNo).map(toRequest)
  const asked = lineNos.find((lineNo) => queued.some((r) => r.lineNos.includes(lineNo)))
  if (asked !== undefined) throw hisErrors.line_asked_for({ billNo, lineNo: asked })

  const requestNo = nextNumber(his, 'refundRequest')
  const sql = `insert into refund_request values (?, ?, ?, ?, ?, 'queued', 0, ?, null)`
  const now = clock.now().toISOString()
  store.run(sql, requestNo, paymentNo, billNo, JSON.stringify(lineNos), reason, now)
  return requestNo
}

const toRequest = (row: RequestRow): RefundRequest => ({
  requestNo: row.request_no,
  paymentNo: row.payment_no,
  billNo: row.bill_no,
  lineNos: JSON.parse(row.lines) as number[],
  reason: row.reason,
  status: row.status,
  attempts: row.attempts,
  outcome: row.outcome,
})

const OPERATION = 'refund-requests'
const MAX_REASON = 200
const FIRST_WAIT_MS = 5 * SECOND_MS
const LONGEST_WAIT_MS = 10 * MINUTE_MS

type RequestRow = {
  request_no: string
  payment_no: string
  bill_no: string
  lines: string
  reason: string
  status: RefundRequest['status']
  attempts: number
  outcome: string | null
}
