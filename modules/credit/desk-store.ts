import { sql } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import { type Fen, fen } from '../../kernel/money.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type { Application, Review } from './application-store.ts'
import type { LineStatus } from './line.ts'
import type { CreditTables } from './tables.ts'
import type { LenderId, LineId, Product, ProductId, RepaymentWay } from './terms.ts'

// What a lender's own staff read of its book, page by page. Only reads. No row has the name or number of a person, the
// number of a visit, or a word of what anybody was treated for.

const tables = (tx: Db | Tx) => tx.withTables<CreditTables>()

export type DeskLine = {
  id: LineId
  accountNo: string
  productId: ProductId
  way: RepaymentWay
  status: LineStatus
  limitFen: Fen
  reservedFen: Fen
  drawnFen: Fen
  createdAt: Date
  updatedAt: Date
}

export type LinesWanted = {
  status?: LineStatus
  /** The whole number of the account, or its end. */
  accountNo?: string
  before?: LineId
  limit: number
}

/** The newest first. */
export async function linesOfLender(
  tx: Tx,
  lenderId: LenderId,
  { status, accountNo, before, limit }: LinesWanted,
): Promise<DeskLine[]> {
  return deskLines(tx, lenderId)
    .$if(status !== undefined, (query) => query.where('status', '=', status as LineStatus))
    .$if(accountNo !== undefined, (query) => query.where(endsWith(accountNo ?? '')))
    .$if(before !== undefined, (query) => query.where('id', '<', before as LineId))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
}

export async function lineOfLender(
  tx: Tx,
  lenderId: LenderId,
  id: LineId,
): Promise<DeskLine | null> {
  return (await deskLines(tx, lenderId).where('id', '=', id).executeTakeFirst()) ?? null
}

/** Compared letter by letter: what is typed is never read as a pattern. */
const endsWith = (end: string) => sql<boolean>`right(account_no, ${end.length}::int) = ${end}`

const deskLines = (tx: Tx, lenderId: LenderId) =>
  tables(tx)
    .selectFrom('credit.line')
    .select([
      'id',
      'account_no as accountNo',
      'product_id as productId',
      'way',
      'status',
      'limit_fen as limitFen',
      'reserved_fen as reservedFen',
      'drawn_fen as drawnFen',
      'created_at as createdAt',
      'updated_at as updatedAt',
    ])
    .where('hospital_id', '=', lenderId)

/** All lines of one status together. */
export type LinesInUse = {
  status: LineStatus
  lines: number
  limitFen: Fen
  reservedFen: Fen
  drawnFen: Fen
}

export async function linesInUse(tx: Tx, lenderId: LenderId): Promise<LinesInUse[]> {
  const { rows } = await sql<LinesInUse>`
    select status, count(*)::int as lines, sum(limit_fen)::bigint as "limitFen",
      sum(reserved_fen)::bigint as "reservedFen", sum(drawn_fen)::bigint as "drawnFen"
    from credit.line where hospital_id = ${lenderId} group by status order by status`.execute(tx)
  return rows.map((row) => ({
    ...row,
    limitFen: fen(row.limitFen),
    reservedFen: fen(row.reservedFen),
    drawnFen: fen(row.drawnFen),
  }))
}

export type LimitAtHospital = {
  careHospitalId: HospitalId
  limitFen: Fen
  usedFen: Fen
  updatedAt: Date
}

const MOST_HOSPITALS = 2_000

/** What a lender allows at each hospital, by the hospital's number. */
export async function limitsOfLender(tx: Tx, lenderId: LenderId): Promise<LimitAtHospital[]> {
  return tables(tx)
    .selectFrom('credit.hospital_limit')
    .select([
      'care_hospital_id as careHospitalId',
      'limit_fen as limitFen',
      'used_fen as usedFen',
      'updated_at as updatedAt',
    ])
    .where('hospital_id', '=', lenderId)
    .orderBy('care_hospital_id')
    .limit(MOST_HOSPITALS)
    .execute()
}

/** What a lender offers and what it offered before, by name. */
export async function productsOfLender(db: Db, lenderId: LenderId): Promise<Product[]> {
  const rows = await tables(db)
    .selectFrom('credit.product')
    .selectAll()
    .where('lender_id', '=', lenderId)
    .orderBy('product_id')
    .execute()
  return rows.map(({ terms, lender_id, product_id, status }) => ({
    ...terms,
    lenderId: lender_id,
    id: product_id,
    status,
  }))
}

export type DeskApplication = Omit<Application, 'personId' | 'facts'>

/** The newest first. */
export async function applicationsOfLender(
  tx: Tx,
  lenderId: LenderId,
  wanted: { status?: Application['status']; before?: Application['id']; limit: number },
): Promise<DeskApplication[]> {
  const { status, before, limit } = wanted
  const rows = await deskApplications(tx, lenderId)
    .$if(status !== undefined, (query) =>
      query.where('status', '=', status as Application['status']),
    )
    .$if(before !== undefined, (query) => query.where('id', '<', before as Application['id']))
    .orderBy('id', 'desc')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ ...row, lenderId }))
}

const deskApplications = (tx: Tx, lenderId: LenderId) =>
  tables(tx)
    .selectFrom('credit.application')
    .select([
      'id',
      'product_id as productId',
      'way',
      'status',
      'decision',
      'limit_fen as limitFen',
      'refusal',
      'created_at as createdAt',
    ])
    .where('hospital_id', '=', lenderId)

export type ReviewsWanted = {
  state: 'open' | 'decided'
  after?: Id<'CreditReview'>
  limit: number
}

export type DeskReview = {
  review: Review
  application: DeskApplication
  /** Who decided earlier reviews of the same application. */
  deciders: string[]
}

/** Those that wait, the oldest first; those that are decided, the newest first. */
export async function reviewsOfLender(
  tx: Tx,
  lenderId: LenderId,
  { state, after, limit }: ReviewsWanted,
): Promise<DeskReview[]> {
  const isOpen = state === 'open'
  const rows = await tables(tx)
    .selectFrom('credit.review')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('status', isOpen ? '=' : '<>', 'open')
    .$if(after !== undefined, (query) =>
      query.where('id', isOpen ? '>' : '<', after as Id<'CreditReview'>),
    )
    .orderBy('id', isOpen ? 'asc' : 'desc')
    .limit(limit)
    .execute()
  if (rows.length === 0) return []
  const ids = [...new Set(rows.map((row) => row.application_id))]
  const applications = await deskApplications(tx, lenderId).where('id', 'in', ids).execute()
  const byId = new Map(applications.map((row) => [row.id, { ...row, lenderId }]))
  const decided = await tables(tx)
    .selectFrom('credit.review')
    .select(['application_id', 'decided_by'])
    .where('hospital_id', '=', lenderId)
    .where('application_id', 'in', ids)
    .where('status', '<>', 'open')
    .execute()
  return rows.flatMap((row) => {
    const application = byId.get(row.application_id)
    const deciders = decided
      .filter(({ application_id }) => application_id === row.application_id)
      .flatMap(({ decided_by }) => decided_by ?? [])
    return application ? [{ review: reviewOf(row), application, deciders }] : []
  })
}

const reviewOf = (row: {
  id: Review['id']
  application_id: Review['applicationId']
  asked_by: string
  asked_at: Date
  statement: string
  status: Review['status']
  decided_by: string | null
  decided_at: Date | null
  reason: string | null
  limit_fen: Fen | null
}): Review => ({
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
