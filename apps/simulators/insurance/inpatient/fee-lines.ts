import { type Fen, subtractFen, ZERO } from '../../../../kernel/money.ts'
import type { Call, Centre, Handler } from '../centre.ts'
import { insertLine, type Line, resultOf, splitAll, splitOf } from '../fee-details.ts'
import {
  amount,
  dateTime,
  decimal,
  optional,
  readFields,
  readList,
  signed,
  text,
} from '../fields.ts'
import type { Split } from '../policy.ts'
import { Refusal } from '../refusal.ts'
import { textOf } from '../store.ts'
import { memberOf, parseWire, type WireObject } from '../wire-json.ts'
import { refuseSettled, requireStay } from './stays.ts'

/** All lines of a stay are one batch, which no 23xx names. */
export const STAY_BATCH = 'STAY'

/** 2301: all lines are taken, or none. A line with cnt below zero gives back one that is there. */
export const uploadStayLines: Handler = (centre, call) => {
  const nodes = memberOf(call.input, 'feedetail')
  const lines = readList(nodes, LINE, 'feedetail', LINES_MAX)
  return {
    result: lines.map((line, index) => {
      const path = `feedetail[${index}]`
      const { visit } = requireStay(centre, call, line, path)
      refuseSettled(centre, visit, `${path}.mdtrt_id`)
      if (line.med_type !== visit.medType) {
        throw new Refusal(`${path}.med_type`, '与入院登记不一致')
      }
      const whole = { ...line, chrg_bchno: STAY_BATCH, dise_codg: null }
      return line.cnt < 0n ? giveBack(centre, whole, path) : addLine(centre, call, whole, path)
    }),
  }
}

/** 2302: takes unsettled lines back, one by one or with '0000' all. */
export const cancelStayLines: Handler = (centre, call) => {
  const list = readList(memberOf(call.input, 'data'), CANCELLATION, 'data', LINES_MAX)
  for (const [index, data] of list.entries()) {
    const path = `data[${index}]`
    const { visit } = requireStay(centre, call, data, path)
    refuseSettled(centre, visit, `${path}.mdtrt_id`)
    if (data.feedetl_sn === ALL_LINES) {
      centre.store.run('delete from fee_detail where mdtrt_id = ?', [visit.id])
      continue
    }
    const values = [visit.id, data.feedetl_sn]
    const given = centre.store.get(
      'select 1 from fee_detail where mdtrt_id = ? and original_sn = ? limit 1',
      values,
    )
    if (given) throw new Refusal(`${path}.feedetl_sn`, '该明细已有退单，请先撤销退单')
    const sql = 'delete from fee_detail where mdtrt_id = ? and feedetl_sn = ?'
    if (centre.store.run(sql, values) === 0) {
      throw new Refusal(`${path}.feedetl_sn`, '费用明细不存在')
    }
  }
  return null
}

function addLine(centre: Centre, _call: Call, line: StayLine, path: string): WireObject {
  const split = splitOf(centre, line, path)
  const result = resultOf(centre, line, split)
  insertLine(centre, line, { split, path, result, originalSn: null })
  return result
}

/**
 * What is given back divides so that the rest stands as if only the rest had ever been billed; the
 * odd fen of several returns cannot add up to another line than the one they return.
 */
function giveBack(centre: Centre, line: StayLine, path: string): WireObject {
  const originalSn = line.init_feedetl_sn
  if (originalSn === null) throw new Refusal(`${path}.init_feedetl_sn`, '退单时必填')
  const { before, rest } = remainder(centre, line, originalSn, path)
  const after = rest.cnt === 0n ? NOTHING : splitOf(centre, rest, path)
  const split = subtractSplit(after, before)
  const result = resultOf(centre, line, split)
  insertLine(centre, line, { split, path, result, originalSn })
  return result
}

/** What is left of a line before this return of it, and what will be after. */
function remainder(centre: Centre, line: StayLine, originalSn: string, path: string) {
  const rows = centre.store.all(
    'select * from fee_detail where mdtrt_id = ? and (feedetl_sn = ? or original_sn = ?)',
    [line.mdtrt_id, originalSn, originalSn],
  )
  const original = rows.find((row) => textOf(row, 'feedetl_sn') === originalSn)
  if (!original) throw new Refusal(`${path}.init_feedetl_sn`, '被退费用明细不存在')
  if (textOf(original, 'med_list_codg') !== line.med_list_codg) {
    throw new Refusal(`${path}.med_list_codg`, '与被退费用明细不一致')
  }
  const before = splitAll(rows)
  const cnt = rows.reduce((sum, row) => sum + BigInt(textOf(row, 'quantity')), line.cnt)
  const total = sumOf(before)
  const billed = subtractFen(total, subtractFen(ZERO, line.det_item_fee_sumamt))
  if (cnt < 0n || billed < 0) throw new Refusal(`${path}.cnt`, '退单数量或金额超过剩余')
  if (cnt === 0n && billed !== 0) {
    throw new Refusal(`${path}.det_item_fee_sumamt`, '与剩余金额不一致')
  }
  const record = readFields(parseWire(textOf(original, 'record')), { pric: decimal(16, 6) })
  if (record.pric !== line.pric) throw new Refusal(`${path}.pric`, '与被退费用明细不一致')
  return { before, rest: { ...line, cnt, det_item_fee_sumamt: billed } }
}

const sumOf = (split: Split): Fen =>
  (split.ownFen + split.overLimitFen + split.firstShareFen + split.inScopeFen) as Fen

const subtractSplit = (from: Split, what: Split): Split => ({
  ownFen: subtractFen(from.ownFen, what.ownFen),
  overLimitFen: subtractFen(from.overLimitFen, what.overLimitFen),
  firstShareFen: subtractFen(from.firstShareFen, what.firstShareFen),
  inScopeFen: subtractFen(from.inScopeFen, what.inScopeFen),
})

const NOTHING: Split = { ownFen: ZERO, overLimitFen: ZERO, firstShareFen: ZERO, inScopeFen: ZERO }

const LINES_MAX = 100
const ALL_LINES = '0000'

type StayLine = Line & { med_type: string; init_feedetl_sn: string | null }

const LINE = {
  feedetl_sn: text(30),
  init_feedetl_sn: optional(text(30)),
  mdtrt_id: text(30),
  psn_no: text(30),
  med_type: text(6),
  fee_ocur_time: dateTime,
  med_list_codg: text(50),
  medins_list_codg: text(150),
  det_item_fee_sumamt: amount,
  cnt: signed(16, 4),
  pric: decimal(16, 6),
}

const CANCELLATION = { feedetl_sn: text(30), mdtrt_id: text(30), psn_no: text(30) }
