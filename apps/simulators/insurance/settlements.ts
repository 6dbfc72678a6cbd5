import { fen, type Fen } from '../../../kernel/money.ts'
import { type BusinessDate, businessDate } from '../../../kernel/time.ts'
import type { Centre } from './centre.ts'
import type { Figures, Scheme } from './policy.ts'
import { integerOf, type Row, textOf, textOrNull } from './store.ts'

/**
 * One row of the centre's list: a settlement, or the refund that takes one back.
 *
 *   live ──2208──▶ refunded     a refund, live itself, stands beside it
 *   live ──2601──▶ reversed     it is off the list, as if it had never been
 *   refunded ──2601 of the refund──▶ live
 */
export type Settlement = {
  id: string // setl_id
  seq: number
  msgid: string // of the 2207 or 2208 that made it
  originalId: string | null // of a refund: the setl_id it takes back
  status: 'live' | 'refunded' | 'reversed'
  visitId: string
  batchNo: string
  personNo: string
  fixmedinsCode: string
  scheme: Scheme
  medType: string
  credentialType: string
  clrType: string
  invoiceNo: string | null
  opter: string
  opterName: string
  settledAt: Date
  businessDate: BusinessDate
  balanceFen: Fen // of the account, after it
  figures: Figures
}

/** What a hospital and the centre compare: rows that count on the days, reversed ones not. */
type ListFilter = {
  fixmedinsCode: string
  from: BusinessDate
  to: BusinessDate
  insutype: string | null // null for all
  clrType: string
  withRefunds: boolean
}

export function insertSettlement(centre: Centre, row: Settlement): void {
  centre.store.run(
    `insert into settlement (setl_id, seq, msgid, original_setl_id, status, mdtrt_id, chrg_bchno,
       psn_no, fixmedins_code, insutype, med_type, mdtrt_cert_type, clr_type, invono, opter,
       opter_name, settled_at_ms, business_date, medfee_fen, fund_fen, account_fen, cash_fen,
       balance_fen, figures)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.id,
      row.seq,
      row.msgid,
      row.originalId,
      row.status,
      row.visitId,
      row.batchNo,
      row.personNo,
      row.fixmedinsCode,
      row.scheme,
      row.medType,
      row.credentialType,
      row.clrType,
      row.invoiceNo,
      row.opter,
      row.opterName,
      row.settledAt.getTime(),
      row.businessDate,
      row.figures.totalFen,
      row.figures.fundPaySumFen,
      row.figures.accountFen,
      row.figures.cashFen,
      row.balanceFen,
      JSON.stringify(row.figures),
    ],
  )
}

export function nextSeq(centre: Centre): number {
  return integerOf(centre.store.get('select coalesce(max(seq), 0) + 1 as n from settlement'), 'n')
}

export function setStatus(centre: Centre, id: string, status: Settlement['status']): void {
  centre.store.run('update settlement set status = ? where setl_id = ?', [status, id])
}

export function findSettlement(centre: Centre, id: string): Settlement | null {
  const row = centre.store.get('select * from settlement where setl_id = ?', [id])
  return row && toSettlement(row)
}

export function findSettlementOfMessage(centre: Centre, msgid: string): Settlement | null {
  const row = centre.store.get('select * from settlement where msgid = ?', [msgid])
  return row && toSettlement(row)
}

/** The newest row of a visit that is on the list, be it a settlement or a refund. */
export function findNewest(centre: Centre, visitId: string): Settlement | null {
  const row = centre.store.get(
    "select * from settlement where mdtrt_id = ? and status <> 'reversed' order by seq desc limit 1",
    [visitId],
  )
  return row && toSettlement(row)
}

export function hasLiveSettlement(centre: Centre, visitId: string, batchNo: string): boolean {
  const row = centre.store.get(
    `select 1 from settlement where mdtrt_id = ? and chrg_bchno = ? and status = 'live'
       and original_setl_id is null`,
    [visitId, batchNo],
  )
  return row !== null
}

/** In the order of making. */
export function listSettlements(centre: Centre, filter: ListFilter): Settlement[] {
  const rows = centre.store.all(
    `select * from settlement
     where fixmedins_code = ? and business_date between ? and ? and status <> 'reversed'
       and clr_type = ? and (? is null or insutype = ?) and (? or original_setl_id is null)
     order by seq`,
    [
      filter.fixmedinsCode,
      filter.from,
      filter.to,
      filter.clrType,
      filter.insutype,
      filter.insutype,
      filter.withRefunds ? 1 : 0,
    ],
  )
  return rows.map(toSettlement)
}

export function toSettlement(row: Row): Settlement {
  return {
    id: textOf(row, 'setl_id'),
    seq: integerOf(row, 'seq'),
    msgid: textOf(row, 'msgid'),
    originalId: textOrNull(row, 'original_setl_id'),
    status: textOf(row, 'status') as Settlement['status'],
    visitId: textOf(row, 'mdtrt_id'),
    batchNo: textOf(row, 'chrg_bchno'),
    personNo: textOf(row, 'psn_no'),
    fixmedinsCode: textOf(row, 'fixmedins_code'),
    scheme: textOf(row, 'insutype') as Scheme,
    medType: textOf(row, 'med_type'),
    credentialType: textOf(row, 'mdtrt_cert_type'),
    clrType: textOf(row, 'clr_type'),
    invoiceNo: textOrNull(row, 'invono'),
    opter: textOf(row, 'opter'),
    opterName: textOf(row, 'opter_name'),
    settledAt: new Date(integerOf(row, 'settled_at_ms')),
    businessDate: businessDate(textOf(row, 'business_date')),
    balanceFen: fen(integerOf(row, 'balance_fen')),
    figures: JSON.parse(textOf(row, 'figures')) as Figures,
  }
}
