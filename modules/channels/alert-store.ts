import { type Selectable, sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { Alert, AlertFigures, AlertId } from './alert.ts'
import type { ChannelTables } from './tables.ts'

// Alerts, and up to when was looked for them: the one place that reads or writes these tables.

const tables = (tx: Tx) => tx.withTables<ChannelTables>()

/** False when one about the same is open already. */
export async function openAlert(tx: Tx, hospitalId: HospitalId, alert: Alert): Promise<boolean> {
  const { rows } = await sql<{ id: AlertId }>`insert into channels.alert
      (hospital_id, id, channel, class, figures, opened_at, seen_at)
    values (${hospitalId}, ${alert.id}, ${alert.channel}, ${alert.class}, ${JSON.stringify(alert.figures)},
      ${alert.openedAt}, ${alert.seenAt})
    on conflict (hospital_id, channel, class) where closed_at is null do nothing
    returning id`.execute(tx)
  return rows.length === 1
}

type AlertChanges = Partial<{
  seen_at: Date
  closed_at: Date
  overdue_at: Date
  acknowledged_by: string
  acknowledged_at: Date
  note: string | null
}>

export async function changeAlert(
  tx: Tx,
  hospitalId: HospitalId,
  id: AlertId,
  changes: AlertChanges,
  figures?: AlertFigures,
): Promise<void> {
  await tables(tx)
    .updateTable('channels.alert')
    .set({ ...changes, ...(figures ? { figures: JSON.stringify(figures) } : {}) })
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .execute()
}

/** Locks the alert until the transaction ends; null where there is none. */
export async function lockAlert(
  tx: Tx,
  hospitalId: HospitalId,
  id: AlertId,
): Promise<Alert | null> {
  const row = await tables(tx)
    .selectFrom('channels.alert')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row ? toAlert(row) : null
}

export async function findAlert(
  tx: Tx,
  hospitalId: HospitalId,
  id: AlertId,
): Promise<Alert | null> {
  const row = await tables(tx)
    .selectFrom('channels.alert')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? toAlert(row) : null
}

export async function openAlerts(tx: Tx, hospitalId: HospitalId): Promise<Alert[]> {
  const rows = await tables(tx)
    .selectFrom('channels.alert')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('closed_at', 'is', null)
    .orderBy('id')
    .execute()
  return rows.map(toAlert)
}

export type AlertFilter = {
  state?: 'open' | 'closed' | undefined
  channel?: string | undefined
  before?: AlertId | undefined
  limit: number
}

/** Newest first. */
export async function listAlerts(
  tx: Tx,
  hospitalId: HospitalId,
  { state, channel, before, limit }: AlertFilter,
): Promise<Alert[]> {
  let query = tables(tx)
    .selectFrom('channels.alert')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
  if (state) query = query.where('closed_at', state === 'open' ? 'is' : 'is not', null)
  if (channel) query = query.where('channel', '=', channel)
  if (before) query = query.where('id', '<', before)
  const rows = await query.orderBy('id', 'desc').limit(limit).execute()
  return rows.map(toAlert)
}

export async function lookedAt(tx: Tx, hospitalId: HospitalId): Promise<Date | null> {
  const row = await tables(tx)
    .selectFrom('channels.watch')
    .select('looked_at')
    .where('hospital_id', '=', hospitalId)
    .executeTakeFirst()
  return row?.looked_at ?? null
}

export async function setLookedAt(tx: Tx, hospitalId: HospitalId, at: Date): Promise<void> {
  await tables(tx)
    .insertInto('channels.watch')
    .values({ hospital_id: hospitalId, looked_at: at })
    .onConflict((conflict) => conflict.column('hospital_id').doUpdateSet({ looked_at: at }))
    .execute()
}

const toAlert = (row: Selectable<ChannelTables['channels.alert']>): Alert => ({
  id: row.id,
  channel: row.channel,
  class: row.class,
  figures: row.figures,
  openedAt: row.opened_at,
  seenAt: row.seen_at,
  closedAt: row.closed_at,
  acknowledgedBy: row.acknowledged_by,
  acknowledgedAt: row.acknowledged_at,
  note: row.note,
  overdueAt: row.overdue_at,
})
