import type { NewId } from '../../kernel/id.ts'
import type { Random } from '../../kernel/random.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Audit } from '../../platform/audit.ts'
import type { Db } from '../../platform/db.ts'
import type { Publish } from '../../platform/events.ts'
import type { Seal } from '../../platform/seal.ts'
import type { Booking } from '../booking/index.ts'
import type { Identity } from '../identity/index.ts'

export type QueueDependencies = {
  db: Db
  clock: Clock
  random: Random
  newId: NewId
  audit: Audit
  publish: Publish
  /** Makes the digests of screens' tokens. */
  seal: Pick<Seal, 'blindIndex'>
  identity: Pick<Identity, 'resolveMedium' | 'factsOf'>
  booking: Pick<Booking, 'appointment' | 'appointmentsOfHospital' | 'session' | 'markAppointment'>
}
