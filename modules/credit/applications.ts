import { assert } from '../../kernel/assert.ts'
import { type Fen, minFen, ZERO } from '../../kernel/money.ts'
import { tradeNoOf } from '../../kernel/trade-no.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import { type Actor, systemActor } from '../../platform/principal.ts'
import {
  type Application,
  applicationsOfPerson,
  findConsent,
  insertApplication,
  lockApplication,
  takeUnansweredApplications,
  updateApplication,
} from './application-store.ts'
import { consentTo } from './consent.ts'
import { decideApplication } from './decide-application.ts'
import type { CreditDependencies } from './dependencies.ts'
import { creditErrors } from './errors.ts'
import { findLender, findProduct } from './lender-store.ts'
import type { Lender, LenderAnswer, LineGrant } from './lender.ts'
import { findLine, insertLineChange, openLine } from './line-store.ts'
import {
  type ApplicationId,
  type LenderId,
  type PersonId,
  type Product,
  type ProductId,
  type RepaymentWay,
  wayOf,
} from './terms.ts'

export type ApplicationWish = {
  lenderId: LenderId
  applicationId: ApplicationId
  personId: PersonId
  productId: ProductId
  way: RepaymentWay
  consentVersion: string
}

/**
 * A person applies for a line. Our own decision goes by the product's bands and is kept with its reasons; where it
 * grants, the lender is asked, who may grant less or refuse. Silence of the lender leaves the application 'asking'.
 * Errors: lender_not_found, product_not_found, way_not_offered, consent_outdated, applicant_not_verified, line_exists,
 * application_open.
 */
export async function applyForLine(
  deps: CreditDependencies,
  wish: ApplicationWish,
  actor: Actor,
): Promise<Application> {
  const { lenderId, personId } = wish
  const product = await productFor(deps, wish)
  if (!(await deps.applicantOf(personId))) throw creditErrors.applicant_not_verified()
  const facts = await deps.factsOf(lenderId, personId)
  const decision = decideApplication(product, facts)
  const isGranted = decision.outcome === 'granted'
  const application = await inHospital(deps.db, lenderId, async (tx) => {
    const known = await lockApplication(tx, lenderId, wish.applicationId)
    if (known) return known
    await refuseSecond(tx, wish)
    const { applicationId: id, productId, way, consentVersion: version } = wish
    await consentTo(deps, tx, { lenderId, personId, version, subject: subjectOf(id) })
    const made: Application = {
      lenderId,
      id,
      personId,
      productId,
      way,
      status: isGranted ? 'asking' : 'refused',
      facts,
      decision,
      limitFen: decision.limitFen,
      refusal: isGranted ? null : 'by_score',
      createdAt: deps.clock.now(),
    }
    if (!(await insertApplication(tx, made))) throw creditErrors.application_open()
    const detail = { outcome: decision.outcome, limitFen: decision.limitFen }
    await deps.audit(tx, lenderId, actor, {
      action: 'credit.applied',
      subject: subjectOf(id),
      detail,
    })
    return made
  })
  return application.status === 'asking' ? askLender(deps, application) : application
}

async function productFor(
  { db }: CreditDependencies,
  { lenderId, productId, way, consentVersion }: ApplicationWish,
): Promise<Product> {
  const lender = await findLender(db, lenderId)
  if (lender?.status !== 'active') throw creditErrors.lender_not_found({ lenderId })
  const product = await findProduct(db, lenderId, productId)
  if (product?.status !== 'offered') throw creditErrors.product_not_found({ productId })
  if (!wayOf(product, way)) throw creditErrors.way_not_offered({ way })
  if (consentVersion !== product.consentVersion) {
    throw creditErrors.consent_outdated({ version: product.consentVersion })
  }
  return product
}

async function refuseSecond(tx: Tx, { lenderId, personId }: ApplicationWish): Promise<void> {
  const line = await findLine(tx, lenderId, { personId })
  if (line && line.status !== 'ended') throw creditErrors.line_exists({ id: line.id })
  const all = await applicationsOfPerson(tx, lenderId, personId)
  const open = all.find(({ status }) => status === 'asking')
  if (open) throw creditErrors.application_open({ id: open.id })
}

/** Asks the lender for the line, has it signed and opens it. Asked again it goes on where it stood. */
export async function askLender(
  deps: CreditDependencies,
  application: Application,
): Promise<Application> {
  const { lenderId, personId } = application
  const lender = await deps.lenderOf(lenderId)
  const applicant = await deps.applicantOf(personId)
  if (!lender || !applicant) return application
  const consent = await inHospital(deps.db, lenderId, (tx) =>
    findConsent(tx, lenderId, subjectOf(application.id)),
  )
  assert(consent, 'nobody applies without consent')
  const applicationNo = tradeNoOf(lenderId, application.id)
  const call = { trace: () => undefined }
  const answer = await lender.apply(call, {
    applicationNo,
    productId: application.productId,
    applicant,
    wantedFen: application.limitFen,
    consent: {
      textVersion: consent.text_version,
      textSha256: consent.text_sha256,
      givenAt: consent.given_at,
    },
  })
  if (answer.outcome === 'unknown') return application
  if (answer.outcome === 'refused') return conclude(deps, application, answer)
  const known = await readApplication(deps, application)
  const signed =
    known.status === 'asking' ? await sign(lender, application, answer.data) : WITHDRAWN_MEANWHILE
  const ended = signed.outcome === 'unknown' ? known : await conclude(deps, application, signed)
  if (ended.refusal === WITHDRAWN) {
    await lender.end(call, { personId, accountNo: answer.data.accountNo })
  }
  return ended
}

