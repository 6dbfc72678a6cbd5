import { type Selectable, sql } from 'kysely'

import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import type { ClaimId, ClaimRefund, Settlement } from './claim.ts'
import type { Figures } from './figures.ts'
import type { InsuranceTables } from './tables.ts'

// The one place that reads or writes settlements and refunds.

type SettlementRow = Selectable<InsuranceTables['insurance.settlement']>
type RefundRow = Selectable<InsuranceTables['insurance.refund']>

const tables = (tx: Tx) => tx.withTables<InsuranceTables>()

export async function insertSettlement(tx: Tx, settlement: Settlement): Promise<void> {
  await tables(tx)
    .insertInto('insurance.settlement')
    .values({
      hospital_id: settlement.hospitalId,
      msgid: settlement.msgid,
      claim_id: settlement.claimId,
      refund_id: settlement.refundId,
      kind: settlement.kind,
      psn_no: settlement.psnNo,
      mdtrt_id: settlement.mdtrtId,
      insured_region: settlement.insuredRegion,
      sent_at: settlement.sentAt,
      ...outcomeColumns(settlement),
    })
    .execute()
}

export async function updateSettlement(tx: Tx, settlement: Settlement): Promise<void> {
  await tables(tx)
    .updateTable('insurance.settlement')
    .set(outcomeColumns(settlement))
    .where('hospital_id', '=', settlement.hospitalId)
    .where('msgid', '=', settlement.msgid)
    .executeTakeFirstOrThrow()
}

const settlements = (tx: Tx, hospitalId: HospitalId) =>
  tables(tx).selectFrom('insurance.settlement').selectAll().where('hospital_id', '=', hospitalId)

export async function findSettlement(
  tx: Tx,
  hospitalId: HospitalId,
  msgid: string,
): Promise<Settlement | null> {
  const row = await settlements(tx, hospitalId).where('msgid', '=', msgid).executeTakeFirst()
  return row ? toSettlement(row) : null
}

/** In the order of their messages. */
export async function settlementsOf(
  tx: Tx,
  hospitalId: HospitalId,
  claimId: ClaimId,
): Promise<Settlement[]> {
  const rows = await settlements(tx, hospitalId)
    .where('claim_id', '=', claimId)
    .orderBy('msgid')
    .execute()
  return rows.map(toSettlement)
}

export async function settlementsByMsgid(
  tx: Tx,
  hospitalId: HospitalId,
  msgids: readonly string[],
): Promise<Settlement[]> {
  const rows = await settlements(tx, hospitalId)
    .where('msgid', '=', sql<string>`any(${[...msgids]})`)
    .execute()
  return rows.map(toSettlement)
}

export async function insertRefund(tx: Tx, refund: ClaimRefund): Promise<void> {
  await tables(tx)
    .insertInto('insurance.refund')
    .values({
      hospital_id: refund.hospitalId,
      id: refund.id,
      claim_id: refund.claimId,
      old_msgid: refund.oldMsgid,
      requested_at: refund.requestedAt,
      updated_at: refund.requestedAt,
      ...refundColumns(refund),
    })
    .execute()
}

export async function updateRefund(tx: Tx, refund: ClaimRefund, now: Date): Promise<void> {
  await tables(tx)
    .updateTable('insurance.refund')
    .set({ ...refundColumns(refund), updated_at: now })
    .where('hospital_id', '=', refund.hospitalId)
    .where('id', '=', refund.id)
    .executeTakeFirstOrThrow()
}

export async function findRefund(
  tx: Tx,
  hospitalId: HospitalId,
  id: Id<'Refund'>,
): Promise<ClaimRefund | null> {
  const row = await tables(tx)
    .selectFrom('insurance.refund')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ? toRefund(row) : null
}

const outcomeColumns = (settlement: Settlement) => ({
  status: settlement.status,
  setl_id: settlement.setlId,
  insutype: settlement.insutype,
  clr_type: settlement.clrType,
  clr_optins: settlement.clrOptins,
  figures: textOf(settlement.figures),
  settled_at: settlement.settledAt,
})

const refundColumns = (refund: ClaimRefund) => ({
  status: refund.status,
  void_msgid: refund.voidMsgid,
  void_in_doubt: refund.voidInDoubt,
  batch_no: refund.batchNo,
  batch_seq: refund.batchSeq,
  upload_msgid: refund.uploadMsgid,
  new_msgid: refund.newMsgid,
  reason: refund.reason,
})

const textOf = (figures: Figures | null) => (figures === null ? null : JSON.stringify(figures))

const toSettlement = (row: SettlementRow): Settlement => ({
  hospitalId: row.hospital_id,
  msgid: row.msgid,
  claimId: row.claim_id,
  refundId: row.refund_id,
  kind: row.kind,
  status: row.status,
  psnNo: row.psn_no,
  mdtrtId: row.mdtrt_id,
  setlId: row.setl_id,
  insutype: row.insutype,
  insuredRegion: row.insured_region,
  clrType: row.clr_type,
  clrOptins: row.clr_optins,
  figures: row.figures,
  sentAt: row.sent_at,
  settledAt: row.settled_at,
})

const toRefund = (row: RefundRow): ClaimRefund => ({
  hospitalId: row.hospital_id,
  id: row.id,
  claimId: row.claim_id,
  status: row.status,
  oldMsgid: row.old_msgid,
  voidMsgid: row.void_msgid,
  voidInDoubt: row.void_in_doubt,
  batchNo: row.batch_no,
  batchSeq: row.batch_seq,
  uploadMsgid: row.upload_msgid,
  newMsgid: row.new_msgid,
  reason: row.reason,
  requestedAt: row.requested_at,
})
