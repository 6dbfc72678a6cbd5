import { type Fen, fen } from '../../../kernel/money.ts'
import type { CatalogueItem } from '../world/world.ts'
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
import { integerOf, textOrNull } from './store.ts'
import { requireVisit } from './visits.ts'
import { memberOf, ratio, scaled, type Wire, type WireObject, yuan } from './wire-json.ts'

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
  const item = centre.catalogue.get(line.med_list_codg)
  if (!item) throw new Refusal(`${path}.med_list_codg`, '医疗目录编码不存在')
  checkAmount(line, path)
  checkDisease(centre, line, path)
  const split = splitLine({
    amountFen: line.det_item_fee_sumamt,
    unitPrice: line.pric,
    quantity: line.cnt,
    insuranceClass: item.insuranceClass,
    firstSharePpm: item.firstSharePpm,
    priceLimitFen: item.priceLimitFen,
  })
  insertLine(centre, line, split, path)
  return resultOf(line, item, split)
}

/** cnt × pric may differ from the amount by the one fen that rounding makes. */
function checkAmount(line: FeeDetail, path: string) {
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
function checkDisease(centre: Centre, line: FeeDetail, path: string) {
  const other = centre.store.get(
    'select dise_codg from fee_detail where mdtrt_id = ? and chrg_bchno = ? limit 1',
    [line.mdtrt_id, line.chrg_bchno],
  )
  if (other && textOrNull(other, 'dise_codg') !== line.dise_codg) {
    throw new Refusal(`${path}.dise_codg`, '同一收费批次的病种编码必须一致')
  }
}

function insertLine(centre: Centre, line: FeeDetail, split: Split, path: string) {
  const added = centre.store.run(
    'insert or ignore into fee_detail values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
    [
      line.mdtrt_id,
      line.feedetl_sn,
      line.chrg_bchno,
      line.dise_codg,
      line.med_list_codg,
      line.det_item_fee_sumamt,
      split.ownFen,
      split.overLimitFen,
      split.firstShareFen,
      split.inScopeFen,
    ],
  )
  if (added === 0) throw new Refusal(`${path}.feedetl_sn`, '费用明细流水号在本次就诊内重复')
}

const resultOf = (line: FeeDetail, item: CatalogueItem, split: Split): WireObject => ({
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
  chrgitm_lv: { A: '01', B: '02', C: '03' }[item.insuranceClass],
  med_chrgitm_type: item.chargeCategory,
  bas_medn_flag: '0',
  hi_nego_drug_flag: '0',
  chld_medc_flag: '0',
  list_sp_item_flag: '0',
  lmt_used_flag: '0',
  drt_reim_flag: '0',
  memo: null,
})

/** The field must be there, so what has no limit shows one that is never reached. */
const priceLimit = (limitFen: Fen | null): Wire =>
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
  rxno: optional(text(30)),
  rx_circ_flag: text(3),
  fee_ocur_time: dateTime,
  med_list_codg: text(50),
  medins_list_codg: text(150),
  det_item_fee_sumamt: amount,
  cnt: decimal(16, 4),
  pric: decimal(16, 6),
  sin_dos_dscr: optional(text(200)),
  used_frqu_dscr: optional(text(200)),
  prd_days: optional(decimal(4, 2)),
  medc_way_dscr: optional(text(200)),
  bilg_dept_codg: text(30),
  bilg_dept_name: text(100),
  bilg_dr_codg: text(30),
  bilg_dr_name: text(50),
  acord_dept_codg: optional(text(30)),
  acord_dept_name: optional(text(100)),
  orders_dr_code: optional(text(30)),
  orders_dr_name: optional(text(50)),
  hosp_appr_flag: oneOf('0', '1', '2'),
  tcmdrug_used_way: optional(text(6)),
  etip_flag: optional(text(3)),
  etip_hosp_code: optional(text(30)),
  dscg_tkdrug_flag: optional(text(3)),
  matn_fee_flag: optional(text(6)),
}

type FeeDetail = Read<typeof FEE_DETAIL>

const CANCELLATION = { mdtrt_id: text(30), chrg_bchno: text(30), psn_no: text(30) }
