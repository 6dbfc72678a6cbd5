import { sql } from 'kysely'

import type { HospitalId } from '../../../kernel/id.ts'
import { type Fen, fen } from '../../../kernel/money.ts'
import { addDays, type BusinessDate } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/db.ts'
import { balancesOf } from '../../ledger/index.ts'
import type { ScheduleWay } from '../offer/schedule.ts'
import type { LenderId, LineId, LoanId, ProductId } from '../terms.ts'
import { interestTo, PENALTY_UNIT, penaltyParts } from './accrue.ts'
import type { LoanStatus } from './loan.ts'
import { BUCKETS } from './portfolio.ts'
import type { LenderDayRow, LoanTables } from './tables.ts'

// What a lender's own staff read of its loans. Only reads. A loan is named by the account it was drawn on, never by a
// person or a visit, and of the visit there is the hospital alone.

export type DeskLoan = {
  loanId: LoanId
  lineId: LineId | null
  accountNo: string | null
  hospitalId: HospitalId
  productId: ProductId
  way: ScheduleWay
  periods: number
  yearlyRatePpm: number
  feePpm: number
  penaltyRatePpm: number
  principalFen: Fen
  openedOn: BusinessDate
  freeUntil: BusinessDate
  status: LoanStatus
  stage: string
  overdueSince: BusinessDate | null
  endedAt: Date | null
  /** Accrued and not paid, principal before its time among it. */
  owedFen: Fen
  /** Due on this day or before, and not paid. */
  dueFen: Fen
  /** The oldest day on which something is open. */
  nextDueOn: BusinessDate | null
  writeOff: 'proposed' | 'approved' | null
}

export type Bucket = (typeof BUCKETS)[number]['name']
export const BUCKET_NAMES = BUCKETS.map(({ name }) => name)

export type LoansWanted = {
  status?: LoanStatus
  /** Of open loans, those overdue by so many days. */
  bucket?: Bucket
  /** The whole number of the account, or its end. */
  accountNo?: string
  /** Those whose write-off waits for a second person. */
  proposed?: boolean
  before?: LoanId
  limit: number
}

/** The newest first, as of this date. */
export async function loansOfLender(
  tx: Tx,
  lenderId: LenderId,
  date: BusinessDate,
  wanted: LoansWanted,
): Promise<DeskLoan[]> {
  const { status, bucket, accountNo, proposed, before, limit } = wanted
  const { rows } = await sql<DeskLoan>`
    ${deskLoans(lenderId, date)}
    where l.hospital_id = ${lenderId}
      ${status ? sql`and l.status = ${status}` : sql``}
      ${bucket ? isInBucket(bucket, date) : sql``}
      ${accountNo ? sql`and right(c.account_no, ${accountNo.length}::int) = ${accountNo}` : sql``}
      ${proposed ? sql`and l.status = 'open' and w.proposed_at is not null` : sql``}
      ${before ? sql`and l.id < ${before}` : sql``}
    order by l.id desc limit ${limit}`.execute(tx)
  return rows.map(typed)
}

export async function loanOfLender(
  tx: Tx,
  lenderId: LenderId,
  date: BusinessDate,
  loanId: LoanId,
): Promise<DeskLoan | null> {
  const { rows } = await sql<DeskLoan>`
    ${deskLoans(lenderId, date)}
    where l.hospital_id = ${lenderId} and l.id = ${loanId}`.execute(tx)
  const [row] = rows
  return row ? typed(row) : null
}

const deskLoans = (lenderId: LenderId, date: BusinessDate) => sql`
  select l.id as "loanId", c.id as "lineId", c.account_no as "accountNo",
    l.care_hospital_id as "hospitalId", l.product_id as "productId", l.way, l.periods,
    l.yearly_rate_ppm as "yearlyRatePpm", l.fee_ppm as "feePpm",
    l.penalty_rate_ppm as "penaltyRatePpm", l.principal_fen as "principalFen",
    l.opened_on as "openedOn", l.free_until as "freeUntil", l.status, l.stage,
    l.overdue_since as "overdueSince", l.ended_at as "endedAt",
    o.owed as "owedFen", o.due as "dueFen", o.next_due_on as "nextDueOn",
    case when w.approved_at is not null then 'approved' when w.proposed_at is not null then 'proposed' end
      as "writeOff"
  from credit.loan l
  left join credit.line c on c.hospital_id = l.hospital_id and c.person_id = l.person_id
  left join credit.write_off w on w.hospital_id = l.hospital_id and w.loan_id = l.id
  cross join lateral (
    select coalesce(sum(i.open_fen), 0)::bigint as owed,
      coalesce(sum(i.open_fen) filter (where i.due_on <= ${date}::date), 0)::bigint as due,
      min(i.due_on) as next_due_on
    from (
      select due_on, principal_fen - paid_principal_fen + accrued_interest_fen - paid_interest_fen
        + charged_fee_fen - paid_fee_fen + accrued_penalty_fen - paid_penalty_fen as open_fen
      from credit.instalment
      where hospital_id = ${lenderId} and loan_id = l.id and status <> 'paid'
    ) i
  ) o`

