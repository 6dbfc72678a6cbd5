import { addFen } from '../../../kernel/money.ts'
import { businessDateOf, toShanghaiText } from '../../../kernel/time.ts'
import { applySettlement, balanceOf, undoSettlement, yearUseOf } from './books.ts'
import { type Call, type Centre, type Handler, newNumber } from './centre.ts'
import { refuseConfirmed } from './elsewhere/national.ts'
import { checkMessageId } from './envelope.ts'
import { batchSplit, refuseSettledBatch } from './fee-details.ts'
import { oneOf, readFields, text } from './fields.ts'
import { requireStay } from './inpatient/stays.ts'
import { requireMember } from './people.ts'
import { negateFigures, sumOfSplit, useOf } from './policy.ts'
import { Refusal } from './refusal.ts'
import {
  findSettlement,
  findSettlementOfMessage,
  insertSettlement,
  nextSeq,
  setStatus,
  type Settlement,
} from './settlements.ts'
import { amountsOf, detailsOf } from './settling.ts'
import { findVisit, requireVisit, type Visit } from './visits.ts'
import { memberOf, type WireObject, yuan } from './wire-json.ts'

/** 2208. */
export const refund: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), REFUND, 'data')
  const { visit } = requireVisit(centre, call, data, 'data')
  const order = centre.store.get('select 1 from mobile_order where setl_id = ?', [data.setl_id])
  if (order) throw new Refusal('data.setl_id', '移动支付结算请用6203退费')
  const row = takeBack(centre, call, visit, data.setl_id, 'data.setl_id')
  // Spelt so by the platform, in this answer alone.
  return refundAnswer(centre, row, { pdn_cash_pay: yuan(row.figures.cashFen) })
}

/** 2305. */
export const refundStay: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), REFUND, 'data')
  const { visit } = requireStay(centre, call, data, 'data')
  const row = takeBack(centre, call, visit, data.setl_id, 'data.setl_id')
  return refundAnswer(centre, row, { psn_cash_pay: yuan(row.figures.cashFen) })
}

/** Takes a settlement back by a record of its own, below zero, that counts today. */
export function takeBack(
  centre: Centre,
  call: Call,
  visit: Visit,
  settlementId: string,
  path: string,
): Settlement {
  const original = findSettlement(centre, settlementId)
  if (!original || original.visitId !== visit.id || original.status === 'reversed') {
    throw new Refusal(path, '结算不存在')
  }
  if (original.originalId !== null) throw new Refusal(path, '退费结算不能撤销')
  if (original.status === 'refunded') throw new Refusal(path, '结算已撤销')
  refuseConfirmed(centre, original, path)

  undoSettlement(centre.store, original)
  setStatus(centre, original.id, 'refunded')
  const row: Settlement = {
    ...original,
    id: newNumber(centre, call.at),
    seq: nextSeq(centre),
    msgid: call.msgid,
    originalId: original.id,
    status: 'live',
    opter: call.opter,
    opterName: call.opterName,
    settledAt: call.at,
    businessDate: businessDateOf(call.at),
    balanceFen: balanceOf(centre.store, original.personNo),
    figures: negateFigures(original.figures),
  }
  insertSettlement(centre, row)
  return row
}

const refundAnswer = (centre: Centre, row: Settlement, cash: WireObject): WireObject => ({
  setlinfo: {
    mdtrt_id: row.visitId,
    setl_id: row.id,
    clr_optins: centre.admdvs,
    clr_way: '1',
    clr_type: row.clrType,
    setl_time: toShanghaiText(row.settledAt),
    ...amountsOf(row.figures),
    psn_part_amt: yuan(row.figures.personFen),
    ...cash,
    balc: yuan(row.balanceFen),
    medins_setl_id: row.msgid,
  },
  setldetail: detailsOf(row.figures),
})

/**
 * 2601: the message of that id is void, whether it was ever heard or not. One not heard yet is
 * remembered, so that it is refused should it come after all.
 */
export const reverse: Handler = (centre, call) => {
  const data = readFields(memberOf(call.input, 'data'), REVERSAL, 'data')
  requireMember(centre, call, data.psn_no, 'data.psn_no')
  checkMessageId(data.omsgid, call.fixmedinsCode, 'data.omsgid')
  const row = findSettlementOfMessage(centre, data.omsgid)
  if (row) {
    if (row.personNo !== data.psn_no) throw new Refusal('data.psn_no', '与原交易的人员不一致')
    const infno = infnoOf(centre, row)
    if (infno !== data.oinfno) throw new Refusal('data.oinfno', `原交易为${infno}`)
    reverseRow(centre, row)
  }
  centre.store.run('insert or ignore into voided_message values (?, ?)', [data.omsgid, data.oinfno])
  return null
}

/** Refuses a message that a 2601 made void, before or after it came. */
export function refuseVoided(centre: Centre, call: Call): void {
  const row = centre.store.get('select 1 from voided_message where msgid = ? and infno = ?', [
    call.msgid,
    call.infno,
  ])
  if (row) throw new Refusal('msgid', '该报文已被冲正(2601)')
}

/** The transaction that made a row. */
function infnoOf(centre: Centre, { originalId, visitId }: Settlement): string {
  const isStay = findVisit(centre, visitId)?.place === 'inpatient'
  if (isStay) return originalId === null ? '2304' : '2305'
  return originalId === null ? '2207' : '2208'
}

function reverseRow(centre: Centre, row: Settlement) {
  if (row.status === 'reversed') return // a second 2601 finds it void and is content
  refuseConfirmed(centre, row, 'data.omsgid')
  if (row.status === 'refunded') throw new Refusal('data.omsgid', '原结算已撤销(2208)，不能冲正')
  if (row.originalId === null) undoSettlement(centre.store, row)
  else restoreOriginal(centre, row)
  setStatus(centre, row.id, 'reversed')
}

/** A refund that is void leaves its settlement standing, if what that took is still to be had. */
function restoreOriginal(centre: Centre, row: Settlement) {
  const original = findSettlement(centre, row.originalId ?? '')
  const refuse = (reason: string) => new Refusal('data.omsgid', `${reason}，撤销不能冲正`)
  if (!original || findVisit(centre, row.visitId)?.cancelled !== false)
    throw refuse('就诊登记已撤销')
  refuseSettledBatch(centre, original.visitId, original.batchNo, 'data.omsgid')
  const split = batchSplit(centre, original.visitId, original.batchNo)
  const { figures, personNo, scheme, businessDate } = original
  if (!split || sumOfSplit(split) !== figures.totalFen) throw refuse('收费明细已变更')
  if (balanceOf(centre.store, personNo) < figures.accountFen) throw refuse('个人账户余额不足')

  const rules = centre.policy.schemes[scheme]
  const used = yearUseOf(centre.store, { personNo, scheme, year: businessDate.slice(0, 4) })
  if (
    addFen(used.deductibleFen, useOf(figures).deductibleFen) > rules.deductibleFen ||
    addFen(used.poolFen, figures.poolFen) > rules.poolCapFen ||
    addFen(used.largeFen, figures.largeFen) > (rules.aboveCap?.capFen ?? 0)
  ) {
    throw refuse('年度累计已由其他结算使用')
  }
  applySettlement(centre.store, original)
  setStatus(centre, original.id, 'live')
}

const REFUND = { setl_id: text(30), mdtrt_id: text(30), psn_no: text(30) }
const REVERSAL = {
  psn_no: text(30),
  omsgid: text(30),
  oinfno: oneOf('2207', '2208', '2304', '2305'),
}
