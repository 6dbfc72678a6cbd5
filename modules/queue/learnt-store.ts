import { type Selectable, sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import { type Compared, doubtOf, NOTHING_COMPARED, withCompared } from './doubt.ts'
import {
  type DurationSums,
  type LearntDuration,
  learntDuration,
  NO_DURATIONS,
  withDuration,
} from './durations.ts'
import type { Visit } from './lines.ts'
import type { LineRow, TicketRow } from './store.ts'
import type { QueueTables } from './tables.ts'

// What was learnt of the visits of a doctor and of a department, and how the told times fared.

export type Learnt = {
  durations: Record<Visit, LearntDuration>
  /** Of all visits of the department, without a look at who it is. */
  naiveMeanMs: number
  doubt: number
}

type LearntRow = Selectable<QueueTables['queue.learnt']>
type Of = Pick<LineRow, 'hospital_id' | 'department_code' | 'doctor_code'>

export async function learntOf(tx: Tx, line: Of): Promise<Learnt> {
  const rows = await tx
    .withTables<QueueTables>()
    .selectFrom('queue.learnt')
    .selectAll()
    .where('hospital_id', '=', line.hospital_id)
    .where('department_code', '=', line.department_code)
    .where('doctor_code', 'in', ['', line.doctor_code])
    .execute()
  const sums = (doctor: string, visit: Visit) => sumsOf(find(rows, doctor, visit))
  const duration = (visit: Visit): LearntDuration => {
    const department = sums('', visit)
    return learntDuration(
      line.doctor_code === '' ? NO_DURATIONS : sums(line.doctor_code, visit),
      department,
    )
  }
  const compared = comparedOf(find(rows, line.doctor_code, 'first'))
  const [first, results] = [sums('', 'first'), sums('', 'results')]
  const count = first.count + results.count
  const durations = { first: duration('first'), results: duration('results') }
  return {
    durations,
    naiveMeanMs: count > 0 ? (first.sumMs + results.sumMs) / count : durations.first.mean,
    doubt: doubtOf(compared),
  }
}

/** A visit is over: the doctor's sums and the department's learn from it. */
export async function learnDuration(
  tx: Tx,
  line: Of,
  visit: Visit,
  durationMs: number,
): Promise<void> {
  const { sumMs, sumSquaresMs2 } = withDuration(NO_DURATIONS, durationMs)
  for (const doctor of new Set(['', line.doctor_code])) {
    await sql`insert into queue.learnt (hospital_id, department_code, doctor_code, visit, count, sum_ms,
        sum_squares_ms2, compared, doubt)
      values (${line.hospital_id}, ${line.department_code}, ${doctor}, ${visit}, 1, ${sumMs},
        ${sumSquaresMs2}, 0, 1)
      on conflict (hospital_id, department_code, doctor_code, visit) do update set
        count = queue.learnt.count + 1, sum_ms = queue.learnt.sum_ms + excluded.sum_ms,
        sum_squares_ms2 = queue.learnt.sum_squares_ms2 + excluded.sum_squares_ms2`.execute(tx)
  }
}

/** Somebody is called for the first time: what they were told is held against it. */
export async function learnDoubt(
  tx: Tx,
  line: Of,
  ticket: Pick<TicketRow, 'told_low_ms' | 'told_median_ms' | 'told_high_ms'>,
  waitedMs: number,
): Promise<void> {
  const { hospital_id, department_code, doctor_code } = line
  await sql`insert into queue.learnt (hospital_id, department_code, doctor_code, visit, count, sum_ms,
      sum_squares_ms2, compared, doubt)
    values (${hospital_id}, ${department_code}, ${doctor_code}, 'first', 0, 0, 0, 0, 1)
    on conflict do nothing`.execute(tx)
  const row = await tx
    .withTables<QueueTables>()
    .selectFrom('queue.learnt')
    .selectAll()
    .where('hospital_id', '=', hospital_id)
    .where('department_code', '=', department_code)
    .where('doctor_code', '=', doctor_code)
    .where('visit', '=', 'first')
    .forUpdate()
    .executeTakeFirstOrThrow()
  const told = {
    lowMs: ticket.told_low_ms,
    medianMs: ticket.told_median_ms,
    highMs: ticket.told_high_ms,
  }
  const { count: compared, doubt } = withCompared(comparedOf(row), told, waitedMs)
  await tx
    .withTables<QueueTables>()
    .updateTable('queue.learnt')
    .set({ compared, doubt })
    .where('hospital_id', '=', hospital_id)
    .where('department_code', '=', department_code)
    .where('doctor_code', '=', doctor_code)
    .where('visit', '=', 'first')
    .execute()
}

/** How far the told times were off, for each doctor: minutes are for the reader to make. */
export type Accuracy = {
  departmentCode: string
  departmentName: string
  doctorCode: string
  doctorName: string
  people: number
  errorMs: number
  naiveErrorMs: number
  /** Of all, from 0 to 1, who were called within the interval. */
  within: number
}

export async function accuracyOf(
  tx: Tx,
  hospitalId: HospitalId,
  { from, to }: { from: Date; to: Date },
): Promise<Accuracy[]> {
  const { rows } = await sql<Accuracy>`
    select line.department_code as "departmentCode", max(line.department_name) as "departmentName",
      line.doctor_code as "doctorCode", max(line.doctor_name) as "doctorName",
      count(*)::int as people,
      avg(abs(ticket.waited_ms - ticket.told_median_ms))::float8 as "errorMs",
      avg(abs(ticket.waited_ms - ticket.naive_ms))::float8 as "naiveErrorMs",
      avg(case when ticket.waited_ms between ticket.told_low_ms and ticket.told_high_ms
        then 1 else 0 end)::float8 as within
    from queue.ticket ticket
    join queue.line line on line.hospital_id = ticket.hospital_id and line.id = ticket.line_id
    where ticket.hospital_id = ${hospitalId} and ticket.waited_ms is not null
      and ticket.checked_in_at >= ${from} and ticket.checked_in_at < ${to}
    group by line.department_code, line.doctor_code
    order by line.department_code, line.doctor_code
    limit ${MOST_DOCTORS}`.execute(tx)
  return rows
}

const MOST_DOCTORS = 1_000

const find = (rows: readonly LearntRow[], doctor: string, visit: Visit) =>
  rows.find((row) => row.doctor_code === doctor && row.visit === visit)

const sumsOf = (row: LearntRow | undefined): DurationSums =>
  row ? { count: row.count, sumMs: row.sum_ms, sumSquaresMs2: row.sum_squares_ms2 } : NO_DURATIONS

const comparedOf = (row: LearntRow | undefined): Compared =>
  row ? { count: row.compared, doubt: row.doubt } : NOTHING_COMPARED
