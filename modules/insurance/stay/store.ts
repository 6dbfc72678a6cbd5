import { type Selectable, sql } from 'kysely'

import type { HospitalId } from '../../../kernel/id.ts'
import type { Tx } from '../../../platform/db.ts'
import { endLease, type LeasedRow, NOT_LEASED, takeLease } from '../../../platform/lease.ts'
import type { DetailResult } from '../insurance-centre.ts'
import type { InsuranceTables } from '../tables.ts'
import type { Stay, StayLine, StaySettlement } from './stay.ts'

// The one place that reads or writes stays, their lines and their settlements.

type StayRow = Selectable<InsuranceTables['insurance.stay']>

const tables = (tx: Tx) => tx.withTables<InsuranceTables>()

/** Does nothing when the hospital has a stay of this number. */
export async function insertStay(tx: Tx, stay: Stay): Promise<void> {
  await tables(tx)
    .insertInto('insurance.stay')
    .values({
      hospital_id: stay.hospitalId,
      id: stay.id,
      person_id: stay.personId,
      stay_no: stay.stayNo,
      med_type: stay.medType,
      use_account: stay.useAccount,
      admission: JSON.stringify(stay.admission),
      created_at: stay.createdAt,
      updated_at: stay.createdAt,
      ...NOT_LEASED,
      ...changingColumns(stay),
    })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'stay_no']).doNothing())
    .execute()
}

/** As with claims: null when there is none, or another worker has it; the number fences. */
export async function leaseStay(
  tx: Tx,
  hospitalId: HospitalId,
  stayNo: string,
  { now, until }: { now: Date; until: Date },
): Promise<{ stay: Stay; leaseNo: number } | null> {
  const row = await takeLease<StayRow>(tx, leaseOf(hospitalId, stayNo), { now, until })
  return row ? { stay: toStay(row), leaseNo: row.lease_no } : null
}

/** False when the lease is another's by now: nothing was written. */
export async function saveStay(
  tx: Tx,
  stay: Stay,
  { leaseNo, until, now }: { leaseNo: number; until: Date | null; now: Date },
): Promise<boolean> {
  const { numUpdatedRows } = await tables(tx)
    .updateTable('insurance.stay')
    .set({ ...changingColumns(stay), leased_until: until, updated_at: now })
    .where('hospital_id', '=', stay.hospitalId)
    .where('id', '=', stay.id)
    .where('lease_no', '=', leaseNo)
    .executeTakeFirst()
  return numUpdatedRows === 1n
}

export const endStayLease = (
  tx: Tx,
  { hospitalId, stayNo }: Stay,
  leaseNo: number,
): Promise<void> => endLease(tx, leaseOf(hospitalId, stayNo), leaseNo)

const leaseOf = (hospitalId: HospitalId, stayNo: string): LeasedRow => ({
  table: 'insurance.stay',
  hospitalId,
  column: 'stay_no',
  value: stayNo,
})

export async function findStay(
  tx: Tx,
  hospitalId: HospitalId,
  stayNo: string,
): Promise<Stay | null> {
  const row = await tables(tx)
    .selectFrom('insurance.stay')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('stay_no', '=', stayNo)
    .executeTakeFirst()
  return row ? toStay(row) : null
}

/** Lines before they are told; those that are there already stay as they are. */
export async function insertStayLines(
  tx: Tx,
  stay: Stay,
  lines: readonly Omit<StayLine, 'told'>[],
): Promise<void> {
  if (lines.length === 0) return
  await tables(tx)
    .insertInto('insurance.stay_line')
    .values(
      lines.map(({ lineId, returnsLineId, amountFen }) => ({
        hospital_id: stay.hospitalId,
        stay_id: stay.id,
        line_id: lineId,
        returns_line_id: returnsLineId,
        amount_fen: amountFen,
        is_told: false,
        own_fen: null,
        over_limit_fen: null,
        first_share_fen: null,
        in_scope_fen: null,
        level: null,
      })),
    )
    .onConflict((conflict) => conflict.columns(['hospital_id', 'stay_id', 'line_id']).doNothing())
    .execute()
}

/** The centre's word on lines that it took. */
export async function markTold(
  tx: Tx,
  stay: Stay,
  results: readonly DetailResult[],
): Promise<void> {
  for (const result of results) {
    await tables(tx)
      .updateTable('insurance.stay_line')
      .set({
        is_told: true,
        own_fen: result.ownFen,
        over_limit_fen: result.overLimitFen,
        first_share_fen: result.firstShareFen,
        in_scope_fen: result.inScopeFen,
        level: result.level,
      })
      .where('hospital_id', '=', stay.hospitalId)
      .where('stay_id', '=', stay.id)
      .where('line_id', '=', result.lineId)
      .execute()
  }
}

