import type { HospitalId } from '../../../kernel/id.ts'
import type { Fen } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { PaymentId, PersonId } from '../payment.ts'
import type { PayMethod } from '../provider.ts'
import type { AgreementEnd, AgreementId, AgreementStatus } from './agreement.ts'

/** The tables of agreements, within the schema "payments". */
export type AgreementTables = {
  'payments.agreement': {
    hospital_id: HospitalId
    id: AgreementId
    person_id: PersonId
    channel: string
    status: AgreementStatus
    limit_per_payment_fen: Fen
    limit_per_day_fen: Fen
    agreement_no: string | null
    end_reason: AgreementEnd | null
    signed_at: Date | null
    valid_until: Date | null
    revoke_requested_at: Date | null
    revoked_at: Date | null
    expires_at: Date
    version: number
    call_no: number
    in_call_until: Date | null
    attempts: number
    due_at: Date | null
    created_at: Date
    updated_at: Date
  }
  'payments.agreement_use': {
    hospital_id: HospitalId
    payment_id: PaymentId
    tender_no: number
    agreement_id: AgreementId
    used_on: BusinessDate
    ordinary_method: PayMethod | null
    ordinary_account: string | null
  }
}
