import { sql } from 'kysely'

import type { HospitalId, Id, NewId } from '../kernel/id.ts'
import { type Clock, DAY_MS } from '../kernel/time.ts'
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

/** One fact of the audit with all that is written down of it. */
export type AuditEntry = AuditRow & { subject: string; requestId: string | null }

export type AuditFilter = {
  /** From this instant to before that one. */
  from?: Date | undefined
  to?: Date | undefined
  subject?: string | undefined
  before?: Id<'Audit'> | undefined
  limit: number
}

/** The audit of a hospital, newest first; the cursor is the last id of the page before. */
export async function auditPage(
  tx: Tx,
  hospitalId: HospitalId,
  { from, to, subject, before, limit }: AuditFilter,
): Promise<AuditEntry[]> {
  const conditions = [sql`hospital_id = ${hospitalId}`]
  // Ids are of about the time of their fact: by them the key is read where the fact must be, and no further.
  if (from) conditions.push(sql`at >= ${from}`, sql`id >= ${idAround(from, -DAY_MS)}::uuid`)
  if (to) conditions.push(sql`at < ${to}`, sql`id < ${idAround(to, DAY_MS)}::uuid`)
  if (subject !== undefined) conditions.push(sql`subject = ${subject}`)
  if (before) conditions.push(sql`id < ${before}`)
  const { rows } = await sql<AuditEntry>`
    select id, at, actor, action, subject, outcome, detail, request_id as "requestId"
    from platform.audit where ${sql.join(conditions, sql` and `)}
    order by id desc limit ${limit}`.execute(tx)
  return rows
}

/** One fact; null for none of this hospital. */
export async function auditEntry(
  tx: Tx,
  hospitalId: HospitalId,
  id: Id<'Audit'>,
): Promise<AuditEntry | null> {
  const { rows } = await sql<AuditEntry>`
    select id, at, actor, action, subject, outcome, detail, request_id as "requestId"
    from platform.audit where hospital_id = ${hospitalId} and id = ${id}`.execute(tx)
  return rows[0] ?? null
}

/** The first id of version 7 there could be at an instant so much off. */
function idAround(at: Date, offMs: number): string {
  const ms = Math.min(Math.max(at.getTime() + offMs, 0), MOST_ID_MS)
  const hex = ms.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

const MOST_ID_MS = 0xffff_ffff_ffff
