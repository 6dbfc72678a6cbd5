import type { Insertable, Selectable } from 'kysely'

import type { Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import { addMs, MINUTE_MS } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import { askAgainAt } from './ask-again.ts'
import type { ApplicantFacts, Decision } from './decide-application.ts'
import type { CreditTables } from './tables.ts'
import type { ApplicationId, LenderId, PersonId, ProductId, RepaymentWay } from './terms.ts'

// The one place that reads or writes applications, consents and reviews.

const tables = (tx: Tx) => tx.withTables<CreditTables>()

export type Application = {
  lenderId: LenderId
  id: ApplicationId
  personId: PersonId
  productId: ProductId
  way: RepaymentWay
  status: 'asking' | 'granted' | 'refused'
  facts: ApplicantFacts
  decision: Decision
  limitFen: Fen
  /** 'by_score' when our own decision refused; else the lender's code. */
  refusal: string | null
  createdAt: Date
}

export type Review = {
  id: Id<'CreditReview'>
  applicationId: ApplicationId
  askedBy: string
  askedAt: Date
  statement: string
  status: 'open' | 'upheld' | 'changed'
  decidedBy: string | null
  decidedAt: Date | null
  reason: string | null
  limitFen: Fen | null
}

/** False when the person has an open one with the lender already. */
export async function insertApplication(tx: Tx, application: Application): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tables(tx)
    .insertInto('credit.application')
    .values({
      hospital_id: application.lenderId,
      id: application.id,
      person_id: application.personId,
      product_id: application.productId,
      way: application.way,
      facts: JSON.stringify(application.facts),
      decision: JSON.stringify(application.decision),
      status: application.status,
      limit_fen: application.limitFen,
      refusal: application.refusal,
      created_at: application.createdAt,
      updated_at: application.createdAt,
      due_at: firstAskedAt(application.createdAt),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function updateApplication(
  tx: Tx,
  { lenderId, id, status, limitFen, refusal }: Application,
  now: Date,
): Promise<void> {
  await tables(tx)
    .updateTable('credit.application')
    .set({
      status,
      limit_fen: limitFen,
      refusal,
      updated_at: now,
      due_at: firstAskedAt(now),
      asked_times: 0,
    })
    .where('hospital_id', '=', lenderId)
    .where('id', '=', id)
    .execute()
}

export async function lockApplication(
  tx: Tx,
  lenderId: LenderId,
  id: ApplicationId,
): Promise<Application | null> {
  const row = await tables(tx)
    .selectFrom('credit.application')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row ? toApplication(row) : null
}

/** The newest first. */
export async function applicationsOfPerson(
  tx: Tx,
  lenderId: LenderId,
  personId: PersonId,
): Promise<Application[]> {
  const rows = await tables(tx)
    .selectFrom('credit.application')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('person_id', '=', personId)
    .orderBy('id', 'desc')
    .limit(MOST)
    .execute()
  return rows.map(toApplication)
}

// Whoever applied is asking the lender at this moment: the sweep leaves them the time for it.
const firstAskedAt = (now: Date): Date => addMs(now, MINUTE_MS)

/**
 * Those of which the lender has not said anything yet, the longest due first. Each is put off before the lender is asked,
 * so that one that it never answers hides none that came after it.
 */
export async function takeUnansweredApplications(
  tx: Tx,
  lenderId: LenderId,
  now: Date,
): Promise<Application[]> {
  const rows = await tables(tx)
    .selectFrom('credit.application')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('status', '=', 'asking')
    .where('due_at', '<=', now)
    .orderBy('due_at')
    .limit(MOST)
    .forNoKeyUpdate()
    .skipLocked()
    .execute()
  for (const { id, asked_times: times } of rows) {
    await tables(tx)
      .updateTable('credit.application')
      .set({ due_at: askAgainAt(now, times), asked_times: times + 1 })
      .where('hospital_id', '=', lenderId)
      .where('id', '=', id)
      .execute()
  }
  return rows.map(toApplication)
}

const MOST = 100

/** Once for a subject. */
export async function insertConsent(
  tx: Tx,
  consent: Insertable<CreditTables['credit.consent']>,
): Promise<void> {
  await tables(tx)
    .insertInto('credit.consent')
    .values(consent)
    .onConflict((conflict) => conflict.columns(['hospital_id', 'subject']).doNothing())
    .execute()
}

export async function findConsent(tx: Tx, lenderId: LenderId, subject: string) {
  return tables(tx)
    .selectFrom('credit.consent')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('subject', '=', subject)
    .executeTakeFirst()
}

/** False when one is open for the application already. */
export async function insertReview(tx: Tx, lenderId: LenderId, review: Review): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await tables(tx)
    .insertInto('credit.review')
    .values({
      hospital_id: lenderId,
      id: review.id,
      application_id: review.applicationId,
      asked_by: review.askedBy,
      asked_at: review.askedAt,
      statement: review.statement,
      ...decidedColumns(review),
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

export async function updateReview(tx: Tx, lenderId: LenderId, review: Review): Promise<void> {
  await tables(tx)
    .updateTable('credit.review')
    .set(decidedColumns(review))
    .where('hospital_id', '=', lenderId)
    .where('id', '=', review.id)
    .execute()
}

const decidedColumns = ({ status, decidedBy, decidedAt, reason, limitFen }: Review) => ({
  status,
  decided_by: decidedBy,
  decided_at: decidedAt,
  reason,
  limit_fen: limitFen,
})

/** In the order in which they were asked for. */
export async function reviewsOf(
  tx: Tx,
  lenderId: LenderId,
  applicationId: ApplicationId,
): Promise<Review[]> {
  const rows = await tables(tx)
    .selectFrom('credit.review')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('application_id', '=', applicationId)
    .orderBy('id')
    .execute()
  return rows.map(toReview)
}

export async function lockReview(
  tx: Tx,
  lenderId: LenderId,
  id: Review['id'],
): Promise<Review | null> {
  const row = await tables(tx)
    .selectFrom('credit.review')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('id', '=', id)
    .forNoKeyUpdate()
    .executeTakeFirst()
  return row ? toReview(row) : null
}

/** Open reviews of a lender with the applications they are about, the oldest first. */
export async function openReviews(
  tx: Tx,
  lenderId: LenderId,
): Promise<{ review: Review; application: Application }[]> {
  const reviews = await tables(tx)
    .selectFrom('credit.review')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('status', '=', 'open')
    .orderBy('id')
    .limit(MOST)
    .execute()
  if (reviews.length === 0) return []
  const ids = reviews.map((review) => review.application_id)
  const applications = await tables(tx)
    .selectFrom('credit.application')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('id', 'in', ids)
    .execute()
  const byId = new Map(applications.map((row) => [row.id, toApplication(row)]))
  return reviews.flatMap((row) => {
    const application = byId.get(row.application_id)
    return application ? [{ review: toReview(row), application }] : []
  })
}

const toApplication = (row: Selectable<CreditTables['credit.application']>): Application => ({
  lenderId: row.hospital_id,
  id: row.id,
  personId: row.person_id,
  productId: row.product_id,
  way: row.way,
  status: row.status,
  facts: row.facts,
  decision: row.decision,
  limitFen: row.limit_fen,
  refusal: row.refusal,
  createdAt: row.created_at,
})

const toReview = (row: Selectable<CreditTables['credit.review']>): Review => ({
  id: row.id,
  applicationId: row.application_id,
  askedBy: row.asked_by,
  askedAt: row.asked_at,
  statement: row.statement,
  status: row.status,
  decidedBy: row.decided_by,
  decidedAt: row.decided_at,
  reason: row.reason,
  limitFen: row.limit_fen,
})
