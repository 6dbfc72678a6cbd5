import { assert } from '../../kernel/assert.ts'
import type { Fen } from '../../kernel/money.ts'
import { addFen, fen, minFen } from '../../kernel/money.ts'
import { addMs, MINUTE_MS } from '../../kernel/time.ts'
import { tradeNoOf } from '../../kernel/trade-no.ts'
import type { PaidBill } from './bill-desk.ts'
import type { PartKind, TenderPart } from './money.ts'
import type { Payment, PaymentBill, Tender } from './payment.ts'
import type { ChargeOrder } from './provider.ts'

// What is asked of a provider or told to the hospital, made from the rows alone: the same rows make the same
// request, so that asking again is asking the same.

export const paymentNoOf = (payment: Payment): string => tradeNoOf(payment.hospitalId, payment.id)

export function chargeOrderOf(
  payment: Payment,
  bills: readonly PaymentBill[],
  tender: Tender,
): ChargeOrder {
  return {
    hospitalId: payment.hospitalId,
    paymentId: payment.id,
    tenderId: tender.id,
    tradeNo: tradeNoOf(payment.hospitalId, tender.id),
    amountFen: tender.amountFen,
    parts: tender.parts,
    quoteReference: tender.quoteReference,
    description: `门诊费用 ${bills.map((bill) => bill.billNo).join(' ')}`,
    payerAccount: tender.payerAccount,
    method: tender.method,
    presence: null,
    createdAt: payment.createdAt,
    expiresAt: tender.method === 'barcode' ? afterUs(payment) : payment.expiresAt,
  }
}

// Channels accept no order of less than a minute. One by barcode is given that, and we take it back before.
const afterUs = ({ expiresAt }: Payment): Date => addMs(expiresAt, MINUTE_MS)

/** What the hospital is told of one bill. The parts of a payment of several bills are dealt out in order, so that each bill's add up to its total. */
export function paidBillOf(
  payment: Payment,
  bills: readonly PaymentBill[],
  tenders: readonly Tender[],
  billNo: string,
): PaidBill {
  const bill = bills.find((b) => b.billNo === billNo)
  assert(bill, `payment ${payment.id} has the bill ${billNo}`)
  // Once it has succeeded that moment stands, though a source may have settled anew since.
  const paidAt = payment.paidAt ?? lastTakenAt(tenders)
  assert(paidAt, 'a bill is written back when its money was taken')
  const insurance = tenders.find(({ parts }) => parts.some(isOfMedicalInsurance))
  return {
    paymentNo: paymentNoOf(payment),
    billNo,
    version: bill.version,
    totalFen: bill.totalFen,
    paidAt,
    parts: dealOut(bills, tenders).get(billNo) ?? [],
    insuranceSettlementNo: insurance?.chargeProviderNo ?? null,
  }
}

const isOfMedicalInsurance = ({ kind }: TenderPart) => kind === 'pooled' || kind === 'account'

/** When the last of the money was taken: the moment the bill was paid. */
export const lastTakenAt = (tenders: readonly Tender[]): Date | null =>
  tenders.reduce<Date | null>(
    (last, { takenAt }) => (takenAt && (!last || takenAt > last) ? takenAt : last),
    null,
  )

type PaidPart = { kind: PartKind; amountFen: Fen; tradeNo: string }

export function dealOut(
  bills: readonly PaymentBill[],
  tenders: readonly Tender[],
): Map<string, PaidPart[]> {
  const left = tenders.flatMap((tender) =>
    tender.parts.map((part) => ({ ...part, tradeNo: tender.chargeProviderNo ?? '' })),
  )
  const dealt = new Map<string, PaidPart[]>()
  for (const bill of bills) {
    let open: Fen = bill.totalFen
    const parts: PaidPart[] = []
    for (const part of left) {
      const amountFen = minFen(open, part.amountFen)
      if (amountFen === 0) continue
      parts.push({ kind: part.kind, amountFen, tradeNo: part.tradeNo })
      part.amountFen = fen(part.amountFen - amountFen)
      open = fen(open - amountFen)
    }
    dealt.set(bill.billNo, parts)
  }
  assert(
    addFen(...left.map((part) => part.amountFen)) === 0,
    'the tenders of a payment add up to its bills',
  )
  return dealt
}
