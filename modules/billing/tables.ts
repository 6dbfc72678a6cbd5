import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { HisBill } from '../hospitals/index.ts'
import type { Payable, PaymentId, PersonId } from '../payments/index.ts'

/** Rows of the schema "billing". Held against the migrated database by tests/tables.types.ts. */
export type BillingTables = {
  'billing.bill': {
    hospital_id: HospitalId
    bill_no: string
    version: number
    person_id: PersonId
    visit_no: string
    title: string
    total_fen: Fen
    status: HisBill['status']
    payable: Payable
    payment_id: PaymentId | null
    read_at: Date
  }
}
