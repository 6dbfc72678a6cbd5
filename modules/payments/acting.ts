import type { FastifyRequest } from 'fastify'
import type Type from 'typebox'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { principalOf, requestActor } from '../../platform/http/access.ts'
import { httpErrors } from '../../platform/http/errors.ts'
import type { Actor } from '../../platform/principal.ts'
import type { Consent } from './confirm.ts'
import type { PaymentsDependencies } from './dependencies.ts'
import { paymentErrors } from './errors.ts'
import type { PaymentId, PersonId } from './payment.ts'
import type { Provider } from './provider.ts'
import type { QuoteWish } from './quote.ts'
import type { NewPayment } from './schemas.ts'

type ApplicationId = Id<'Application'>
type Naming = { hospitalId: HospitalId; applicationId: ApplicationId; patientId: string }

/** For whom an institution's application acts, and on which payments: those that it began itself. */
export type Acting = {
  /** The person it asks about. Errors: throws for one it may not name. */
  namePatient: (naming: Naming, actor: Actor) => Promise<PersonId>
  /** The person a new payment of its own is for. Errors: the same. */
  begin: (naming: Naming, paymentId: PaymentId) => Promise<PersonId>
  /** Null for a payment that it did not begin. Errors: the same, when it may name the person no more. */
  payerOf: (
    hospitalId: HospitalId,
    applicationId: ApplicationId,
    paymentId: PaymentId,
  ) => Promise<PersonId | null>
}

/** Where there are no applications. */
export const nobodyActs: Acting = {
  namePatient: refuse,
  begin: refuse,
  payerOf: async () => null,
}

/** Whose payment it is: the person's own, or one that the application began. Errors: throws payments.payment_not_found. */
export async function payerIn(
  acting: Acting,
  request: FastifyRequest,
  hospitalId: HospitalId,
  id: PaymentId,
): Promise<PersonId> {
  const principal = principalOf(request, 'person', 'application')
  if (principal.kind === 'person') return principal.personId
  const personId = await acting.payerOf(hospitalId, principal.applicationId, id)
  if (personId === null) throw paymentErrors.payment_not_found({ id })
  return personId
}

/**
 * Who agrees in the patient's stead: an application, or a carer of the family, who agrees to no more than the member
 * lets them. Errors: throws payments.over_carer_limit.
 */
export function standInOf(
  { principal }: FastifyRequest,
  payFen: number,
): Pick<Consent, 'byOther' | 'carerId'> {
  if (principal?.kind !== 'person') return { byOther: principal?.kind === 'application' }
  const { carer } = principal
  if (!carer) return {}
  const { mostFen } = carer
  if (mostFen !== null && payFen > mostFen) throw paymentErrors.over_carer_limit({ mostFen })
  return { byOther: true, carerId: carer.personId }
}
/** Errors: throws payments.payment_not_found for an application's request about a payment that it did not begin. */
export async function checkBegun(
  acting: Acting,
  request: FastifyRequest,
  hospitalId: HospitalId,
  id: PaymentId,
): Promise<void> {
  if (request.principal?.kind === 'application') await payerIn(acting, request, hospitalId, id)
}

/** Whose bills are asked about: a person's own, or those of whom an application names. Errors: throws payments.patient_missing. */
export async function patientIn(
  acting: Acting,
  request: FastifyRequest,
  hospitalId: HospitalId,
  patientId: string | undefined,
): Promise<PersonId> {
  const principal = principalOf(request, 'person', 'application')
  if (principal.kind === 'person') return ownOnly(principal.personId, patientId)
  if (patientId === undefined) throw paymentErrors.patient_missing()
  const naming = { hospitalId, applicationId: principal.applicationId, patientId }
  return acting.namePatient(naming, requestActor(request))
}

/** What is to be quoted, and for whom. Errors: throws payments.patient_missing, way_missing, payer_needed. */
export async function wishIn(
  acting: Acting,
  { providersOf }: Pick<PaymentsDependencies, 'providersOf'>,
  request: FastifyRequest,
  { patientId, ...body }: WithPatient<Type.Static<typeof NewPayment>>,
  { hospitalId, paymentId }: { hospitalId: HospitalId; paymentId: PaymentId },
): Promise<QuoteWish> {
  const principal = principalOf(request, 'person', 'application')
  if (principal.kind === 'person') {
    const personId = ownOnly(principal.personId, patientId)
    const own = { ...body, hospitalId, personId, paymentId }
    if (!principal.carer) return own
    checkPurses(body)
    const sources = await withoutPurses(providersOf, hospitalId, body.sources)
    return { ...own, sources, carerId: principal.carer.personId }
  }
  if (patientId === undefined) throw paymentErrors.patient_missing()
  checkWay(body)
  const sources = await withoutPurses(providersOf, hospitalId, body.sources)
  const { applicationId } = principal
  const personId = await acting.begin({ hospitalId, applicationId, patientId }, paymentId)
  return { ...body, sources, hospitalId, personId, paymentId }
}

async function withoutPurses(
  providersOf: PaymentsDependencies['providersOf'],
  hospitalId: HospitalId,
  sources: QuoteWish['sources'],
): Promise<NonNullable<QuoteWish['sources']>> {
  const purses = [...(await providersOf(hospitalId)).values()].filter(isPurse)
  return { ...sources, ...Object.fromEntries(purses.map(({ name }) => [name, false])) }
}

/** What a person has of money, credit or policies is theirs alone to spend; only the medical insurance pays by law. */
const isPurse = (provider: Provider): boolean =>
  'place' in provider && provider.place !== 'medical_insurance'

export type WithPatient<Body> = Body & { patientId?: string | undefined }

type Way = Pick<QuoteWish, 'channel' | 'method' | 'useAccount' | 'sources'>

/** An application says how it is paid: there is nobody whose usual way could be taken. */
function checkWay(way: Way): void {
  if (way.channel === undefined || way.method === undefined) throw paymentErrors.way_missing()
  checkPurses(way)
}

/**
 * Who acts for a person charges nothing by an agreement of theirs or from an account: whoever pays does so at the
 * channel, by a code they show or an order they approve.
 */
function checkPurses({ method, useAccount, sources }: Way): void {
  const wanted = Object.entries(sources ?? {}).find(([, isWanted]) => isWanted)?.[0]
  const own = useAccount ? 'account' : method === 'agreement' ? method : wanted
  if (own !== undefined) throw paymentErrors.payer_needed({ source: own })
}

function ownOnly(personId: PersonId, patientId: string | undefined): PersonId {
  if (patientId !== undefined && patientId !== personId) throw httpErrors.forbidden()
  return personId
}

async function refuse(): Promise<never> {
  throw httpErrors.forbidden()
}
