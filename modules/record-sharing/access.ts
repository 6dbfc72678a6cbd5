import type { HospitalId, Id } from '../../kernel/id.ts'
import type { PersonId, Purpose, RecordKind } from './consent.ts'
import type { Ground } from './may-read.ts'

export type AccessId = Id<'RecordAccess'>

/** One look at a person's records, or one that was refused. */
export type Access = {
  readonly id: AccessId
  readonly personId: PersonId
  /** The hospital whose records they are. */
  readonly holderId: HospitalId
  readonly readerId: HospitalId
  /** 'staff:<id>' */
  readonly reader: string
  readonly purpose: Purpose
  readonly kind: RecordKind
  /** Null: the list of them. */
  readonly recordNo: string | null
  readonly ground: Ground
  readonly at: Date
  readonly question: AccessQuestion | null
}

/** What the person asked of it, and what the hospital whose records they are answered. */
export type AccessQuestion = { askedAt: Date; answer: string | null; answeredAt: Date | null }

/** A question of a person, as the hospital that answers it sees it. */
export type OpenQuestion = {
  readonly id: AccessId
  readonly personId: PersonId
  readonly words: string
  readonly askedAt: Date
  readonly dueAt: Date
  readonly answer: string | null
  readonly answeredBy: string | null
  readonly answeredAt: Date | null
}
