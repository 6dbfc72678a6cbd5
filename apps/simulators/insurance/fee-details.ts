import { assert } from '../../../kernel/assert.ts'
import { type Fen, fen } from '../../../kernel/money.ts'
import type { Call, Centre, Handler } from './centre.ts'
import {
  amount,
  dateTime,
  decimal,
  oneOf,
  optional,
  type Read,
  readFields,
  readList,
  text,
} from './fields.ts'
import { type Split, splitLine } from './policy.ts'
import { Refusal } from './refusal.ts'
import { hasLiveSettlement } from './settlements.ts'
import { integerOf, type Row, textOrNull } from './store.ts'
import { requireVisit } from './visits.ts'
import {
  memberOf,
  ratio,
  scaled,
  type Wire,
  type WireObject,
  writeWire,
  yuan,
} from './wire-json.ts'

/** 2204: all lines are taken, or none. Answers how each line divides. */
export const uploadDetails: Handler = (centre, call) => {
  const lines = readList(memberOf(call.input, 'feedetail'), FEE_DETAIL, 'feedetail', LINES_MAX)
  return { result: lines.map((line, index) => addLine(centre, call, line, `feedetail[${index}]`)) }
}

/** 2205: takes unsettled lines back, those of one batch or with '0000' all. */
export const cancelDetails: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), CANCELLATION, 'data')
  const { visit } = requireVisit(centre, call, data, 'data')
  if (data.chrg_bchno === ALL_BATCHES) {
    centre.store.run(
      `delete from fee_detail where mdtrt_id = ? and chrg_bchno not in (
         select chrg_bchno from settlement
         where mdtrt_id = ? and status = 'live' and original_setl_id is null)`,
      [visit.id, visit.id],
    )
    return null
  }
  refuseSettledBatch(centre, visit.id, data.chrg_bchno, 'data.chrg_bchno')
  const removed = centre.store.run('delete from fee_detail where mdtrt_id = ? and chrg_bchno = ?', [
    visit.id,
    data.chrg_bchno,
  ])
  if (removed === 0) throw new Refusal('data.chrg_bchno', '收费批次不存在')
  return null
}

/** What the lines of a batch come to; null where there are none. */
export function batchSplit(centre: Centre, visitId: string, batchNo: string): Split | null {
  const row = centre.store.get(
    `select count(*) as lines, sum(own_fen) as own, sum(over_limit_fen) as over_limit,
       sum(first_share_fen) as first_share, sum(in_scope_fen) as in_scope
     from fee_detail where mdtrt_id = ? and chrg_bchno = ?`,
    [visitId, batchNo],
  )
  if (integerOf(row, 'lines') === 0) return null
  return {
    ownFen: fen(integerOf(row, 'own')),
    overLimitFen: fen(integerOf(row, 'over_limit')),
    firstShareFen: fen(integerOf(row, 'first_share')),
    inScopeFen: fen(integerOf(row, 'in_scope')),
  }
}

/** Refuses a batch that a settlement stands on. */
export function refuseSettledBatch(
  centre: Centre,
  visitId: string,
  batchNo: string,
  path: string,
): void {
  if (hasLiveSettlement(centre, visitId, batchNo)) throw new Refusal(path, '收费批次已结算')
}

function addLine(centre: Centre, call: Call, line: FeeDetail, path: string): WireObject {
  const { visit } = requireVisit(centre, call, line, path)
  if (line.chrg_bchno === ALL_BATCHES) throw new Refusal(`${path}.chrg_bchno`, '不能为0000')
  refuseSettledBatch(centre, visit.id, line.chrg_bchno, `${path}.chrg_bchno`)
  const split = splitOf(centre, line, path)
  checkDisease(centre, line, path)
  const result = resultOf(centre, line, split)
  insertLine(centre, line, { split, path, result, originalSn: null })
  return result
}

/** How a line divides. Errors: a Refusal under `path` for an item or an amount that cannot be. */
export function splitOf(centre: Centre, line: Line, path: string): Split {
  const item = centre.catalogue.get(line.med_list_codg)
  if (!item) throw new Refusal(`${path}.med_list_codg`, '医疗目录编码不存在')
  checkAmount(line, path)
  return splitLine({
    amountFen: line.det_item_fee_sumamt,
    unitPrice: line.pric,
    quantity: line.cnt,
    insuranceClass: item.insuranceClass,
    firstSharePpm: item.firstSharePpm,
    priceLimitFen: item.priceLimitFen,
  })
}

/** cnt × pric may differ from the amount by the one fen that rounding makes. */
function checkAmount(line: Line, path: string) {
  const billed = BigInt(line.det_item_fee_sumamt)
  if (billed < 0n) throw new Refusal(`${path}.det_item_fee_sumamt`, '不能小于0')
  if (line.cnt === 0n) throw new Refusal(`${path}.cnt`, '应大于0')
  const exact = line.cnt * line.pric // 10^-10 yuan
  const difference = billed * 100_000_000n - exact
  if (difference > 100_000_000n || difference < -100_000_000n) {
    throw new Refusal(`${path}.det_item_fee_sumamt`, '与数量乘单价不一致')
  }
}

