import { addMs } from '../../kernel/time.ts'
import { isOver, keptFen, type Payment, type PaymentBill, type Tender } from './payment.ts'
import { ATTENTION_AFTER_MS } from './retry.ts'

const MOST_FAREWELLS = 5

// "There is no such charge" is believed when it was said twice in a row: a provider's own reading may lag.
const ENOUGH_ABSENT_ANSWERS = 2

// Then it is sent again, which counts as one more, so that two answers and a charge make a round.
const ABSENT_ROUND = ENOUGH_ABSENT_ANSWERS + 1
const MOST_ABSENT_ROUNDS = 3

/** What to do next about a payment: one thing at a time, each written down before it is done. */
export type PaymentStep =
  | { do: 'wait'; until: Date | null }
  | { do: 'move'; to: Payment['status']; failureCode: string | null }
  | { do: 'drop'; tenderNo: number } // no money is known, and nobody says more: it is released without a call
  | { do: 'hold' | 'charge' | 'query' | 'release'; tenderNo: number }
  | { do: 'write_back'; billNo: string }
  | { do: 'give_back'; cause: 'compensation' | 'late' }
  | { do: 'call_a_person'; reason: string }

export type PaymentState = {
  payment: Payment
  tenders: readonly Tender[] // in the order in which they are charged
  bills: readonly PaymentBill[]
  /** A refund that gives back all of the payment and has not ended. */
  giveBackRunning: boolean
  /** Such a refund was refused by a provider for good. */
  giveBackRefused: boolean
  /** A source settled its amount in other parts than it had quoted, which is not what the payer agreed to. */
  settledOtherwise: boolean
}

/**
 * Pure: all that a payment does follows from its rows and the time, so every order of events can be tested
 * without a network, and a worker that takes over from a dead one goes on as that one would have.
 */
export function decide(state: PaymentState, now: Date): PaymentStep {
  const { payment } = state
  if (isOver(payment.status)) return decideLate(state)
  if (isOverdue(payment, now)) return { do: 'call_a_person', reason: 'overdue' }
  switch (payment.status) {
    case 'quoted':
      return decideQuoted(state, now)
    case 'charging':
      return decideCharging(state, now)
    case 'settling':
      return decideSettling(state, now)
    default:
      return decideCompensating(state, now)
  }
}

/** Money that comes after the end is kept in the books and given back. */
function decideLate({
  payment,
  tenders,
  giveBackRunning,
  giveBackRefused,
}: PaymentState): PaymentStep {
  const owed = payment.status !== 'succeeded' && tenders.some((tender) => keptFen(tender) > 0)
  if (!owed || giveBackRunning || giveBackRefused) return { do: 'wait', until: null }
  return { do: 'give_back', cause: 'late' }
}

function decideQuoted({ payment, tenders }: PaymentState, now: Date): PaymentStep {
  const ended = payment.cancelRequestedAt !== null || now >= payment.expiresAt
  if (!ended) return { do: 'wait', until: payment.expiresAt }
  const failureCode = payment.cancelRequestedAt ? 'cancelled' : 'expired'
  const sourceKnows = tenders.some((tender) => tender.quoteReference !== null)
  return { do: 'move', to: sourceKnows ? 'compensating' : 'closed', failureCode }
}

function decideCharging({ payment, tenders }: PaymentState, now: Date): PaymentStep {
  const ended = payment.cancelRequestedAt !== null || now >= payment.expiresAt
  const ask = whenDue(payment, now)
  const promise = decideHolding(payment, tenders, ended, ask)
  if (promise) return promise
  for (const tender of tenders.filter((t) => t.phase === 'payer')) {
    switch (tender.status) {
      case 'taken':
        break
      case 'declined':
        return { do: 'move', to: 'compensating', failureCode: tender.declineCode ?? 'declined' }
      case 'released':
        return { do: 'move', to: 'compensating', failureCode: endCode(payment) }
      case 'holding':
      case 'held': // a payer promises nothing
      case 'planned':
        if (ended) return { do: 'move', to: 'compensating', failureCode: endCode(payment) }
        return { do: 'charge', tenderNo: tender.tenderNo }
      case 'asked': // the same order again: the provider knows it by its number
      case 'ordered': {
        const step = ended ? 'release' : tender.status === 'asked' ? 'charge' : 'query'
        return ask ?? { do: step, tenderNo: tender.tenderNo }
      }
    }
  }
  return { do: 'move', to: 'settling', failureCode: null }
}

/** What is promised comes before what is paid; null when all is promised. */
function decideHolding(
  payment: Payment,
  tenders: readonly Tender[],
  ended: boolean,
  ask: PaymentStep | null,
): PaymentStep | null {
  for (const { status, tenderNo, declineCode } of tenders.filter((t) => t.phase === 'hold')) {
    if (status === 'declined') {
      return { do: 'move', to: 'compensating', failureCode: declineCode ?? 'declined' }
    }
    if (status !== 'planned' && status !== 'holding') continue
    if (ended) return { do: 'move', to: 'compensating', failureCode: endCode(payment) }
    return (status === 'holding' ? ask : null) ?? { do: 'hold', tenderNo }
  }
  return null
}

