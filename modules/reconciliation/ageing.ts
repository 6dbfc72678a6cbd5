import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import { addMs, DAY_MS, HOUR_MS } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'

/** How long a case has been open: up to so much. The last has no end. */
export const AGES = ['2h', '1d', '3d', '7d', 'older'] as const

export type Age = (typeof AGES)[number]

const UP_TO_MS: Record<Exclude<Age, 'older'>, number> = {
  '2h': 2 * HOUR_MS,
  '1d': DAY_MS,
  '3d': 3 * DAY_MS,
  '7d': 7 * DAY_MS,
}

/** When cases of an age were opened: after `from`, and until `to`; null for no bound. */
export function openedWithin(age: Age, now: Date): { from: Date | null; to: Date | null } {
  const before = AGES[AGES.indexOf(age) - 1]
  return {
    from: age === 'older' ? null : addMs(now, -UP_TO_MS[age]),
    to: before === undefined || before === 'older' ? null : addMs(now, -UP_TO_MS[before]),
  }
}

export type AgeFigure = { age: Age; count: number; amountFen: Fen; overdue: number }

/** The open cases by age, youngest first; ages without one too. */
export async function ageingOf(tx: Tx, hospitalId: HospitalId, now: Date): Promise<AgeFigure[]> {
  const figures: AgeFigure[] = []
  for (const age of AGES) {
    const { from, to } = openedWithin(age, now)
    const { rows } = await sql<Omit<AgeFigure, 'age'>>`
      select count(*) as count, coalesce(sum(amount_fen), 0)::bigint as "amountFen",
        count(*) filter (where due_at < ${now}) as overdue
      from reconciliation.work_case
      where hospital_id = ${hospitalId} and status = 'open'
        and (${from}::timestamptz is null or opened_at > ${from})
        and (${to}::timestamptz is null or opened_at <= ${to})`.execute(tx)
    const [figure] = rows
    if (figure) figures.push({ age, ...figure })
  }
  return figures
}
