import { fen } from '../../../kernel/money.ts'
import { addMs, MINUTE_MS } from '../../../kernel/time.ts'
import type { Payment, PaymentBill, Tender } from '../payment.ts'
import { payableOf } from './hospital.ts'

// Rows as they are before anything has happened to them.

export const START = new Date('2026-11-21T10:00:00+08:00')

/** A payment that the payer has just confirmed. */
export function newPayment(totalFen: number): Payment {
  return {
    hospitalId: 1 as never,
    id: 'payment' as never,
    personId: 'person' as never,
    carerId: null,
    visitNo: 'V1',
    status: 'charging',
    totalFen: fen(totalFen),
    reasons: [],
    channelChoice: null,
    failureCode: null,
    attention: null,
    paidAt: null,
    succeededAt: null,
    expiresAt: addMs(START, 15 * MINUTE_MS),
    cancelRequestedAt: null,
    confirmedAt: START,
    settlingSince: null,
    version: 0,
    callNo: 0,
    inCallUntil: null,
    retryAt: null,
    attempts: 0,
    createdAt: START,
  }
}

export function newTender(
  tenderNo: number,
  provider: string,
  phase: Tender['phase'],
  amount: number,
): Tender {
  const kind = phase === 'payer' ? ('self_pay' as const) : ('pooled' as const)
  return {
    tenderNo,
    id: `tender${tenderNo}` as never,
    provider,
    phase,
    status: 'planned',
    amountFen: fen(amount),
    parts: [{ kind, amountFen: fen(amount) }],
    quoteReference: phase === 'settle' ? 'Q' : null,
    payerAccount: null,
    method: phase === 'payer' ? 'account' : null,
    payerAction: null,
    declineCode: null,
    absentAnswers: 0,
    chargeOurNo: null,
    chargeProviderNo: null,
    takenFen: fen(0),
    returnedFen: fen(0),
    takenAt: null,
  }
}

export function newBill(billNo: string, totalFen: number): PaymentBill {
  return {
    billNo,
    version: 1,
    title: '',
    totalFen: fen(totalFen),
    payable: payableOf(billNo, [totalFen], 'V1', START),
    writeBack: 'none',
    receiptNo: null,
    guidance: [],
    refundingFen: fen(0),
  }
}
