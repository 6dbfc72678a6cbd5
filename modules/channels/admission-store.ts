import type { Selectable } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type {
  Assessment,
  ChannelDocument,
  DocumentKind,
  ReportId,
  TierChangeId,
} from './admission.ts'
import type { Tier } from './channel.ts'
import type { ChannelTables } from './tables.ts'

// What a channel has shown, what was found, and which tier it was given: the one place that writes these tables.

const tables = (tx: Tx) => tx.withTables<ChannelTables>()

export async function listDocuments(
  tx: Tx,
  hospitalId: HospitalId,
  channel: string,
): Promise<ChannelDocument[]> {
  const rows = await tables(tx)
    .selectFrom('channels.document')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('channel', '=', channel)
    .orderBy('kind')
    .execute()
  return rows.map((row) => ({
    kind: row.kind,
    reference: row.reference,
    validUntil: row.valid_until,
    note: row.note,
    enteredBy: row.entered_by,
    enteredAt: row.entered_at,
  }))
}

export async function upsertDocument(
  tx: Tx,
  hospitalId: HospitalId,
  channel: string,
  document: ChannelDocument,
): Promise<void> {
  const facts = {
    reference: document.reference,
    valid_until: document.validUntil,
    note: document.note,
    entered_by: document.enteredBy,
    entered_at: document.enteredAt,
  }
  await tables(tx)
    .insertInto('channels.document')
    .values({ hospital_id: hospitalId, channel, kind: document.kind, ...facts })
    .onConflict((conflict) =>
      conflict.columns(['hospital_id', 'channel', 'kind']).doUpdateSet(facts),
    )
    .execute()
}

/** False when there was none. */
export async function deleteDocument(
  tx: Tx,
  hospitalId: HospitalId,
  channel: string,
  kind: DocumentKind,
): Promise<boolean> {
  const result = await tables(tx)
    .deleteFrom('channels.document')
    .where('hospital_id', '=', hospitalId)
    .where('channel', '=', channel)
    .where('kind', '=', kind)
    .executeTakeFirst()
  return result.numDeletedRows === 1n
}

/** An assessment as it was made, on one day, of one stretch of time. */
export type Report = Assessment & {
  id: ReportId
  channel: string
  measuredFrom: Date
  measuredTo: Date
  madeBy: string
  madeAt: Date
}

export async function insertReport(tx: Tx, hospitalId: HospitalId, report: Report): Promise<void> {
  await tables(tx)
    .insertInto('channels.report')
    .values({
      hospital_id: hospitalId,
      id: report.id,
      channel: report.channel,
      measured_from: report.measuredFrom,
      measured_to: report.measuredTo,
      dimensions: JSON.stringify(report.dimensions),
      score: report.score,
      eligible_tier: report.eligibleTier,
      made_by: report.madeBy,
      made_at: report.madeAt,
    })
    .execute()
}

export type Page<T> = { before?: T | undefined; limit: number }

/** Newest first. */
export async function listReports(
  tx: Tx,
  hospitalId: HospitalId,
  channel: string,
  { before, limit }: Page<ReportId>,
): Promise<Report[]> {
  let query = tables(tx)
    .selectFrom('channels.report')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('channel', '=', channel)
  if (before) query = query.where('id', '<', before)
  const rows = await query.orderBy('id', 'desc').limit(limit).execute()
  return rows.map(toReport)
}

export type TierChange = {
  id: TierChangeId
  channel: string
  tier: Tier | null
  reason: string
  reportId: ReportId | null
  byException: boolean
  changedBy: string
  changedAt: Date
}

export async function insertTierChange(
  tx: Tx,
  hospitalId: HospitalId,
  change: TierChange,
): Promise<void> {
  await tables(tx)
    .insertInto('channels.tier_change')
    .values({
      hospital_id: hospitalId,
      id: change.id,
      channel: change.channel,
      tier: change.tier,
      reason: change.reason,
      report_id: change.reportId,
      by_exception: change.byException,
      changed_by: change.changedBy,
      changed_at: change.changedAt,
    })
    .execute()
}

/** Newest first. */
export async function listTierChanges(
  tx: Tx,
  hospitalId: HospitalId,
  channel: string,
  { before, limit }: Page<TierChangeId>,
): Promise<TierChange[]> {
  let query = tables(tx)
    .selectFrom('channels.tier_change')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('channel', '=', channel)
  if (before) query = query.where('id', '<', before)
  const rows = await query.orderBy('id', 'desc').limit(limit).execute()
  return rows.map((row) => ({
    id: row.id,
    channel: row.channel,
    tier: row.tier,
    reason: row.reason,
    reportId: row.report_id,
    byException: row.by_exception,
    changedBy: row.changed_by,
    changedAt: row.changed_at,
  }))
}

const toReport = (row: Selectable<ChannelTables['channels.report']>): Report => ({
  id: row.id,
  channel: row.channel,
  measuredFrom: row.measured_from,
  measuredTo: row.measured_to,
  dimensions: row.dimensions,
  score: row.score,
  eligibleTier: row.eligible_tier,
  madeBy: row.made_by,
  madeAt: row.made_at,
})
