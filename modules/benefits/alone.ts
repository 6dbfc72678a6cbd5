import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import { type BusinessDate, businessDate, instantAt } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { PersonId, ProgrammeId } from './programme.ts'

// What one member of the staff has given without a second: many small amounts are a large one.

/** What one person does alone takes turns, so that two at once are added up. Taken before any other row. */
export async function lockGiver(tx: Tx, hospitalId: HospitalId, by: string): Promise<void> {
  await sql`insert into benefits.giver as g (hospital_id, name) values (${hospitalId}, ${by})
    on conflict (hospital_id, name) do update set name = excluded.name`.execute(tx)
}

type Given = { hospitalId: HospitalId; by: string; today: BusinessDate }

/** Granted alone: to this person by this programme in the year, and to all on the day. */
export async function grantedAlone(
  tx: Tx,
  { hospitalId, by, today }: Given,
  { programmeId, personId }: { programmeId: ProgrammeId; personId: PersonId },
): Promise<{ toPersonFen: Fen; onDayFen: Fen }> {
  const { rows } = await sql<{ to_person: Fen; on_day: Fen }>`select
      coalesce(sum(amount_fen) filter (where programme_id = ${programmeId}
        and person_id = ${personId}), 0)::bigint as to_person,
      coalesce(sum(amount_fen) filter (where proposed_at >= ${instantAt(today)}), 0)::bigint as on_day
    from benefits.entitlement
    where hospital_id = ${hospitalId} and proposed_by = ${by} and not needs_second
      and origin like 'decision:%' and proposed_at >= ${yearOf(today)}`.execute(tx)
  const [sums] = rows
  return { toPersonFen: sums?.to_person ?? (0 as Fen), onDayFen: sums?.on_day ?? (0 as Fen) }
}

/** Put into budgets alone in the year, whichever programmes'. */
export async function allottedAlone(tx: Tx, { hospitalId, by, today }: Given): Promise<Fen> {
  const { rows } = await sql<{ sum: Fen }>`select coalesce(sum(amount_fen), 0)::bigint as sum
    from benefits.allotment
    where hospital_id = ${hospitalId} and decided_by = ${by} and not by_two and amount_fen > 0
      and at >= ${yearOf(today)}`.execute(tx)
  return rows[0]?.sum ?? (0 as Fen)
}

const yearOf = (today: BusinessDate): Date => instantAt(businessDate(`${today.slice(0, 4)}-01-01`))
