import type { HospitalId, NewId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Events } from '../../platform/events.ts'
import type { PaymentId, RefundId } from '../payments/index.ts'
import { admittedNow } from './application-store.ts'
import { insertDeliveries } from './delivery-store.ts'
import type { Delivery, PartnerEvent } from './delivery.ts'
import type { PartnerDependencies } from './dependencies.ts'
import { endpointsAt } from './endpoint-store.ts'
import { insertEvent, isKnownEvent, lockCounter, setCounter } from './event-store.ts'
import { type EventType, mayHear } from './event-type.ts'

export async function onPaymentEnded(
  deps: PartnerDependencies,
  event: Events['payments.ended'],
): Promise<void> {
  const { facts } = deps
  const { hospitalId, paymentId, status } = event
  const type = TYPE_OF_PAYMENT[status]
  if (!type || !(await isHeard(deps, hospitalId, type))) return
  const payment = await facts.payment(hospitalId, paymentId as PaymentId)
  if (!payment) return
  // The status that the event is about: the payment has not left it, as nothing follows one of these.
  const data = { paymentId, ...payment, status }
  await record(deps, hospitalId, { type, dedupeKey: `payment:${paymentId}:${status}`, data })
}

export async function onRefundEnded(
  deps: PartnerDependencies,
  event: Events['refunds.ended'],
): Promise<void> {
  const { facts } = deps
  const { hospitalId, refundId, paymentId, status } = event
  if (status !== 'succeeded' && status !== 'refused') return
  const refund = await facts.refund(hospitalId, refundId as RefundId)
  if (!refund) return
  // What hospital or payer asked for is a refund; what we gave back by ourselves, a payment that came to nothing.
  const ended = status === 'succeeded' ? 'refund.succeeded' : 'refund.refused'
  const type = refund.cause === 'requested' ? ended : 'payment.returned'
  if (type === 'payment.returned' && status !== 'succeeded') return
  const data = { refundId, paymentId, ...refund, status }
  await record(deps, hospitalId, { type, dedupeKey: `refund:${refundId}:${status}`, data })
}

/** To those who ask for a top-up: the account by the hospital's number of the stay, and not whose it is. */
export async function onDepositLow(
  deps: PartnerDependencies,
  { hospitalId, at, ...data }: Events['deposits.low'],
): Promise<void> {
  const dedupeKey = `deposit:${data.accountId}:${at}`
  await record(deps, hospitalId, { type: 'deposit.low', dedupeKey, data })
}

/** Of what a hospital's system tells, what a patient waits for: by the hospital's number, and not whose it is. */
export async function onNoticeHeard(
  deps: PartnerDependencies,
  { hospitalId, noticeNo, kind, about }: Events['hospitals.notice_heard'],
): Promise<void> {
  const { billNo, reportNo } = about as { billNo?: string; reportNo?: string }
  const dedupeKey = `notice:${noticeNo}`
  if (kind === 'bill.changed' && billNo !== undefined) {
    await record(deps, hospitalId, { type: kind, dedupeKey, data: { billNo } })
  } else if (kind === 'report.ready' && reportNo !== undefined) {
    await record(deps, hospitalId, { type: kind, dedupeKey, data: { reportNo } })
  }
}

/** A day may be closed more than once: each time that new lists had it compared anew. */
export async function onDayClosed(deps: PartnerDependencies, event: DayClosed): Promise<void> {
  const { hospitalId, date, closedAt } = event
  const dedupeKey = `day:${date}:${closedAt}`
  await record(deps, hospitalId, {
    type: 'reconciliation.day_closed',
    dedupeKey,
    data: { date, closedAt },
  })
}

export async function onDifferenceOpened(
  deps: PartnerDependencies,
  { hospitalId, ...data }: DifferenceOpened,
): Promise<void> {
  const dedupeKey = `difference:${data.differenceId}`
  await record(deps, hospitalId, { type: 'reconciliation.difference_opened', dedupeKey, data })
}

export async function onCaseOverdue(
  deps: PartnerDependencies,
  { hospitalId, caseId, class: cls, amountFen, reminderNo }: Events['reconciliation.case_overdue'],
): Promise<void> {
  const data = { caseId, class: cls, amountFen, reminderNo }
  const dedupeKey = `case:${caseId}:${reminderNo}`
  await record(deps, hospitalId, { type: 'reconciliation.case_overdue', dedupeKey, data })
}