/** As the portfolio counts them: days since the oldest due day that passed unpaid. */
function isInBucket(bucket: Bucket, date: BusinessDate) {
  const { from, to } = BUCKETS.find(({ name }) => name === bucket) ?? BUCKETS[0]
  if (from === null) {
    return sql`and l.status = 'open' and coalesce(l.overdue_since, ${date}::date) >= ${date}::date`
  }
  const newest = addDays(date, 0 - from)
  const oldest = to === null ? null : addDays(date, 0 - to)
  return sql`and l.status = 'open' and l.overdue_since <= ${newest}::date
    ${oldest ? sql`and l.overdue_since >= ${oldest}::date` : sql``}`
}

const typed = (row: DeskLoan): DeskLoan => ({
  ...row,
  principalFen: fen(row.principalFen),
  owedFen: fen(row.owedFen),
  dueFen: fen(row.dueFen),
})

const MOST_ROWS = 500

/**
 * What it takes to repay a loan in whole on this day. The books have it as of the last close; whatever is done to a loan
 * first accrues it to the day, by the same terms as here.
 */
export async function owedOn(
  tx: Tx,
  lenderId: LenderId,
  loanId: LoanId,
  date: BusinessDate,
): Promise<Fen> {
  const { rows } = await sql<{ owedFen: number }>`
    select coalesce(sum(i.principal_fen - i.paid_principal_fen - i.paid_interest_fen - i.paid_fee_fen
      + case when i.from_on < ${date}::date and i.interest_fen > 0 and i.status = 'open'
          then greatest(i.accrued_interest_fen, ${interestTo(date)}) else i.accrued_interest_fen end
      + case when i.due_on <= ${date}::date and i.status = 'open' then i.fee_fen else i.charged_fee_fen end
      + i.accrued_penalty_fen - i.paid_penalty_fen
      + case when i.due_on <= ${date}::date and i.status = 'open'
          then ${penaltyParts(date)} / ${PENALTY_UNIT} else 0 end), 0)::bigint as "owedFen"
    from credit.instalment i join credit.loan b on b.hospital_id = i.hospital_id and b.id = i.loan_id
    where i.hospital_id = ${lenderId} and i.loan_id = ${loanId} and i.status <> 'paid'`.execute(tx)
  return fen(rows[0]?.owedFen ?? 0)
}

/** What happened to a loan besides money, the newest first. */
export async function eventsOf(tx: Tx, lenderId: LenderId, loanId: LoanId) {
  return tx
    .withTables<LoanTables>()
    .selectFrom('credit.loan_event')
    .select(['business_date', 'kind', 'detail', 'at'])
    .where('hospital_id', '=', lenderId)
    .where('loan_id', '=', loanId)
    .orderBy('business_date', 'desc')
    .orderBy('at', 'desc')
    .limit(MOST_ROWS)
    .execute()
}

export async function writeOffOf(tx: Tx, lenderId: LenderId, loanId: LoanId) {
  return tx
    .withTables<LoanTables>()
    .selectFrom('credit.write_off')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .where('loan_id', '=', loanId)
    .executeTakeFirst()
}

/** Business dates that were closed or are being closed, the newest first. */
export async function daysOfLender(
  tx: Tx,
  lenderId: LenderId,
  { before, limit }: { before?: BusinessDate; limit: number },
): Promise<LenderDayRow[]> {
  return tx
    .withTables<LoanTables>()
    .selectFrom('credit.lender_day')
    .selectAll()
    .where('hospital_id', '=', lenderId)
    .$if(before !== undefined, (query) => query.where('business_date', '<', before as BusinessDate))
    .orderBy('business_date', 'desc')
    .limit(limit)
    .execute()
}

