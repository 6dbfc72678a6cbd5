import { sql } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import type { Tx } from '../../platform/db.ts'
import type { AppointmentId, Page, SessionId, Source } from './booking.ts'
import type { StopRow } from './stop-store.ts'
import type { StoppedOutcome } from './stop.ts'
import type { AppointmentRow } from './store.ts'

// What a hospital's staff sees of sessions and of those that do not take place: counts, in one question each.

/** The numbers of a session that are one source's, `any` for those that anybody may have. */
export type SourceCount = {
  source: Source | 'any'
  total: number
  /** To be had now, by whoever may have it. */
  left: number
  held: number
  taken: number
  /** From then on they are anybody's; null where they stay the source's. */
  flowsBackAt: Date | null
}

export async function countBySource(
  tx: Tx,
  hospitalId: HospitalId,
  ids: readonly SessionId[],
  now: Date,
): Promise<Map<SessionId, SourceCount[]>> {
  const { rows } = await sql<SourceCount & { id: SessionId }>`
    select session_id as id, source, count(*)::int as total,
      count(*) filter (where status = 'free' and available_at <= ${now})::int as left,
      count(*) filter (where status = 'held')::int as held,
      count(*) filter (where status = 'taken')::int as taken,
      max(flows_back_at) as "flowsBackAt"
    from booking.slot
    where hospital_id = ${hospitalId} and session_id = any(${[...ids]}::uuid[])
    group by session_id, source order by session_id, source`.execute(tx)
  const found = new Map<SessionId, SourceCount[]>()
  for (const { id, ...count } of rows) found.set(id, [...(found.get(id) ?? []), count])
  return found
}

/** Of these sessions, the stop that waits for a second person. */
export async function proposedStops(
  tx: Tx,
  hospitalId: HospitalId,
  ids: readonly SessionId[],
): Promise<Map<SessionId, Id<'Stop'>>> {
  const { rows } = await sql<{ id: Id<'Stop'>; session: SessionId }>`
    select id, session_id as session from booking.stop
    where hospital_id = ${hospitalId} and status = 'proposed'
      and session_id = any(${[...ids]}::uuid[])`.execute(tx)
  return new Map(rows.map(({ id, session }) => [session, id]))
}

export type OutcomeCount = { outcome: StoppedOutcome; people: number; feeFen: Fen }

// The same as outcomeOf in stop.ts, for many at once.
const OUTCOME = sql<StoppedOutcome>`case when status <> 'stopped' then 'untold'
  when fee = 'paid' then 'deciding' when fee in ('moved', 'returning', 'returned') then fee
  else 'unpaid' end`

/** How it stands with the people of a clinic that does not take place. */
export async function countOutcomes(
  tx: Tx,
  { hospital_id: hospitalId, session_id, slot_number }: StopRow,
): Promise<OutcomeCount[]> {
  const { rows } = await sql<OutcomeCount>`
    select ${OUTCOME} as outcome, count(*)::int as people, sum(fee_fen)::bigint as "feeFen"
    from booking.appointment
    where hospital_id = ${hospitalId} and session_id = ${session_id}
      and (${slot_number}::int is null or slot_number = ${slot_number})
      and status in ('held', 'booked', 'checked_in', 'stopped')
    group by 1`.execute(tx)
  return rows
}

/** The newest first; `outcome` null for all. */
export async function listAffected(
  tx: Tx,
  { hospital_id: hospitalId, session_id, slot_number }: StopRow,
  outcome: StoppedOutcome | null,
  { after, limit }: Page<AppointmentId>,
): Promise<AppointmentRow[]> {
  const { rows } = await sql<AppointmentRow>`select * from booking.appointment
    where hospital_id = ${hospitalId} and session_id = ${session_id}
      and (${slot_number}::int is null or slot_number = ${slot_number})
      and status in ('held', 'booked', 'checked_in', 'stopped')
      and (${outcome}::text is null or ${OUTCOME} = ${outcome})
      and (${after ?? null}::uuid is null or id < ${after ?? null}::uuid)
    order by id desc limit ${limit}`.execute(tx)
  return rows
}
