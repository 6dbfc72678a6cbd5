import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import { type BusinessDate, HOUR_MS } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { EntryId } from './entry.ts'
import { idAt } from './hour.ts'

// What stands on one account, line by line: reads only. No index leads from an account to its transfers, as it would
// cost every posting. Sums of hours say in which hours of which dates anything moved, and their entries are looked through.

/** One transfer as it stands on one of its two accounts. */
export type StatementLine = {
  entryId: EntryId
  lineNo: number
  businessDate: BusinessDate
  postedHour: Date
  postedAt: Date
  cause: string
  subject: string
  memo: string
  side: 'debit' | 'credit'
  counterAccount: string
  amountFen: Fen
  /** Debit less credit of the account, from the beginning up to this line, this line included. */
  netFen: Fen
}

export type StatementPlace = Pick<
  StatementLine,
  'businessDate' | 'postedHour' | 'entryId' | 'lineNo'
>

export type StatementWish = {
  account: string
  from: BusinessDate
  to: BusinessDate
  order: 'oldest' | 'newest'
  /** The line after which it goes on, in the same order. */
  after: StatementPlace | null
  limit: number
}

const FIRST_HOURS = 2
const MOST_HOURS = 512

/**
 * The lines by business date, then in the order they were posted, each with what the account stood at. Looks through
 * few hours at first and through more where those are thin.
 */
export async function statementLines(
  tx: Tx,
  hospitalId: HospitalId,
  wish: StatementWish,
): Promise<StatementLine[]> {
  const lines: StatementLine[] = []
  let after: HourPlace | StatementPlace | null = wish.after
  for (let hours = FIRST_HOURS; ; hours = Math.min(hours * 2, MOST_HOURS)) {
    const limit = wish.limit - lines.length
    const found = await linesOfHours(tx, hospitalId, { ...wish, after, limit, hours })
    lines.push(...found.lines)
    if (found.last === null || lines.length >= wish.limit) return lines
    after = found.last
  }
}

/** A whole hour of a date that has been looked through. */
type HourPlace = { businessDate: BusinessDate; postedHour: Date }

type HoursWish = Omit<StatementWish, 'after'> & {
  after: HourPlace | StatementPlace | null
  hours: number
}

type HourRow = HourPlace & { fromId: string; untilId: string }

async function linesOfHours(tx: Tx, hospitalId: HospitalId, wish: HoursWish) {
  const hours = await hoursThatMoved(tx, hospitalId, wish)
  const last = hours.at(-1)
  if (!last) return { lines: [], last: null }
  const lines = await linesWithin(tx, hospitalId, wish, hours)
  return { lines, last: hours.length < wish.hours ? null : last }
}

/** From the hour of the place on, or the next one where that has been looked through. */
async function hoursThatMoved(
  tx: Tx,
  hospitalId: HospitalId,
  { account, from, to, order, after, hours }: HoursWish,
): Promise<HourRow[]> {
  const direction = order === 'oldest' ? sql`asc` : sql`desc`
  const { rows } = await sql<HourPlace>`
    select distinct business_date as "businessDate", posted_hour as "postedHour"
    from (
      select business_date, posted_hour from ledger.hour_total
      where hospital_id = ${hospitalId} and account = ${account}
      union all
      select business_date, posted_hour from ledger.rollup
      where hospital_id = ${hospitalId} and account = ${account}
    ) moved
    where business_date >= ${from} and business_date <= ${to} and ${beyondHour(order, after)}
    order by business_date ${direction}, posted_hour ${direction} limit ${hours}`.execute(tx)
  return rows.map((hour) => ({
    ...hour,
    fromId: idAt(hour.postedHour.getTime() - HOUR_MS),
    untilId: idAt(hour.postedHour.getTime() + 2 * HOUR_MS),
  }))
}

function beyondHour(order: StatementWish['order'], after: HoursWish['after']) {
  if (after === null) return sql`true`
  const sign = order === 'oldest' ? '>' : '<'
  const compare = sql.raw('entryId' in after ? `${sign}=` : sign)
  return sql`(business_date, posted_hour) ${compare} (${after.businessDate}::date, ${after.postedHour}::timestamptz)`
}

/** One statement, so that sums and lines are of the same moment. */
async function linesWithin(
  tx: Tx,
  hospitalId: HospitalId,
  { account, order, after, limit }: HoursWish,
  hours: readonly HourRow[],
): Promise<StatementLine[]> {
  const first = order === 'oldest' ? hours[0] : hours.at(-1)
  const direction = order === 'oldest' ? sql`asc` : sql`desc`
  const { rows } = await sql<StatementLine>`
    with before as (
      select coalesce(sum(debit_fen - credit_fen), 0) as net_fen from (
        select business_date, posted_hour, debit_fen, credit_fen from ledger.hour_total
        where hospital_id = ${hospitalId} and account = ${account}
        union all
        select business_date, posted_hour, debit_fen, credit_fen from ledger.rollup
        where hospital_id = ${hospitalId} and account = ${account}
      ) moved
      where (business_date, posted_hour) < (${first?.businessDate}::date, ${first?.postedHour}::timestamptz)
    ), line as (
      select e.id, t.line_no, e.business_date, h.posted_hour, e.created_at, e.cause, e.subject, e.memo,
        case when t.debit_account = ${account} then 'debit' else 'credit' end as side,
        case when t.debit_account = ${account} then t.credit_account else t.debit_account end as counter_account,
        t.amount_fen,
        sum(case when t.debit_account = ${account} then t.amount_fen else -t.amount_fen end)
          over (order by e.business_date, h.posted_hour, e.id, t.line_no) as moved_fen
      from ledger.entry e
      join ${hoursTable(hours)} on e.business_date = h.business_date
        and e.id >= h.from_id and e.id <= h.until_id
        and e.created_at >= h.posted_hour and e.created_at < h.posted_hour + interval '1 hour'
      join ledger.transfer t on t.hospital_id = e.hospital_id and t.entry_id = e.id
        and ${account} in (t.debit_account, t.credit_account)
      where e.hospital_id = ${hospitalId}
    )
    select id as "entryId", line_no as "lineNo", business_date as "businessDate", posted_hour as "postedHour",
      created_at as "postedAt", cause, subject, memo, side, counter_account as "counterAccount",
      amount_fen as "amountFen", (before.net_fen + moved_fen)::bigint as "netFen"
    from line cross join before
    where ${beyondLine(order, after)}
    order by business_date ${direction}, posted_hour ${direction}, id ${direction}, line_no ${direction}
    limit ${limit}`.execute(tx)
  return rows
}

const hoursTable = (hours: readonly HourRow[]) => sql`
  unnest(${hours.map(({ businessDate }) => businessDate)}::date[],
    ${hours.map(({ postedHour }) => postedHour)}::timestamptz[],
    ${hours.map(({ fromId }) => fromId)}::uuid[], ${hours.map(({ untilId }) => untilId)}::uuid[])
    h (business_date, posted_hour, from_id, until_id)`

function beyondLine(order: StatementWish['order'], after: HoursWish['after']) {
  if (after === null || !('entryId' in after)) return sql`true`
  const compare = sql.raw(order === 'oldest' ? '>' : '<')
  return sql`
    (business_date, posted_hour, id, line_no) ${compare}
    (${after.businessDate}::date, ${after.postedHour}::timestamptz, ${after.entryId}::uuid, ${after.lineNo}::int)`
}