const WITHDRAWN = 'withdrawn'
const WITHDRAWN_MEANWHILE = { outcome: 'refused', code: 'other', reason: 'withdrawn' } as const

const readApplication = (
  { db }: CreditDependencies,
  { lenderId, id }: Application,
): Promise<Application> =>
  inHospital(db, lenderId, async (tx) => {
    const application = await lockApplication(tx, lenderId, id)
    assert(application, `application ${id} is there`)
    return application
  })

/**
 * The person takes an open application back, and with it the consent to ask the lender: it is not asked again, and what
 * it grants meanwhile is given up. Withdrawn again it stays so. Errors: application_not_found, application_decided.
 */
export const withdrawApplication = (
  { db, clock, audit }: CreditDependencies,
  { lenderId, applicationId, personId }: WithdrawnApplication,
  actor: Actor,
): Promise<Application> =>
  inHospital(db, lenderId, async (tx) => {
    const application = await lockApplication(tx, lenderId, applicationId)
    if (application?.personId !== personId) {
      throw creditErrors.application_not_found({ id: applicationId })
    }
    if (application.refusal === WITHDRAWN) return application
    if (application.status !== 'asking') {
      throw creditErrors.application_decided({ id: applicationId })
    }
    const withdrawn = refusedFor(application, WITHDRAWN)
    await updateApplication(tx, withdrawn, clock.now())
    const subject = subjectOf(applicationId)
    await audit(tx, lenderId, actor, { action: 'credit.application_withdrawn', subject })
    return withdrawn
  })

export type WithdrawnApplication = Pick<ApplicationWish, 'lenderId' | 'applicationId' | 'personId'>

const refusedFor = (application: Application, refusal: string): Application => ({
  ...application,
  status: 'refused',
  limitFen: ZERO,
  refusal,
})

async function sign(
  lender: Lender,
  { lenderId, id, personId, way }: Application,
  grant: LineGrant,
): Promise<LenderAnswer<LineGrant>> {
  const applicationNo = tradeNoOf(lenderId, id)
  const request = { applicationNo, accountNo: grant.accountNo, personId, way }
  const answer = await lender.sign({ trace: () => undefined }, request)
  return answer.outcome === 'ok' ? { outcome: 'ok', data: grant } : answer
}

const conclude = (
  deps: CreditDependencies,
  { lenderId, id }: Application,
  answer: Exclude<LenderAnswer<LineGrant>, { outcome: 'unknown' }>,
): Promise<Application> =>
  inHospital(deps.db, lenderId, async (tx) => {
    const application = await lockApplication(tx, lenderId, id)
    assert(application, `application ${id} is there`)
    if (application.status !== 'asking') return application
    const ended = await endedBy(deps, tx, application, answer)
    await updateApplication(tx, ended, deps.clock.now())
    await deps.audit(tx, lenderId, systemActor('credit'), {
      action: 'credit.application_decided',
      subject: subjectOf(id),
      outcome: ended.status,
      detail: { limitFen: ended.limitFen, refusal: ended.refusal },
    })
    return ended
  })

/** A line that is there already ends the application: asking once more would change nothing. */
async function endedBy(
  deps: CreditDependencies,
  tx: Tx,
  application: Application,
  answer: Exclude<LenderAnswer<LineGrant>, { outcome: 'unknown' }>,
): Promise<Application> {
  if (answer.outcome === 'refused') return refusedFor(application, answer.code)
  const limitFen = minFen(application.limitFen, answer.data.limitFen)
  const granted: Application = { ...application, status: 'granted', limitFen }
  const isOpened = await open(deps, tx, granted, answer.data.accountNo)
  return isOpened ? granted : refusedFor(application, 'line_exists')
}

async function open(
  { clock, newId }: CreditDependencies,
  tx: Tx,
  { lenderId, id, personId, productId, way, limitFen }: Application,
  accountNo: string,
): Promise<boolean> {
  const now = clock.now()
  const line = await openLine(
    tx,
    {
      lenderId,
      id: newId<'CreditLine'>(),
      personId,
      productId,
      way,
      accountNo,
      status: 'active',
      limitFen,
      reservedFen: ZERO,
      drawnFen: ZERO,
    },
    now,
  )
  if (!line) return false
  await insertLineChange(tx, {
    hospital_id: lenderId,
    id: newId<'CreditLineChange'>(),
    line_id: line.id,
    kind: 'opened',
    limit_before_fen: ZERO as Fen,
    limit_after_fen: limitFen,
    reason: `application ${id}`,
    actor: systemActor('credit').name,
    at: now,
  })
  return true
}

const subjectOf = (id: ApplicationId): string => `application:${id}`

/** Asks again for those of which the lender has not said anything. */
export async function sweepApplications(
  deps: CreditDependencies,
  lenderId: LenderId,
  onError: (error: unknown, subject: string) => void,
): Promise<number> {
  const open = await inHospital(deps.db, lenderId, (tx) =>
    takeUnansweredApplications(tx, lenderId, deps.clock.now()),
  )
  for (const application of open) {
    try {
      await askLender(deps, application)
    } catch (error) {
      onError(error, subjectOf(application.id))
    }
  }
  return open.length
}
