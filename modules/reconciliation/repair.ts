import { AppError } from '../../kernel/error.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { addMs } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import { type Exchange, saveExchanges } from '../../platform/exchange.ts'
import { systemActor } from '../../platform/principal.ts'
import type { DeskAnswer } from '../payments/index.ts'
import { endCaseWithoutGround } from './cases.ts'
import { findArrival, lockDay, updateArrival } from './day-store.ts'
import {
  type Day,
  type Difference,
  HIS,
  isOpen,
  readHisChargeNo,
  type Repair,
  type RepairOutcome,
} from './day.ts'
import type { ReconciliationDependencies } from './dependencies.ts'
import { findDifference, updateDifference } from './difference-store.ts'
import { linesOf } from './statement-store.ts'
import { RETRY_MS } from './timetable.ts'
import { differenceSubject, statementSubject } from './work-case.ts'

const SYSTEM = systemActor('reconciliation')

/**
 * Tries one repair and writes down what came of it. Each may be done again: what is asked or told carries the same
 * number. Whether it helped is shown by the next comparison, not by the answer.
 */
export async function tryRepair(
  dependencies: ReconciliationDependencies,
  hospitalId: HospitalId,
  difference: Difference,
  repair: Repair,
): Promise<void> {
  const exchanges: Exchange[] = []
  const attempt = { dependencies, hospitalId, difference, exchanges }
  const result = await attemptOf[repair](attempt).catch(resultOfError)
  await inHospital(dependencies.db, hospitalId, async (tx) => {
    const day = await lockDay(tx, hospitalId, difference.businessDate)
    const subject = statementSubject(difference.businessDate, difference.source)
    await saveExchanges(tx, dependencies.newId, hospitalId, subject, exchanges)
    await record(tx, dependencies, day, difference, repair, result)
  })
}

const attemptOf: Record<Repair, (attempt: Attempt) => Promise<Result>> = {
  recheck_payment: recheckPayment,
  continue_refund: continueRefund,
  reverse_settlement: reverseSettlement,
  tell_hospital: tellHospital,
  tell_hospital_of_refund: tellHospitalOfRefund,
  give_back: giveBack,
}

async function recheckPayment({ dependencies, hospitalId, difference }: Attempt): Promise<Result> {
  const { paymentId } = difference
  if (paymentId) await dependencies.payments.recheck(hospitalId, paymentId)
  return { outcome: 'done', detail: null }
}

async function continueRefund({ dependencies, hospitalId, difference }: Attempt): Promise<Result> {
  const { refundId } = difference
  if (refundId) await dependencies.payments.advanceRefund(hospitalId, refundId)
  return { outcome: 'done', detail: null }
}

async function reverseSettlement(attempt: Attempt): Promise<Result> {
  const { dependencies, hospitalId, difference, exchanges } = attempt
  const { reverseUnknown } = dependencies
  if (!reverseUnknown) return { outcome: 'refused', detail: 'not_possible' }
  const call = { hospitalId, trace: (exchange: Exchange) => void exchanges.push(exchange) }
  const answer = await reverseUnknown(call, difference.ourNo)
  switch (answer.outcome) {
    case 'reversed':
    case 'nothing_there':
      return { outcome: 'done', detail: answer.outcome }
    case 'refused':
    case 'unknown':
      return { outcome: answer.outcome, detail: answer.reason }
  }
}

async function tellHospital({ dependencies, hospitalId, difference }: Attempt): Promise<Result> {
  const { payments } = dependencies
  const { paymentId, ourNo } = difference
  if (!paymentId) return { outcome: 'refused', detail: 'payment_unknown' }
  const { billNo } = readHisChargeNo(ourNo)
  return resultOfDesk(await payments.tellHospitalAgain(hospitalId, paymentId, billNo))
}

async function tellHospitalOfRefund(attempt: Attempt): Promise<Result> {
  const { dependencies, hospitalId, difference } = attempt
  const { refundId } = difference
  if (!refundId) return { outcome: 'refused', detail: 'refund_unknown' }
  return resultOfDesk(await dependencies.payments.tellRefundAgain(hospitalId, refundId))
}

/**
 * Paid, and the hospital will never take it: everything the payment still has goes back. Not when the hospital
 * has a bill of this payment all the same: what was delivered is not given back by a machine.
 */
