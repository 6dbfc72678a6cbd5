import type { HospitalId } from '../../kernel/id.ts'
import type { NewId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Audit } from '../../platform/audit.ts'
import type { Db } from '../../platform/db.ts'
import type { Billing } from '../billing/index.ts'
import type { BookingActing, BookingDesk } from '../booking/index.ts'
import type { Deposits } from '../deposits/index.ts'
import type { Hospitals, HospitalVisits } from '../hospitals/index.ts'
import type { Identity, PersonId } from '../identity/index.ts'
import type { Partners } from '../partners/index.ts'
import type { Acting } from '../payments/index.ts'
import type { PersonIndex } from '../person-index/index.ts'
import type { RecordSharing } from '../record-sharing/index.ts'

export type FhirDependencies = {
  db: Db
  clock: Clock
  newId: NewId
  audit: Audit
  hospitals: Pick<Hospitals, 'mustExist'>
  identity: Pick<
    Identity,
    'factsOf' | 'hospitalsOf' | 'currentPersonOf' | 'resolveMedium' | 'mediaOf'
  >
  personIndex: Pick<PersonIndex, 'matchForStaff'>
  booking: BookingDesk
  billing: Pick<Billing, 'openBills'>
  deposits: Pick<Deposits, 'account' | 'list'>
  /** Whom an institution's application may name or book for, and which payments it began. */
  acting: Acting & BookingActing
  grants: Pick<Partners['grants'], 'of'>
  recordSharing: Pick<RecordSharing, 'consentsOf'>
  /** Null for a hospital that is not connected. */
  systemOf: (hospitalId: HospitalId) => Promise<Pick<HospitalVisits, 'reports' | 'report'> | null>
  /** The number a hospital knows the person by; null when it does not. Errors: throws when it cannot be asked. */
  patientNoOf: (personId: PersonId, hospitalId: HospitalId) => Promise<string | null>
}
