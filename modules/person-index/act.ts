import type { Id } from '../../kernel/id.ts'
import type { PersonId } from '../identity/index.ts'
import type { Field } from './matching/compare.ts'

export type ActId = Id<'PersonAct'>

/** link: one is read as the other. separate: they are two people. unlink: an earlier link ends. */
export type ActKind = 'link' | 'separate' | 'unlink'

/** How one field agrees and how many thousandths of a bit that says; never a value. */
export type CandidateField = { field: Field; level: string | null; millibits: number }

/** What was known when an act was proposed, for whoever decides and whoever asks later. */
export type ActFacts = {
  millibits: number | null
  grade: string | null
  doubts: string[]
  /** Of both records; null where the payments could not be asked. */
  openRefunds: number | null
  payments: number | null
}

/** A payment that was made under one record while two were linked, and is to be shown with the other. */
export type Reassignment = { paymentId: string; toPersonId: PersonId }