async function giveBack(attempt: Attempt): Promise<Result> {
  const { dependencies, hospitalId, difference } = attempt
  const { payments } = dependencies
  const { paymentId } = difference
  const standing = paymentId && (await payments.standingOf(hospitalId, paymentId))
  if (!paymentId || !standing) return { outcome: 'refused', detail: 'payment_unknown' }
  if (standing.keptFen <= 0) return { outcome: 'done', detail: null, isRemedied: true }
  if (difference.repair !== 'give_back' || difference.repairOutcome === 'unknown') {
    const obstacle = await obstacleToGivingBack(attempt)
    if (obstacle) return obstacle
  }
  await payments.giveBack(hospitalId, paymentId, SYSTEM)
  return { outcome: 'running', detail: 'refund_running' }
}

async function obstacleToGivingBack({
  dependencies,
  hospitalId,
  difference,
  exchanges,
}: Attempt): Promise<Result | null> {
  const { paymentNo, billNo } = readHisChargeNo(difference.ourNo)
  const listed = await inHospital(dependencies.db, hospitalId, async (tx) => {
    const { businessDate } = difference
    const arrival = await findArrival(tx, hospitalId, businessDate, HIS)
    return linesOf(tx, hospitalId, businessDate, HIS, arrival?.newestVersion ?? 0)
  })
  if (listed.some((line) => line.ourNo.startsWith(`${paymentNo}/`))) {
    return { outcome: 'refused', detail: 'partly_delivered' }
  }
  const system = await dependencies.systemOf(hospitalId)
  const call = { trace: (exchange: Exchange) => void exchanges.push(exchange) }
  const bill = await system?.bill(call, billNo)
  if (!bill || bill.outcome === 'unknown') return { outcome: 'unknown', detail: 'bill_unknown' }
  const isDelivered = bill.outcome === 'ok' && bill.data.paymentNo === paymentNo
  return isDelivered ? { outcome: 'refused', detail: 'bill_is_paid_by_it' } : null
}

async function record(
  tx: Tx,
  dependencies: ReconciliationDependencies,
  day: Day,
  { id, repair: before }: Difference,
  repair: Repair,
  { outcome, detail, isRemedied = false }: Result,
): Promise<void> {
  const { hospitalId, businessDate } = day
  const difference = await findDifference(tx, hospitalId, id)
  // Meanwhile a person may have decided, or a comparison shown that it is gone.
  if (!difference || !isOpen(difference)) return
  const now = dependencies.clock.now()
  await updateDifference(tx, hospitalId, id, {
    status: isRemedied ? 'repaired' : 'repairing',
    resolved_at: isRemedied ? now : null,
    repair,
    repair_outcome: outcome,
    repair_detail: detail?.slice(0, MOST_DETAIL_CHARACTERS) ?? null,
    tries: before === repair ? difference.tries + 1 : 1,
    // What was refused is not tried again, so nothing is waited for.
    next_try_at: isRemedied || outcome === 'refused' ? null : addMs(now, RETRY_MS),
  })
  if (isRemedied && difference.caseId) {
    await endCaseWithoutGround(tx, dependencies, hospitalId, difference.caseId)
  }
  const isToldToThem = repair !== 'recheck_payment' && repair !== 'continue_refund'
  const again = isToldToThem ? { next_try_at: now, silences: 0 } : { compare_due: true }
  if (outcome === 'done' && !isRemedied) await updateArrival(tx, day, difference.source, again)
  await dependencies.audit(tx, hospitalId, SYSTEM, {
    action: `reconciliation.${repair}`,
    subject: differenceSubject(difference),
    outcome,
    detail: { businessDate, source: difference.source, ourNo: difference.ourNo },
  })
}

const MOST_DETAIL_CHARACTERS = 500

function resultOfDesk(answer: DeskAnswer): Result {
  switch (answer.outcome) {
    case 'done':
      return { outcome: 'done', detail: null }
    case 'refused':
      return { outcome: 'refused', detail: answer.code }
    case 'unknown':
      return { outcome: 'unknown', detail: answer.reason }
  }
}

/** A foreseen end is the other side's no; anything else says nothing, and is tried again. */
const resultOfError = (error: unknown): Result =>
  error instanceof AppError
    ? { outcome: 'refused', detail: error.code }
    : { outcome: 'unknown', detail: error instanceof Error ? error.message : String(error) }

type Result = { outcome: RepairOutcome; detail: string | null; isRemedied?: boolean }
type Attempt = {
  dependencies: ReconciliationDependencies
  hospitalId: HospitalId
  difference: Difference
  exchanges: Exchange[]
}