export type DayCounts = {
  /** Loans that came into a stage on the day, by the stage. */
  stages: { stage: string; loans: number }[]
  reminders: number
  /** Loans of which something was due on the day itself. */
  dueLoans: number
}

/** What the close of one day did to single loans, counted. */
export async function countsOfDay(
  tx: Tx,
  lenderId: LenderId,
  date: BusinessDate,
): Promise<DayCounts> {
  const { rows } = await sql<{ kind: string; stage: string | null; loans: number }>`
    select kind, detail->>'to' as stage, count(*)::int as loans from credit.loan_event
    where hospital_id = ${lenderId} and business_date = ${date}::date
      and (kind = 'stage' or kind like 'reminder:%')
    group by 1, 2 order by 1, 2`.execute(tx)
  const reminders = rows.filter(({ kind }) => kind !== 'stage')
  return {
    stages: rows.flatMap(({ kind, stage, loans }) =>
      kind === 'stage' && stage ? [{ stage, loans }] : [],
    ),
    reminders: reminders.reduce((sum, { loans }) => sum + loans, 0),
    dueLoans: reminders.find(({ kind }) => kind === 'reminder:0')?.loans ?? 0,
  }
}

export type Earned = {
  kind: 'interest' | 'fee' | 'penalty'
  accruedFen: Fen
  receivedFen: Fen
  writtenOffFen: Fen
  receivableFen: Fen
}

/**
 * Interest, fees and penalty since the beginning, from the lender's own ledger: accrued is received, written off, or still
 * to be received. What a write-off gave up is in the sub-ledger, by its cause.
 */
export async function earnedBy(tx: Tx, lenderId: LenderId): Promise<Earned[]> {
  const balances = await balancesOf(tx, lenderId)
  const { rows } = await sql<Record<Earned['kind'], number>>`
    select coalesce(sum(0 - e.interest_fen), 0)::bigint as interest,
      coalesce(sum(0 - e.fee_fen), 0)::bigint as fee,
      coalesce(sum(0 - e.penalty_fen), 0)::bigint as penalty
    from credit.write_off w join credit.loan_entry e on e.hospital_id = w.hospital_id
      and e.loan_id = w.loan_id and e.cause = 'write-off:' || w.loan_id
    where w.hospital_id = ${lenderId} and w.approved_at is not null`.execute(tx)
  return (['interest', 'fee', 'penalty'] as const).map((kind) => {
    const owed = balances.find(({ code }) => code === `loans/${kind}`)
    const [accruedFen, clearedFen] = [owed?.debitFen ?? 0, owed?.creditFen ?? 0]
    const writtenOffFen = rows[0]?.[kind] ?? 0
    return {
      kind,
      accruedFen: fen(accruedFen),
      receivedFen: fen(clearedFen - writtenOffFen),
      writtenOffFen: fen(writtenOffFen),
      receivableFen: fen(accruedFen - clearedFen),
    }
  })
}

export type DueOn = { dueOn: BusinessDate; instalments: number; amountFen: Fen }

/** What falls due from tomorrow to this day, by day, as the schedules have it; and all that is due already. */
export async function dueUntil(
  tx: Tx,
  lenderId: LenderId,
  today: BusinessDate,
  until: BusinessDate,
): Promise<{ now: Omit<DueOn, 'dueOn'>; coming: DueOn[] }> {
  const { rows } = await sql<{
    dueOn: BusinessDate | null
    instalments: number
    amountFen: number
  }>`
    select case when due_on > ${today}::date then due_on end as "dueOn",
      count(*)::int as instalments,
      sum(principal_fen - paid_principal_fen + accrued_penalty_fen - paid_penalty_fen
        + case when due_on > ${today}::date
            then brought_fen + interest_fen + fee_fen else accrued_interest_fen + charged_fee_fen end
        - paid_interest_fen - paid_fee_fen)::bigint as "amountFen"
    from credit.instalment
    where hospital_id = ${lenderId} and status = 'open' and due_on <= ${until}::date
    group by 1 order by 1`.execute(tx)
  const now = rows.find(({ dueOn }) => dueOn === null)
  return {
    now: { instalments: now?.instalments ?? 0, amountFen: fen(now?.amountFen ?? 0) },
    coming: rows.flatMap(({ dueOn, instalments, amountFen }) =>
      dueOn ? [{ dueOn, instalments, amountFen: fen(amountFen) }] : [],
    ),
  }
}
