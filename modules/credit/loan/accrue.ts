import { sql } from 'kysely'

import { type Fen, fen } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/db.ts'
import type { LenderId, LoanId, PersonId } from '../terms.ts'
import type { Stage } from './loan.ts'

// One statement accrues interest, charges fees and penalty, moves loans through the overdue ladder and notes
// reminders: for a batch of a night, and for the one loan that is about to be repaid, by the same rules. Each row is
// computed from itself alone, so that a payment that came between is seen.

export type Accrued = {
  loans: number
  interestFen: Fen
  feeFen: Fen
  penaltyFen: Fen
  /** Loans that came into another stage of the ladder. */
  moved: { loanId: LoanId; personId: PersonId; stage: string; suspends: boolean }[]
}

export type AccrualRequest = {
  lenderId: LenderId
  date: BusinessDate
  /** What the rows of the sub-ledger are called. */
  cause: string
  stages: readonly Stage[]
  reminderDays: readonly number[]
  at: Date
}

/** The open loans after one and up to another, in order of their ids; of a single loan both are itself. */
export type LoanRange = { after: LoanId; upTo: LoanId } | { only: LoanId }

/** The last of the next so many open loans after one; null when there is none. */
export async function endOfBatch(
  tx: Tx,
  lenderId: LenderId,
  after: LoanId,
  most: number,
): Promise<LoanId | null> {
  const { rows } = await sql<{ id: LoanId }>`
    select id from (select id from credit.loan
      where hospital_id = ${lenderId} and status = 'open' and id > ${after} order by id limit ${most}) next
    order by id desc limit 1`.execute(tx)
  return rows[0]?.id ?? null
}

// Said of every table of the statement: a plan that reads a whole table for each batch is not to be had.
const inRange = (column: string, range: LoanRange) =>
  'only' in range
    ? sql`${sql.ref(column)} = ${range.only}`
    : sql`${sql.ref(column)} > ${range.after} and ${sql.ref(column)} <= ${range.upTo}`

/** Brings the loans of a range to this day. A loan that is there already stays as it is. */
export async function accrueLoans(
  tx: Tx,
  range: LoanRange,
  { lenderId, date, cause, stages, reminderDays, at }: AccrualRequest,
): Promise<Accrued> {
  const ladder = JSON.stringify(stages)
  const { rows } = await sql<AccruedRow>`
    with batch as materialized (
      select id, person_id, penalty_rate_ppm, overdue_since, stage from credit.loan
      where hospital_id = ${lenderId} and status = 'open' and ${inRange('id', range)}
    ),
    moved as (
      ${accruing(lenderId, date, range)}
    ), noted as (
      insert into credit.loan_entry
        (hospital_id, loan_id, cause, business_date, principal_fen, interest_fen, fee_fen, penalty_fen)
      select ${lenderId}::int, loan_id, ${cause}, ${date}::date, 0, sum(day_interest_fen),
        sum(day_fee_fen), sum(day_penalty_fen)
      from moved group by loan_id
      having sum(day_interest_fen) + sum(day_fee_fen) + sum(day_penalty_fen) > 0
    ), late as (
      select m.loan_id, b.person_id, b.stage as old_stage, b.overdue_since as old_since,
        min(m.due_on) as since, ${date}::date - min(m.due_on) as days
      from moved m join batch b on b.id = m.loan_id
      where m.due_on < ${date}::date group by 1, 2, 3, 4
    ), staged as (
      select l.*, s.name as stage, s.suspends from late l cross join lateral (
        select name, suspends from jsonb_to_recordset(${ladder}::jsonb)
          as s(name text, "fromDay" int, suspends boolean)
        where "fromDay" <= l.days order by "fromDay" desc limit 1) s
    ), changed as (
      update credit.loan n set overdue_since = s.since, stage = s.stage
      from staged s
      where n.hospital_id = ${lenderId} and n.id = s.loan_id and ${inRange('n.id', range)}
        and (n.overdue_since is distinct from s.since or n.stage <> s.stage)
    ), reminders as (
      insert into credit.loan_event (hospital_id, loan_id, business_date, kind, detail, at)
      ${reminding(lenderId, date, range, reminderDays, at)}
      on conflict do nothing
    ), steps as (
      insert into credit.loan_event (hospital_id, loan_id, business_date, kind, detail, at)
      select ${lenderId}::int, loan_id, ${date}::date, 'stage', jsonb_build_object('from', old_stage,
        'to', stage, 'days', days), ${at}::timestamptz
      from staged where stage <> old_stage
      on conflict do nothing
    )
    select (select count(*) from batch)::int as loans,
      coalesce(sum(day_interest_fen), 0) as "interestFen", coalesce(sum(day_fee_fen), 0) as "feeFen",
      coalesce(sum(day_penalty_fen), 0) as "penaltyFen",
      (select coalesce(jsonb_agg(jsonb_build_object('loanId', loan_id, 'personId', person_id,
          'stage', stage, 'suspends', suspends)), '[]')
        from staged where stage <> old_stage) as moved
    from moved`.execute(tx)
  const [row] = rows
  if (!row) return { loans: 0, ...NONE, moved: [] }
  return {
    ...row,
    interestFen: fen(row.interestFen),
    feeFen: fen(row.feeFen),
    penaltyFen: fen(row.penaltyFen),
  }
}