function decideSettling(
  { payment, tenders, bills, settledOtherwise }: PaymentState,
  now: Date,
): PaymentStep {
  const ask = whenDue(payment, now)
  if (settledOtherwise) return { do: 'move', to: 'compensating', failureCode: 'amount_differs' }
  for (const tender of tenders) {
    if (tender.status === 'taken' && tender.takenFen !== tender.amountFen) {
      return { do: 'move', to: 'compensating', failureCode: 'amount_differs' }
    }
    switch (tender.status) {
      case 'taken':
        break
      case 'planned':
      case 'holding':
      case 'held':
        return { do: 'charge', tenderNo: tender.tenderNo }
      case 'asked':
      case 'ordered':
        return ask ?? chargeOrQuery(tender)
      case 'declined':
      case 'released':
        return { do: 'move', to: 'compensating', failureCode: tender.declineCode ?? 'not_settled' }
    }
  }
  for (const bill of bills) {
    if (bill.writeBack === 'refused') {
      return { do: 'move', to: 'compensating', failureCode: 'hospital_refused' }
    }
    if (bill.writeBack === 'asked') return ask ?? { do: 'write_back', billNo: bill.billNo }
    if (bill.writeBack === 'none') return { do: 'write_back', billNo: bill.billNo }
  }
  return { do: 'move', to: 'succeeded', failureCode: null }
}

/**
 * A charge that never reached its source, as when we died in between, is sent again under its number. Only
 * when that does not help is the payment given up.
 */
function chargeOrQuery({ tenderNo, absentAnswers }: Tender): PaymentStep {
  if (absentAnswers % ABSENT_ROUND < ENOUGH_ABSENT_ANSWERS) return { do: 'query', tenderNo }
  if (absentAnswers < MOST_ABSENT_ROUNDS * ABSENT_ROUND - 1) return { do: 'charge', tenderNo }
  return { do: 'move', to: 'compensating', failureCode: 'not_settled' }
}

/** What a tender's count of absent answers is once it is charged, for the first time or again. */
export const absentAnswersOnceCharged = ({ absentAnswers }: Tender): number =>
  absentAnswers === 0 ? 0 : absentAnswers + 1

/** Undone in the reverse order; what is in doubt is made certain before anything is given back. */
function decideCompensating(state: PaymentState, now: Date): PaymentStep {
  const { payment, tenders } = state
  const ask = whenDue(payment, now)
  for (const tender of tenders.toReversed()) {
    switch (tender.status) {
      case 'planned':
        // A source that only made a quote is told that nothing came of it, but not for ever.
        if (tender.quoteReference === null || payment.attempts >= MOST_FAREWELLS) {
          return { do: 'drop', tenderNo: tender.tenderNo }
        }
        return ask ?? { do: 'release', tenderNo: tender.tenderNo }
      case 'holding':
      case 'held':
      case 'asked':
      case 'ordered':
        return ask ?? { do: 'release', tenderNo: tender.tenderNo }
      case 'declined':
        // A channel that said no may take the money after all, until it has closed the charge. Sources settle or do not.
        if (tender.phase !== 'payer') break
        if (payment.attempts >= MOST_FAREWELLS) return { do: 'drop', tenderNo: tender.tenderNo }
        return ask ?? { do: 'release', tenderNo: tender.tenderNo }
      case 'taken':
      case 'released':
        break
    }
  }
  if (paidOther(state) && payment.attention === null) {
    return { do: 'call_a_person', reason: 'amount_differs' }
  }
  if (tenders.every((tender) => keptFen(tender) <= 0)) {
    const failed = tenders.some((tender) => tender.takenFen > 0)
    return { do: 'move', to: failed ? 'failed' : 'closed', failureCode: payment.failureCode }
  }
  if (state.giveBackRunning) return { do: 'wait', until: null } // the refund wakes us
  if (state.giveBackRefused) {
    return payment.attention === 'refund_refused'
      ? { do: 'wait', until: null }
      : { do: 'call_a_person', reason: 'refund_refused' }
  }
  return { do: 'give_back', cause: 'compensation' }
}

/** The channel took another amount from the payer than was asked for: it goes back, and somebody is to know. */
const paidOther = ({ tenders }: PaymentState): boolean =>
  tenders.some((t) => t.phase === 'payer' && t.takenFen > 0 && t.takenFen !== t.amountFen)

/** A wait while it is too early to ask again; null when it is time. The moment to call a person is not slept through. */
function whenDue(payment: Payment, now: Date): PaymentStep | null {
  const { retryAt } = payment
  if (retryAt === null || retryAt <= now) return null
  const overdueAt = overdueAtOf(payment)
  return { do: 'wait', until: overdueAt && overdueAt < retryAt ? overdueAt : retryAt }
}

/** When a person is called; null when nobody has to be, or somebody was. */
function overdueAtOf({ status, attention, settlingSince, expiresAt }: Payment): Date | null {
  if (attention !== null) return null
  // A channel that says nothing keeps a payment in the payer's hands beyond the payer's time.
  const since = settlingSince ?? (status === 'charging' ? expiresAt : null)
  return since && addMs(since, ATTENTION_AFTER_MS)
}

function isOverdue(payment: Payment, now: Date): boolean {
  const overdueAt = overdueAtOf(payment)
  return overdueAt !== null && now >= overdueAt
}

const endCode = (payment: Payment) => (payment.cancelRequestedAt ? 'cancelled' : 'expired')
