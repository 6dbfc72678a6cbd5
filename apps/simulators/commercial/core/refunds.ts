import { type Fen, fen, negateFen, subtractFen, ZERO } from '../../../../kernel/money.ts'
import { postClaim } from './books.ts'
import { type Claim, type ClaimNumber, claimOf } from './claims.ts'
import { type Context, newNumber, nowMs, Refusal, today } from './context.ts'
import { useOfYear } from './policies.ts'

export type Refund = {
  refundNo: string
  returnNo: string // the insurer's
  claimNo: string
  amountFen: Fen
  refundedAt: Date
}

/**
 * Takes back a settled benefit, in part or what is left of it. The cap is free again by as much; the deductible only
 * when nothing of the benefit is left.
 */
export function refund(
  context: Context,
  order: { hospital: string; refundNo: string; claim: ClaimNumber; amountFen: Fen },
): Refund {
  const claim = claimOf(context, order.claim)
  const known = findRefund(context, order)
  if (known) {
    const isSame = known.claimNo === claim.claimNo && known.amountFen === order.amountFen
    if (!isSame) throw new Refusal('different', '退款号已用于其他内容')
    return known
  }
  if (claim.settledAt === null) throw new Refusal('not_settled', '未理赔，不能退款')
  const leftFen = subtractFen(claim.benefitFen, claim.refundedFen)
  if (order.amountFen > leftFen) throw new Refusal('more_than_left', '退款金额超过可退金额')
  if (order.amountFen < leftFen && !context.partialRefunds) {
    throw new Refusal('whole_only', '不支持部分退款')
  }
  return giveBack(context, claim, order, order.amountFen === leftFen)
}

/** Throws 'refund_not_found'. */
export function refundOf(context: Context, number: { hospital: string; refundNo: string }): Refund {
  const found = findRefund(context, number)
  if (!found) throw new Refusal('refund_not_found', '无此退款')
  return found
}

export const allRefunds = ({ store }: Context): Refund[] =>
  store.all<RefundRow>('select * from refund order by refunded_ms, return_no').map(toRefund)

function giveBack(
  context: Context,
  claim: Claim,
  { hospital, refundNo, amountFen }: { hospital: string; refundNo: string; amountFen: Fen },
  isAll: boolean,
): Refund {
  const deductibleFen = isAll ? claim.deductibleFen : ZERO
  const returnNo = newNumber(context, 'R')
  context.store.run(
    `insert into refund (hospital, refund_no, claim_no, return_no, amount_fen, deductible_fen,
       refunded_ms, refunded_on) values (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      hospital,
      refundNo,
      claim.claimNo,
      returnNo,
      amountFen,
      deductibleFen,
      nowMs(context),
      today(context),
    ],
  )
  context.store.run(
    `update claim set refunded_fen = refunded_fen + ?, state = ? where claim_no = ?`,
    [amountFen, isAll ? 'refunded' : 'settled', claim.claimNo],
  )
  useOfYear(context, claim.policyNo, {
    benefitFen: negateFen(amountFen),
    deductibleFen: negateFen(deductibleFen),
  })
  postClaim(context, returnNo, hospital, negateFen(amountFen))
  return refundOf(context, { hospital, refundNo })
}

function findRefund({ store }: Context, number: { hospital: string; refundNo: string }) {
  const row = store.get<RefundRow>('select * from refund where hospital = ? and refund_no = ?', [
    number.hospital,
    number.refundNo,
  ])
  return row && toRefund(row)
}

const toRefund = (row: RefundRow): Refund => ({
  refundNo: row.refund_no,
  returnNo: row.return_no,
  claimNo: row.claim_no,
  amountFen: fen(row.amount_fen),
  refundedAt: new Date(row.refunded_ms),
})

type RefundRow = {
  refund_no: string
  return_no: string
  claim_no: string
  amount_fen: number
  refunded_ms: number
}
