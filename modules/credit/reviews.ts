import type { Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import {
  type Application,
  applicationsOfPerson,
  insertReview,
  lockApplication,
  lockReview,
  type Review,
  reviewsOf,
  updateApplication,
  updateReview,
} from './application-store.ts'
import { askLender } from './applications.ts'
import { exclusionsOf } from './decide-application.ts'
import type { CreditDependencies } from './dependencies.ts'
import { creditErrors } from './errors.ts'
import { findProduct } from './lender-store.ts'
import { findLine } from './line-store.ts'
import type { CreditLine } from './line.ts'
import { changeLine } from './lines.ts'
import type { ApplicationId, LenderId, PersonId } from './terms.ts'

// 人工复核: whoever was decided on by a machine may have a person look at it.

const MOST_REVIEWS = 3

/**
 * Asks for a review of a decision. Errors: application_not_found, application_open while the lender has not answered,
 * review_open while there is one, reviews_used_up after three.
 */
export const askForReview = (
  { db, clock, audit }: CreditDependencies,
  { lenderId, applicationId, reviewId, personId, statement }: ReviewWish,
  actor: Actor,
): Promise<Review> =>
  inHospital(db, lenderId, async (tx) => {
    const application = await lockApplication(tx, lenderId, applicationId)
    if (application?.personId !== personId) {
      throw creditErrors.application_not_found({ id: applicationId })
    }
    const earlier = await reviewsOf(tx, lenderId, applicationId)
    const known = earlier.find(({ id }) => id === reviewId)
    if (known) return known
    if (application.status === 'asking') throw creditErrors.application_open({ id: applicationId })
    if (earlier.length >= MOST_REVIEWS) throw creditErrors.reviews_used_up({ most: MOST_REVIEWS })
    const review: Review = {
      id: reviewId,
      applicationId,
      askedBy: actor.name,
      askedAt: clock.now(),
      statement,
      status: 'open',
      decidedBy: null,
      decidedAt: null,
      reason: null,
      limitFen: null,
    }
    if (!(await insertReview(tx, lenderId, review))) {
      throw creditErrors.review_open({ id: applicationId })
    }
    const subject = `application:${applicationId}`
    await audit(tx, lenderId, actor, { action: 'credit.review_asked', subject })
    return review
  })

type ReviewWish = {
  lenderId: LenderId
  applicationId: ApplicationId
  reviewId: Id<'CreditReview'>
  personId: PersonId
  statement: string
}

/**
 * A person of the lender decides: the decision stands, or another limit is granted. Whoever asked for the review, and
 * whoever decided an earlier one of the same application, may not. Errors: review_not_found, review_decided,
 * review_by_another, review_limit_wrong, review_excluded, review_superseded.
 */
export async function decideReview(
  deps: CreditDependencies,
  verdict: Verdict,
  actor: Actor,
): Promise<Review> {
  const { lenderId } = verdict
  const { review, application } = await inHospital(deps.db, lenderId, (tx) =>
    write(deps, tx, verdict, actor),
  )
  if (review.status === 'changed' && review.limitFen !== null) {
    await grant(deps, application, review, actor)
  }
  return review
}

export type Verdict = {
  lenderId: LenderId
  reviewId: Id<'CreditReview'>
  reason: string
  /** Null: the decision stands. */
  limitFen: Fen | null
}

async function write(
  { clock, audit }: CreditDependencies,
  tx: Tx,
  { lenderId, reviewId, reason, limitFen }: Verdict,
  actor: Actor,
): Promise<{ review: Review; application: Application }> {
  const review = await lockReview(tx, lenderId, reviewId)
  const application = review && (await lockApplication(tx, lenderId, review.applicationId))
  if (!review || !application) throw creditErrors.review_not_found({ id: reviewId })
  if (review.status !== 'open') throw creditErrors.review_decided({ id: reviewId })
  const earlier = await reviewsOf(tx, lenderId, review.applicationId)
  const isInvolved = earlier.some(({ decidedBy }) => decidedBy === actor.name)
  if (isInvolved || review.askedBy === actor.name) throw creditErrors.review_by_another()
  const line = await findLine(tx, lenderId, { personId: application.personId })
  const hasLine = line !== null && line.status !== 'ended'
  if (limitFen !== null) await checkGrant(tx, application, limitFen, hasLine ? line : null)
  const decided: Review = {
    ...review,
    status: limitFen === null ? 'upheld' : 'changed',
    decidedBy: actor.name,
    decidedAt: clock.now(),
    reason,
    limitFen,
  }
  await updateReview(tx, lenderId, decided)
  const asked: Application =
    limitFen === null || hasLine
      ? application
      : { ...application, status: 'asking', limitFen, refusal: null }
  await updateApplication(tx, asked, clock.now())
  await audit(tx, lenderId, actor, {
    action: 'credit.review_decided',
    subject: `application:${application.id}`,
    outcome: decided.status,
    detail: { limitFen },
  })
  return { review: decided, application: asked }
}

/**
 * What a person may grant against the score: within the product, on the application that stands now, and never against a
 * rule that decides whatever the score is: those protect people who are overdue, written off, or not of an age.
 */
async function checkGrant(
  tx: Tx,
  application: Application,
  limitFen: Fen,
  line: CreditLine | null,
): Promise<void> {
  const { lenderId, id, personId, productId, facts } = application
  const product = await findProduct(tx, lenderId, productId)
  if (!product) throw creditErrors.product_not_found({ productId })
  const { minLimitFen, maxLimitFen } = product
  if (limitFen < minLimitFen || limitFen > maxLimitFen) {
    throw creditErrors.review_limit_wrong({ leastFen: minLimitFen, mostFen: maxLimitFen })
  }
  const [excluded] = exclusionsOf(product, facts)
  if (excluded) throw creditErrors.review_excluded({ code: excluded.code })
  const [latest] = await applicationsOfPerson(tx, lenderId, personId)
  const isOfLine = line === null || line.productId === productId
  if (latest?.id !== id || !isOfLine) throw creditErrors.review_superseded({ id })
}

/** The person has a line: its limit changes. They have none: the lender is asked for one of that limit. */
async function grant(
  deps: CreditDependencies,
  application: Application,
  { limitFen, reason }: Review,
  actor: Actor,
): Promise<void> {
  const { lenderId, personId } = application
  if (application.status === 'asking') {
    await askLender(deps, application)
    return
  }
  const line = await inHospital(deps.db, lenderId, (tx) => findLine(tx, lenderId, { personId }))
  if (!line || line.status === 'ended' || limitFen === null) return
  const by = { actor, reason: (reason ?? 'review').slice(0, MOST_REASON) }
  await changeLine(deps, { lenderId, lineId: line.id }, { kind: 'limit', limitFen }, by)
}

const MOST_REASON = 200
