import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import { addFen, type Fen, fen, ZERO } from '../../kernel/money.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { Identity } from './identity.ts'

export type ListFacts = {
  /** When the list of each day came, the first time. */
  arrivals: { businessDate: BusinessDate; receivedAt: Date }[]
  /** How the newest list of each day came out, as it stands now. */
  comparisons: ComparedList[]
}

export type ComparedList = {
  businessDate: BusinessDate
  /** When it first came out like this. */
  comparedAt: Date
  /** Of the longer side, charges and returns together. */
  rows: number
  amountFen: Fen
  /** Without rows that both have with one amount on two neighbouring days: those do not differ, midnight parts them. */
  differences: number
  /** By how much the two sides differ, added up whichever has more. */
  differenceFen: Fen
}

/** How the lists of one source fared, for the business dates from the one to the other, both included. */
export async function listFacts(
  tx: Tx,
  hospitalId: HospitalId,
  { source, from, to }: { source: string; from: BusinessDate; to: BusinessDate },
): Promise<ListFacts> {
  const ofLists = sql`source = ${source}
    and business_date >= ${from} and business_date <= ${to}`
  const { rows: arrivals } = await sql<ListFacts['arrivals'][number]>`
    select business_date as "businessDate", received_at as "receivedAt"
    from reconciliation.statement where hospital_id = ${hospitalId} and ${ofLists} and version = 1 order by business_date`.execute(
    tx,
  )
  const { rows: results } = await sql<Result>`
    select distinct on (business_date) business_date as "businessDate", figures,
      compared_at as "comparedAt"
    from reconciliation.comparison where hospital_id = ${hospitalId} and ${ofLists}
    order by business_date, version desc`.execute(tx)
  const { rows: counts } = await sql<DifferenceCount>`
    select business_date as "businessDate", count(*) as count,
      sum(abs(theirs_fen - ours_fen))::bigint as "amountFen"
    from reconciliation.difference where hospital_id = ${hospitalId} and ${ofLists}
      and present and class <> 'cross_day'
    group by business_date`.execute(tx)
  const byDate = new Map(counts.map((count) => [count.businessDate, count]))
  return {
    arrivals,
    comparisons: results.map(({ figures, ...result }) => ({
      ...result,
      ...sizeOf(figures),
      differences: byDate.get(result.businessDate)?.count ?? 0,
      differenceFen: byDate.get(result.businessDate)?.amountFen ?? ZERO,
    })),
  }
}

const sizeOf = ({ charge, return: back }: Identity) => ({
  rows: [charge, back].reduce(
    (sum, { ours, theirs }) => sum + Math.max(ours.count, theirs.count),
    0,
  ),
  amountFen: addFen(
    ...[charge, back].map(({ ours, theirs }) => fen(Math.max(ours.amountFen, theirs.amountFen))),
  ),
})

type Result = { businessDate: BusinessDate; comparedAt: Date; figures: Identity }
type DifferenceCount = { businessDate: BusinessDate; count: number; amountFen: Fen }
