import type { HospitalId, NewId } from '../../kernel/id.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Audit } from '../../platform/audit.ts'
import type { Db } from '../../platform/db.ts'
import type { BookingDesk } from '../booking/index.ts'
import type { Hospitals, HospitalVisits } from '../hospitals/index.ts'
import type { Identity } from '../identity/index.ts'
import type { PersonId } from './consent.ts'

export type RecordSharingDependencies = {
  db: Db
  clock: Clock
  newId: NewId
  audit: Audit
  hospitals: Pick<Hospitals, 'mustExist'>
  identity: Pick<Identity, 'resolveMedium' | 'recordsOf' | 'factsOf'>
  booking: Pick<BookingDesk, 'appointmentsOfPerson' | 'session'>
  /** Null for a hospital that is not connected. */
  systemOf: (hospitalId: HospitalId) => Promise<Pick<HospitalVisits, 'reports' | 'report'> | null>
  /** The number a hospital knows the person by; null when it does not. Errors: throws when it cannot be asked. */
  patientNoOf: (personId: PersonId, hospitalId: HospitalId) => Promise<string | null>
}
