import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { AgreementTables } from './agreement/tables.ts'
import type { Payable } from './bill-desk.ts'
import type { ChannelChoice } from './channel-choice.ts'
import type { PartKind, TenderPart } from './money.ts'
import type {
  PaymentBill,
  PaymentId,
  PaymentStatus,
  PersonId,
  SourceReasons,
  TenderId,
  TenderStatus,
} from './payment.ts'
import type { PayerAction, PayMethod, Phase } from './provider.ts'
import type { RefundApprovalTables } from './refund/approval-tables.ts'
import type { RefundCause, RefundId, RefundPartStatus, RefundStatus } from './refund/refund.ts'

/** Rows of the schema "payments". Held against the migrated database by tests/tables.types.ts. */
export type PaymentTables = AgreementTables &
  RefundApprovalTables & {
    'payments.payment': {
      hospital_id: HospitalId
      id: PaymentId
      person_id: PersonId
      carer_id: PersonId | null
      visit_no: string
      status: PaymentStatus
      total_fen: Fen
      reasons: SourceReasons[]
      channel_choice: ChannelChoice | null
      failure_code: string | null
      attention: string | null
      paid_at: Date | null
      succeeded_at: Date | null
      expires_at: Date
      cancel_requested_at: Date | null
      confirmed_at: Date | null
      settling_since: Date | null
      version: number
      call_no: number
      in_call_until: Date | null
      retry_at: Date | null
      attempts: number
      due_at: Date | null
      created_at: Date
      updated_at: Date
    }
    'payments.tender': {
      hospital_id: HospitalId
      payment_id: PaymentId
      tender_no: number
      id: TenderId
      provider: string
      phase: Phase
      status: TenderStatus
      amount_fen: Fen
      parts: TenderPart[]
      quote_reference: string | null
      payer_account: string | null
      method: PayMethod | null
      payer_action: PayerAction | null
      decline_code: string | null
      absent_answers: number
      charge_our_no: string | null
      charge_provider_no: string | null
      taken_fen: Fen
      returned_fen: Fen
      taken_at: Date | null
    }
    'payments.payment_bill': {
      hospital_id: HospitalId
      payment_id: PaymentId
      bill_no: string
      version: number
      title: string
      total_fen: Fen
      payable: Payable
      write_back: PaymentBill['writeBack']
      receipt_no: string | null
      guidance: string[]
      refunding_fen: Fen
    }
    'payments.bill_claim': { hospital_id: HospitalId; bill_no: string; payment_id: PaymentId }
    'payments.move': {
      hospital_id: HospitalId
      business_date: BusinessDate
      provider: string
      kind: 'charge' | 'return'
      our_no: string
      part: PartKind
      provider_no: string
      amount_fen: Fen
      payment_id: PaymentId
      tender_no: number
      refund_id: RefundId | null
      at: Date
      recorded_at: Date
    }
    'payments.refund': {
      hospital_id: HospitalId
      id: RefundId
      payment_id: PaymentId
      cause: RefundCause
      status: RefundStatus
      bill_no: string | null
      line_nos: number[]
      amount_fen: Fen
      reason: string
      requested_by: string
      request_no: string | null
      refusal_code: string | null
      receipt_no: string | null
      attention: string | null
      approved_at: Date | null
      returned_at: Date | null
      completed_at: Date | null
      version: number
      call_no: number
      in_call_until: Date | null
      retry_at: Date | null
      attempts: number
      due_at: Date | null
      created_at: Date
      updated_at: Date
      retried_at: Date | null
    }
    'payments.refund_part': {
      hospital_id: HospitalId
      refund_id: RefundId
      tender_no: number
      id: Id<'RefundPart'>
      status: RefundPartStatus
      amount_fen: Fen | null
      net_fen: Fen | null
      hold_id: Id<'Hold'> | null
      decline_code: string | null
    }
  }
