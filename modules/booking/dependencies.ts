import type { HospitalId, NewId } from '../../kernel/id.ts'
import type { Random } from '../../kernel/random.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Audit } from '../../platform/audit.ts'
import type { Db } from '../../platform/db.ts'
import type { Publish } from '../../platform/events.ts'
import type { Seal } from '../../platform/seal.ts'
import type { Department, HospitalBilling, HospitalVisits } from '../hospitals/index.ts'
import type { PaymentId, Payments } from '../payments/index.ts'
import type { Admission } from './admission.ts'
import type { PersonId } from './booking.ts'
import type { BookingRules } from './rules.ts'

/** Of a hospital's system, what booking asks. */
export type BookingSystem = Pick<
  HospitalVisits,
  | 'schedules'
  | 'slots'
  | 'lockSlot'
  | 'unlockSlot'
  | 'register'
  | 'registration'
  | 'cancelRegistration'
> &
  Pick<HospitalBilling, 'bill'>

export type BookingDependencies = {
  db: Db
  clock: Clock
  random: Random
  newId: NewId
  audit: Audit
  publish: Publish
  /** Makes the digests of devices, phones and proofs. */
  seal: Pick<Seal, 'blindIndex'>
  /** Null for a hospital that is not connected. */
  systemOf: (hospitalId: HospitalId) => Promise<BookingSystem | null>
  /** As the hospital listed them last. */
  departmentsOf: (hospitalId: HospitalId) => Promise<Department[]>
  /** The number a hospital knows the person by; null when it does not. Errors: throws when it cannot be asked. */
  patientNoOf: (personId: PersonId, hospitalId: HospitalId) => Promise<string | null>
  /** Gives back by the original route what a payment paid for a bill. */
  requestRefund: Payments['requestRefund']
  billsOfPayment: (hospitalId: HospitalId, paymentId: PaymentId) => Promise<string[]>
  /** Whether a department takes bookings here; all do without it. */
  isOnline?: (hospitalId: HospitalId, departmentCode: string) => Promise<boolean>
  /** Hears of work that failed and is tried again. */
  onError?: (error: unknown, about: { hospitalId: HospitalId; subject: string }) => void
}

/** What the parts of booking share. */
export type BookingContext = BookingDependencies & {
  admission: Admission
  /** What holds at a hospital; a change is seen within five seconds. */
  rulesOf: (hospitalId: HospitalId) => Promise<BookingRules>
}