/** A list that comes as a file is late. What came of asking for it is for the hospital alone. */
export async function onListLate(deps: PartnerDependencies, list: ListAwaited): Promise<void> {
  await onListAwaited(deps, 'statements.late', list)
}

export async function onListMissing(deps: PartnerDependencies, list: ListAwaited): Promise<void> {
  await onListAwaited(deps, 'statements.missing', list)
}

async function onListAwaited(
  deps: PartnerDependencies,
  type: 'statements.late' | 'statements.missing',
  { hospitalId, source, date, state }: ListAwaited,
): Promise<void> {
  const dedupeKey = `${type}:${source}:${date}`
  await record(deps, hospitalId, { type, dedupeKey, data: { source, date, state } })
}

/** Spares the look at the payment where nobody listens. */
function isHeard(
  deps: PartnerDependencies,
  hospitalId: HospitalId,
  type: EventType,
): Promise<boolean> {
  const { db } = deps
  return inHospital(db, hospitalId, async (tx) => {
    const admitted = await admittedNow(tx, hospitalId)
    return [...admitted.values()].some((scopes) => mayHear(scopes, type))
  })
}

async function record(
  deps: PartnerDependencies,
  hospitalId: HospitalId,
  fact: Fact,
): Promise<void> {
  const { db, clock, newId } = deps
  await inHospital(db, hospitalId, async (tx) => {
    const admitted = await admittedNow(tx, hospitalId)
    const hearers = new Set(
      [...admitted].filter(([, scopes]) => mayHear(scopes, fact.type)).map(([id]) => id),
    )
    if (hearers.size === 0) return
    const last = await lockCounter(tx, hospitalId)
    if (await isKnownEvent(tx, hospitalId, fact.dedupeKey)) return
    const event = await addEvent(deps, tx, hospitalId, last + 1, fact)
    const endpoints = (await endpointsAt(tx, hospitalId)).filter(
      ({ applicationId, eventTypes }) =>
        hearers.has(applicationId) && eventTypes.includes(event.type),
    )
    const deliveries = endpoints.map(({ id, status }) =>
      newDelivery(newId, event, id, status === 'active', clock.now()),
    )
    await insertDeliveries(tx, deliveries)
  })
}

async function addEvent(
  deps: PartnerDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  sequence: number,
  fact: Fact,
): Promise<PartnerEvent> {
  const { clock, newId } = deps
  const { type, data, dedupeKey } = fact
  const id = newId<'PartnerEvent'>()
  const event = { hospitalId, id, sequence, type, data, occurredAt: clock.now() }
  await setCounter(tx, hospitalId, sequence)
  await insertEvent(tx, event, dedupeKey)
  return event
}

/** Due now, or held while its endpoint is switched off. */
export function newDelivery(
  newId: NewId,
  { hospitalId, id: eventId, type: eventType }: PartnerEvent,
  endpointId: Delivery['endpointId'],
  isDue: boolean,
  now: Date,
): Delivery {
  return {
    hospitalId,
    id: newId<'Delivery'>(),
    endpointId,
    eventId,
    eventType,
    status: isDue ? 'pending' : 'held',
    round: 1,
    attempts: 0,
    dueAt: isDue ? now : null,
    lastOutcome: null,
    lastStatus: null,
    lastError: null,
    createdAt: now,
    endedAt: null,
  }
}

/** What a receiver is told and a reader reads. Fields are added to it; none changes its meaning under one version. */
export const viewOfEvent = (event: PartnerEvent) => ({
  id: event.id,
  type: event.type,
  version: EVENT_VERSION,
  sequence: event.sequence,
  occurredAt: event.occurredAt.toISOString(),
  hospitalId: event.hospitalId,
  data: { ...event.data } as Record<string, string | number | null>,
})

const EVENT_VERSION = '1'

const TYPE_OF_PAYMENT: Partial<Record<string, EventType>> = {
  succeeded: 'payment.succeeded',
  failed: 'payment.failed',
  closed: 'payment.closed',
}

type Fact = { type: EventType; dedupeKey: string; data: object }

export type DayClosed = { hospitalId: HospitalId; date: BusinessDate; closedAt: string }

export type ListAwaited = {
  hospitalId: HospitalId
  source: string
  date: BusinessDate
  state: string
}

export type DifferenceOpened = {
  hospitalId: HospitalId
  differenceId: string
  date: BusinessDate
  source: string
  class: string
  oursFen: Fen
  theirsFen: Fen
}