/** Lines that the centre has refused, or that were told off there. */
export async function forgetLines(tx: Tx, stay: Stay, lineIds: readonly string[]): Promise<void> {
  if (lineIds.length === 0) return
  await tables(tx)
    .deleteFrom('insurance.stay_line')
    .where('hospital_id', '=', stay.hospitalId)
    .where('stay_id', '=', stay.id)
    .where('line_id', 'in', [...lineIds])
    .where('is_told', '=', false)
    .execute()
}

export async function stayLinesOf(tx: Tx, stay: Stay): Promise<StayLine[]> {
  const rows = await tables(tx)
    .selectFrom('insurance.stay_line')
    .selectAll()
    .where('hospital_id', '=', stay.hospitalId)
    .where('stay_id', '=', stay.id)
    .orderBy('line_id')
    .execute()
  return rows.map(toLine)
}

export async function insertStaySettlement(tx: Tx, one: StaySettlement): Promise<void> {
  await tables(tx)
    .insertInto('insurance.stay_settlement')
    .values({
      hospital_id: one.hospitalId,
      msgid: one.msgid,
      stay_id: one.stayId,
      kind: one.kind,
      psn_no: one.psnNo,
      mdtrt_id: one.mdtrtId,
      insured_region: one.insuredRegion,
      sent_at: one.sentAt,
      ...outcomeColumns(one),
    })
    .execute()
}

export async function updateStaySettlement(tx: Tx, one: StaySettlement): Promise<void> {
  await tables(tx)
    .updateTable('insurance.stay_settlement')
    .set(outcomeColumns(one))
    .where('hospital_id', '=', one.hospitalId)
    .where('msgid', '=', one.msgid)
    .executeTakeFirstOrThrow()
}

/** In the order of their messages. */
export async function staySettlementsOf(tx: Tx, stay: Stay): Promise<StaySettlement[]> {
  const rows = await tables(tx)
    .selectFrom('insurance.stay_settlement')
    .selectAll()
    .where('hospital_id', '=', stay.hospitalId)
    .where('stay_id', '=', stay.id)
    .orderBy(sql`msgid`)
    .execute()
  return rows.map(toSettlement)
}

const changingColumns = (stay: Stay) => ({
  status: stay.status,
  psn_no: stay.psnNo,
  insutype: stay.insutype,
  insured_region: stay.insuredRegion,
  filing_no: stay.filing?.no ?? null,
  filing_kind: stay.filing?.kind ?? null,
  filed_from: stay.filing?.from ?? null,
  filed_to: stay.filing?.to ?? null,
  mdtrt_id: stay.mdtrtId,
  intent_infno: stay.intent?.infno ?? null,
  intent_msgid: stay.intent?.msgid ?? null,
  figures: stay.figures === null ? null : JSON.stringify(stay.figures),
  settled_msgid: stay.settledMsgid,
  void_msgid: stay.voidMsgid,
  void_in_doubt: stay.voidInDoubt,
  reason: stay.reason,
})

const outcomeColumns = (one: StaySettlement) => ({
  status: one.status,
  setl_id: one.setlId,
  insutype: one.insutype,
  clr_type: one.clrType,
  clr_optins: one.clrOptins,
  figures: one.figures === null ? null : JSON.stringify(one.figures),
  settled_at: one.settledAt,
})

const toStay = (row: StayRow): Stay => ({
  hospitalId: row.hospital_id,
  id: row.id,
  personId: row.person_id,
  stayNo: row.stay_no,
  status: row.status,
  psnNo: row.psn_no,
  insutype: row.insutype,
  insuredRegion: row.insured_region,
  filing:
    row.filed_from === null
      ? null
      : { no: row.filing_no, kind: row.filing_kind, from: row.filed_from, to: row.filed_to },
  mdtrtId: row.mdtrt_id,
  medType: row.med_type,
  useAccount: row.use_account,
  admission: row.admission,
  intent:
    row.intent_infno !== null && row.intent_msgid !== null
      ? { infno: row.intent_infno, msgid: row.intent_msgid }
      : null,
  figures: row.figures,
  settledMsgid: row.settled_msgid,
  voidMsgid: row.void_msgid,
  voidInDoubt: row.void_in_doubt,
  reason: row.reason,
  createdAt: row.created_at,
})

function toLine(row: Selectable<InsuranceTables['insurance.stay_line']>): StayLine {
  const { own_fen, over_limit_fen, first_share_fen, in_scope_fen } = row
  const isTold =
    own_fen !== null && over_limit_fen !== null && first_share_fen !== null && in_scope_fen !== null
  return {
    lineId: row.line_id,
    returnsLineId: row.returns_line_id,
    amountFen: row.amount_fen,
    told: isTold
      ? {
          amountFen: row.amount_fen,
          ownFen: own_fen,
          overLimitFen: over_limit_fen,
          firstShareFen: first_share_fen,
          inScopeFen: in_scope_fen,
          level: row.level,
        }
      : null,
  }
}

const toSettlement = (
  row: Selectable<InsuranceTables['insurance.stay_settlement']>,
): StaySettlement => ({
  hospitalId: row.hospital_id,
  msgid: row.msgid,
  stayId: row.stay_id,
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