/** 同一收费批次号病种编号必须一致. */
function checkDisease(centre: Centre, line: Line, path: string) {
  const other = centre.store.get(
    'select dise_codg from fee_detail where mdtrt_id = ? and chrg_bchno = ? limit 1',
    [line.mdtrt_id, line.chrg_bchno],
  )
  if (other && textOrNull(other, 'dise_codg') !== line.dise_codg) {
    throw new Refusal(`${path}.dise_codg`, '同一收费批次的病种编码必须一致')
  }
}

/** Errors: a Refusal when the visit has a line of this number. */
export function insertLine(
  centre: Centre,
  line: Line,
  made: { split: Split; path: string; result: WireObject; originalSn: string | null },
): void {
  const { split, path, result, originalSn } = made
  const { medins_list_codg, fee_ocur_time, med_list_codg } = line
  const record = { ...result, medins_list_codg, fee_ocur_time, med_list_codg }
  const added = centre.store.run(
    `insert or ignore into fee_detail values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      line.mdtrt_id,
      line.feedetl_sn,
      line.chrg_bchno,
      line.dise_codg,
      med_list_codg,
      line.det_item_fee_sumamt,
      split.ownFen,
      split.overLimitFen,
      split.firstShareFen,
      split.inScopeFen,
      String(line.cnt),
      originalSn,
      writeWire(record),
    ],
  )
  if (added === 0) throw new Refusal(`${path}.feedetl_sn`, '费用明细流水号在本次就诊内重复')
}

export function resultOf(centre: Centre, line: Line, split: Split): WireObject {
  const item = centre.catalogue.get(line.med_list_codg)
  assert(item, 'a line that divides is of an item')
  return {
    feedetl_sn: line.feedetl_sn,
    det_item_fee_sumamt: yuan(line.det_item_fee_sumamt),
    cnt: scaled(line.cnt, 4),
    pric: scaled(line.pric, 6),
    pric_uplmt_amt: priceLimit(item.priceLimitFen),
    selfpay_prop: ratio(FIRST_SHARE[item.insuranceClass] ?? item.firstSharePpm),
    fulamt_ownpay_amt: yuan(split.ownFen),
    overlmt_amt: yuan(split.overLimitFen),
    preselfpay_amt: yuan(split.firstShareFen),
    inscp_scp_amt: yuan(split.inScopeFen),
    chrgitm_lv: CLASS_CODES[item.insuranceClass],
    med_chrgitm_type: item.chargeCategory,
    bas_medn_flag: '0',
    hi_nego_drug_flag: '0',
    chld_medc_flag: '0',
    list_sp_item_flag: '0',
    lmt_used_flag: '0',
    drt_reim_flag: '0',
    memo: null,
  }
}

/** What rows of the table come to together. */
export const splitAll = (rows: readonly Row[]): Split => {
  const sum = (column: string) =>
    fen(rows.reduce((total, row) => total + integerOf(row, column), 0))
  return {
    ownFen: sum('own_fen'),
    overLimitFen: sum('over_limit_fen'),
    firstShareFen: sum('first_share_fen'),
    inScopeFen: sum('in_scope_fen'),
  }
}

/** chrgitm_lv. */
export const CLASS_CODES = { A: '01', B: '02', C: '03' } as const

/** The field must be there, so what has no limit shows one that is never reached. */
export const priceLimit = (limitFen: Fen | null): Wire =>
  scaled(limitFen === null ? 999_999_000_000n : BigInt(limitFen) * 10_000n, 6)

const FIRST_SHARE = { A: 0, B: null, C: 1_000_000 }
const ALL_BATCHES = '0000'
const LINES_MAX = 100

const FEE_DETAIL = {
  feedetl_sn: text(30),
  mdtrt_id: text(30),
  psn_no: text(30),
  chrg_bchno: text(30),
  dise_codg: optional(text(30)),
  fee_ocur_time: dateTime,
  med_list_codg: text(50),
  medins_list_codg: text(150),
  det_item_fee_sumamt: amount,
  cnt: decimal(16, 4),
  pric: decimal(16, 6),
  hosp_appr_flag: oneOf('0', '1', '2'),
}

type FeeDetail = Read<typeof FEE_DETAIL>

/** What of a line is kept, be it of a visit or of a stay. */
export type Line = Pick<
  FeeDetail,
  | 'feedetl_sn'
  | 'mdtrt_id'
  | 'chrg_bchno'
  | 'dise_codg'
  | 'fee_ocur_time'
  | 'med_list_codg'
  | 'medins_list_codg'
  | 'det_item_fee_sumamt'
  | 'cnt'
  | 'pric'
>

const CANCELLATION = { mdtrt_id: text(30), chrg_bchno: text(30), psn_no: text(30) }