/**
 * The rows that change: those of a period that has begun and bears interest, and all that are due. Interest so far is
 * what was brought, and of the period's the days' part rounded half up; penalty is the overdue principal by day, with
 * what is below a fen carried on.
 */
const accruing = (lenderId: LenderId, date: BusinessDate, range: LoanRange) => sql`
  update credit.instalment i set
    accrued_interest_fen = ${interestTo(date)},
    day_interest_fen = ${interestTo(date)} - i.accrued_interest_fen,
    charged_fee_fen = case when i.due_on <= ${date}::date then i.fee_fen else 0 end,
    day_fee_fen = case when i.due_on <= ${date}::date then i.fee_fen else 0 end - i.charged_fee_fen,
    accrued_penalty_fen = i.accrued_penalty_fen + ${penaltyParts(date)} / ${PENALTY_UNIT},
    day_penalty_fen = ${penaltyParts(date)} / ${PENALTY_UNIT},
    penalty_carry = ${penaltyParts(date)} % ${PENALTY_UNIT},
    accrued_on = ${date}::date
  from batch b
  where i.hospital_id = ${lenderId} and i.loan_id = b.id and ${inRange('i.loan_id', range)}
    and i.status = 'open'
    and i.accrued_on < ${date}::date and i.from_on < ${date}::date
    and (i.interest_fen > 0 or i.due_on <= ${date}::date)
  returning i.loan_id, i.due_on, i.day_interest_fen, i.day_fee_fen, i.day_penalty_fen`

/** Below this many parts a fen is not reached: millionths, over the days of a year. */
export const PENALTY_UNIT = sql.raw('365000000')

/** Of an instalment `i`: its interest so far. */
export const interestTo = (date: BusinessDate) => sql`(i.brought_fen + case
  when i.due_on <= ${date}::date then i.interest_fen
  else (2 * i.interest_fen * (${date}::date - i.from_on) + (i.due_on - i.from_on))
    / (2 * (i.due_on - i.from_on)) end)`

/** Of an instalment `i` of a loan `b`: penalty that came since it was accrued, in parts of a fen. */
export const penaltyParts = (date: BusinessDate) => sql`(i.penalty_carry
  + (i.principal_fen - i.paid_principal_fen) * b.penalty_rate_ppm
    * greatest(${date}::date - greatest(i.accrued_on, i.due_on), 0))`

const reminding = (
  lenderId: LenderId,
  date: BusinessDate,
  range: LoanRange,
  days: readonly number[],
  at: Date,
) => sql`
  select ${lenderId}::int, i.loan_id, ${date}::date,
    'reminder:' || (${date}::date - i.due_on), jsonb_build_object('dueOn', i.due_on, 'no', i.no), ${at}::timestamptz
  from credit.instalment i join batch b on b.id = i.loan_id
  where i.hospital_id = ${lenderId} and i.status = 'open' and ${inRange('i.loan_id', range)}
    and i.due_on = any(array(select ${date}::date - d from unnest(${[...days]}::int[]) d))`

const NONE = { interestFen: fen(0), feeFen: fen(0), penaltyFen: fen(0) }

type AccruedRow = Omit<Accrued, 'interestFen' | 'feeFen' | 'penaltyFen'> & {
  interestFen: number
  feeFen: number
  penaltyFen: number
}
