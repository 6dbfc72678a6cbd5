import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { PaymentId, RefundId } from '../payments/index.ts'

/** What is told of a payment: nothing of whose it is or what it was for. */
export type PaymentFacts = {
  paymentNo: string
  status: string
  totalFen: Fen
  failureCode: string | null
  /** Counts the payment's changes: of two tellings, the one with more is the later. */
  version: number
}

export type RefundFacts = {
  cause: 'requested' | 'compensation' | 'late' | 'reconciliation'
  status: string
  amountFen: Fen
  refusalCode: string | null
  version: number
}

/** What the module asks of payments. Null for what is not there. */
export type FactsPort = {
  payment(hospitalId: HospitalId, id: PaymentId): Promise<PaymentFacts | null>
  refund(hospitalId: HospitalId, id: RefundId): Promise<RefundFacts | null>
}
