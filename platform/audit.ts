import { sql } from 'kysely'

import type { HospitalId, Id, NewId } from '../kernel/id.ts'
import type { Clock } from '../kernel/time.ts'
import type { Tx } from './db.ts'
import type { Actor } from './principal.ts'

export type AuditFact = {
  action: string // 'payments.confirm'
  subject: string // 'payment:<id>'
  outcome?: string
  detail?: Record<string, string | number | boolean | null>
}

export type Audit = (tx: Tx, hospitalId: HospitalId, actor: Actor, fact: AuditFact) => Promise<void>

/** Writes who did what, in the transaction that does it. Rows are never changed. */
export const createAudit =
  ({ clock, newId }: { clock: Clock; newId: NewId }): Audit =>
  async (tx, hospitalId, actor, { action, subject, outcome = 'done', detail = {} }) => {
    await sql`insert into platform.audit
      (hospital_id, id, at, actor, action, subject, outcome, detail, request_id)
      values (${hospitalId}, ${newId()}, ${clock.now()}, ${actor.name}, ${action}, ${subject},
        ${outcome}, ${JSON.stringify(detail)}, ${actor.requestId})`.execute(tx)
  }

export type AuditRow = {
  id: Id<'Audit'>
  at: Date
  actor: string
  action: string
  outcome: string
  detail: Record<string, string | number | boolean | null>
}

const MOST_ROWS = 500

/** Who did what to one thing, in order; the first five hundred. */
export async function auditAbout(
  tx: Tx,
  hospitalId: HospitalId,
  subject: string,
): Promise<AuditRow[]> {
  const { rows } = await sql<AuditRow>`
    select id, at, actor, action, outcome, detail from platform.audit
    where hospital_id = ${hospitalId} and subject = ${subject}
    order by id limit ${MOST_ROWS}`.execute(tx)
  return rows
}
