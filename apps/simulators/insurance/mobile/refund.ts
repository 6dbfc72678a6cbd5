import { createHash } from 'node:crypto'

import { addFen, type Fen, subtractFen, ZERO } from '../../../../kernel/money.ts'
import type { Centre, Member } from '../centre.ts'
import { amount, oneOf, optional, type Read, readFields, text } from '../fields.ts'
import { requireByCredential } from '../people.ts'
import { Refusal } from '../refusal.ts'
import { takeBack } from '../reversal.ts'
import { findSettlement, type Settlement } from '../settlements.ts'
import { textOf } from '../store.ts'
import { canonicalWire, type WireObject } from '../wire-json.ts'
import type { MobileHandler } from './handler.ts'
import { requireOrder, setOrder } from './orders.ts'

/**
 * 6203: ALL gives everything back, HI what funds and account paid, CASH what the person paid. The
 * insurance takes its part back whole. The same appRefdSn brings its first answer again.
 */
export const refundOrder: MobileHandler = (centre, call, node) => {
  const data = readFields(node, REFUND)
  const { order, visit, member } = requireOrder(centre, call, { ...data, payToken: null })
  const fingerprint = createHash('sha256').update(canonicalWire(node)).digest('hex')
  const known = centre.store.get(
    'select fingerprint from mobile_refund where pay_ord_id = ? and app_refd_sn = ?',
    [order.id, data.appRefdSn],
  )
  if (known && textOf(known, 'fingerprint') !== fingerprint) {
    throw new Refusal('appRefdSn', '退费流水号重复，而内容不同')
  }
  if (known) return answerOf(order.id, data)

  checkHolder(centre, member, data)
  const settlement = order.settlementId === null ? null : findSettlement(centre, order.settlementId)
  if (!settlement || (order.status !== 'settled' && order.status !== 'refunded')) {
    throw new Refusal('payOrdId', '支付订单未结算')
  }
  checkAmounts(data, settlement)
  const takesInsurance = data.refdType !== 'CASH'
  const takesCash = data.refdType !== 'HI'
  if (takesInsurance && order.status === 'refunded') throw new Refusal('payOrdId', '医保部分已退费')
  if (takesCash && order.cashRefunded) throw new Refusal('payOrdId', '现金部分已退费')
  if (takesInsurance) takeBack(centre, call, visit, settlement.id, 'payOrdId')
  setOrder(centre, order, {
    status: takesInsurance ? 'refunded' : order.status,
    cashRefunded: order.cashRefunded || takesCash,
  })
  centre.store.run('insert into mobile_refund values (?, ?, ?)', [
    data.appRefdSn,
    order.id,
    fingerprint,
  ])
  return answerOf(order.id, data)
}

type Refund = Read<typeof REFUND>

const answerOf = (payOrdId: string, { appRefdSn }: Refund): WireObject => ({
  payOrdId,
  appRefdSn,
  refStatus: 'SUCC',
})

function checkHolder(centre: Centre, member: Member, { ecToken, payAuthNo }: Refund) {
  if ((ecToken === null) === (payAuthNo === null)) {
    throw new Refusal('ecToken', 'ecToken与payAuthNo必填且只填其一')
  }
  const no = ecToken ?? payAuthNo ?? ''
  const path = ecToken === null ? 'payAuthNo' : 'ecToken'
  const holder = requireByCredential(centre, { type: '01', no }, path)
  if (holder?.person !== member.person) throw new Refusal(path, '授权与支付订单不一致')
}

/** Each part is the whole of it or nothing, and the parts are the sum. */
function checkAmounts(data: Refund, { figures }: Settlement) {
  const { accountFen, cashFen, totalFen } = figures
  const fundFen = subtractFen(subtractFen(totalFen, cashFen), accountFen)
  const part = (takes: boolean, whole: Fen) => (takes ? whole : ZERO)
  const parts = [
    ['psnAcctRefdAmt', data.psnAcctRefdAmt, part(data.refdType !== 'CASH', accountFen)],
    ['fundRefdAmt', data.fundRefdAmt, part(data.refdType !== 'CASH', fundFen)],
    ['cashRefdAmt', data.cashRefdAmt, part(data.refdType !== 'HI', cashFen)],
  ] as const
  for (const [name, given, right] of parts) {
    if (given !== right) throw new Refusal(name, '与结算金额不一致')
  }
  if (data.totlRefdAmt !== addFen(...parts.map(([, given]) => given))) {
    throw new Refusal('totlRefdAmt', '与各部分合计不一致')
  }
}

const REFUND = {
  payOrdId: text(30),
  appRefdSn: text(30),
  appRefdTime: text(14),
  totlRefdAmt: amount,
  psnAcctRefdAmt: amount,
  fundRefdAmt: amount,
  cashRefdAmt: amount,
  ecToken: optional(text(64)),
  payAuthNo: optional(text(64)),
  refdType: oneOf('ALL', 'CASH', 'HI'),
}
