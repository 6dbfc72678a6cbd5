import type { HospitalId, NewId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { Clock } from '../../kernel/time.ts'
import type { Audit } from '../../platform/audit.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type { Publish } from '../../platform/events.ts'
import type { Seal } from '../../platform/seal.ts'
import type { Identity, PersonId } from '../identity/index.ts'
import type { ActId } from './act.ts'

export type PersonIndexDependencies = {
  db: Db
  clock: Clock
  newId: NewId
  seal: Seal
  audit: Audit
  publish: Publish
  identity: Pick<
    Identity,
    | 'factsOf'
    | 'factsAfter'
    | 'someNames'
    | 'currentPersonOf'
    | 'recordsOf'
    | 'linkPeople'
    | 'unlinkPeople'
    | 'hospitalsOf'
    | 'resolveMedium'
  >
  /** What was paid, to be shown with the records it was paid under; null where it cannot be asked. */
  trail: MoneyTrail | null
  /** How many people the region has, as far as is known: among so many, somebody is looked for. */
  population: number
}

/** A port to payments. */
export type MoneyTrail = {
  /** All payments of these records at the hospital, newest first; at most five hundred. */
  paymentsOf(
    tx: Tx,
    hospitalId: HospitalId,
    personIds: readonly PersonId[],
  ): Promise<TrailPayment[]>
}

export type TrailPayment = {
  paymentId: string
  /** Under whom it was made. */
  personId: PersonId
  amountFen: Fen
  status: string
  createdAt: Date
  /** Refunds of it that have not ended. */
  openRefunds: number
}

declare module '../../platform/events.ts' {
  interface Events {
    /** Two records are read as one person from now on; rows stay with the person they were written with. */
    'persons.linked': PersonsEvent
    /** They are not any more. */
    'persons.unlinked': PersonsEvent
  }
}

type PersonsEvent = {
  hospitalId: HospitalId
  actId: ActId
  personId: PersonId
  survivorId: PersonId
}
