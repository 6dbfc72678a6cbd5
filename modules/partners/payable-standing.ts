import { AppError } from '../../kernel/error.ts'
import { type HospitalId, type Id, isId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { Identity, PersonId } from '../identity/index.ts'
import { partnerErrors } from './errors.ts'

/**
 * The usual ground: the patient is a person of the region with a bank card bound, and owes the hospital at least as
 * much. Errors: throws partners.standing_unknown when the hospital cannot say what is owed.
 */
export function createPayableStanding({
  identity,
  owedFen,
}: {
  identity: NamingIdentity
  /** What the person owes at the hospital now; null when the hospital does not answer. */
  owedFen: (hospitalId: HospitalId, personId: PersonId) => Promise<Fen | null>
}): VerifyPaymentPorts['payableStanding'] {
  const boundPatient = createBoundPatient(identity)
  return async ({ patientId }, hospitalId, amountFen) => {
    const patient = await boundPatient(patientId)
    if (!patient) return { outcome: 'not_bound' }
    const owed = await owedFen(hospitalId, patient.personId)
    if (owed === null) throw partnerErrors.standing_unknown({ hospitalId })
    if (amountFen > owed) return { outcome: 'not_owed' }
    return { outcome: 'payable', ...patient }
  }
}

/** Whom an application may name: a person of the region, by their id, who has a bank card bound. */
export const createBoundPatient =
  (identity: NamingIdentity): VerifyPaymentPorts['boundPatient'] =>
  async (patientId) => {
    if (!isId(patientId)) return null
    const personId = patientId as PersonId
    const person = await identity.personView(personId, 'others').catch(nullIfUnknown)
    const media = person ? await identity.mediaOf(personId) : []
    const isBound = media.some(({ kind, status }) => kind === 'bank_card' && status === 'active')
    return person && isBound ? { personId, maskedName: person.name } : null
  }

type NamingIdentity = Pick<Identity, 'personView' | 'mediaOf'>

function nullIfUnknown(error: unknown): null {
  if (error instanceof AppError && error.code === 'identity.person_not_found') return null
  throw error
}

/** not_bound: no such patient, or no bank card bound. not_owed: there is nothing of that amount to pay there. */
export type PayableStanding =
  | { outcome: 'not_bound' }
  | { outcome: 'not_owed' }
  | { outcome: 'payable'; personId: Id<'Person'>; maskedName: string }

export type VerifyPaymentPorts = {
  /** The person by that id who has a bank card bound; null for anybody else. */
  boundPatient: (
    patientId: string,
  ) => Promise<{ personId: Id<'Person'>; maskedName: string } | null>
  payableStanding: (
    lookup: { patientId: string },
    hospitalId: HospitalId,
    amountFen: Fen,
  ) => Promise<PayableStanding>
  /** What is left of the person's credit line; null without one. */
  creditOf: (
    personId: Id<'Person'>,
    hospitalId: HospitalId,
  ) => Promise<{ remainingFen: Fen } | null>
}
