import { fen, minFen, ZERO } from '../../../kernel/money.ts'
import { businessDateOf } from '../../../kernel/time.ts'
import { type His, nextNumber } from './context.ts'
import { coverageOf } from './coverage.ts'
import { isInFuture } from './instants.ts'
import { remember, repeatedAnswer } from './memory.ts'
import { type Answer, done, refusal } from './protocol.ts'
import { personOf } from './registry.ts'
import { chargesOf, findStay, type Stay } from './stays.ts'

export type Deposit = {
  paymentNo: string
  stayNo: string
  amountFen: number
  paidAt: Date
  tradeNo: string
}

const MAX_DEPOSIT_FEN = 10_000_000

/** `stays.deposit`, key `paymentNo`: money is paid in for the stay. */
export function payDeposit(his: His, deposit: Deposit, lie: boolean): Answer {
  const { paymentNo, stayNo, amountFen, paidAt, tradeNo } = deposit
  const content = { stayNo, amountFen }
  const repeated = repeatedAnswer(his.store, 'stays.deposit', paymentNo, content)
  if (repeated) return repeated
  const stay = findStay(his, stayNo)
  if (!stay) return refusal('STAY_NOT_FOUND', 'no stay has this number')
  if (stay.status === 'discharged') return refusal('STAY_OVER', 'the stay is settled')
  if (amountFen < 1 || amountFen > MAX_DEPOSIT_FEN) {
    return refusal('INVALID_REQUEST', `a deposit is of 1 to ${MAX_DEPOSIT_FEN} fen`)
  }
  if (isInFuture(his, paidAt)) return refusal('INVALID_REQUEST', 'the payment is yet to come')
  const receiptNo = nextNumber(his, 'stayReceipt')
  const balanceFen = stay.balanceFen + amountFen
  if (lie) return done({ receiptNo, balanceFen })
  const row = { receiptNo, stayNo, kind: 'deposit', paymentNo, refundNo: null } as const
  insert(his, { ...row, amountFen, tradeNo, at: paidAt })
  return remember(his.store, 'stays.deposit', paymentNo, content, done({ receiptNo, balanceFen }))
}

export type DepositRefund = {
  refundNo: string
  /** Of the deposit. */
  paymentNo: string
  amountFen: number
  at: Date
}

/** `stays.refundDeposit`, key `refundNo`: what the stay does not need is given back. */
export function refundDeposit(his: His, { refundNo, paymentNo, amountFen, at }: DepositRefund) {
  const content = { paymentNo, amountFen }
  const repeated = repeatedAnswer(his.store, 'stays.refundDeposit', refundNo, content)
  if (repeated) return repeated
  const deposit = his.store.get<{ stay_no: string; left_fen: number }>(
    `select stay_no, sum(case kind when 'deposit' then amount_fen else -amount_fen end) as left_fen
    from stay_receipt where payment_no = ? and kind <> 'settlement' group by stay_no`,
    paymentNo,
  )
  const stay = deposit && findStay(his, deposit.stay_no)
  if (!stay) return refusal('STAY_NOT_FOUND', 'no deposit has this payment')
  if (isInFuture(his, at)) return refusal('INVALID_REQUEST', 'the refund is yet to come')
  if (amountFen < 1 || amountFen > Math.min(deposit.left_fen, stay.balanceFen)) {
    return refusal('BALANCE_TOO_SMALL', 'more than is left of the deposit, or of all of them')
  }
  const receiptNo = nextNumber(his, 'stayReceipt')
  const row = { receiptNo, stayNo: stay.stayNo, kind: 'deposit_refund', paymentNo } as const
  insert(his, { ...row, refundNo, amountFen, tradeNo: null, at })
  const answer = done({ receiptNo, balanceFen: stay.balanceFen - amountFen })
  return remember(his.store, 'stays.refundDeposit', refundNo, content, answer)
}

/**
 * `stays.preSettle`: what a settlement would come to now, with the hospital's own reckoning of the insurance;
 * `interim` also while the patient is to stay.
 */
export function preSettleStay(
  his: His,
  { stayNo, interim = false }: { stayNo: string; interim?: boolean },
): Answer {
  const stay = findStay(his, stayNo)
  if (!stay) return refusal('STAY_NOT_FOUND', 'no stay has this number')
  const obstacle = notLeaving(stay)
  if (obstacle && !(interim && stay.status === 'in_hospital')) return obstacle
  const person = personOf(his.registry, stay.patientNo)
  const items = chargesOf(his, stay).flatMap((day) => day.items)
  const coverage = person && coverageOf(his.registry, person, items)
  const pooledFen = coverage?.pooledFen ?? ZERO
  const accountFen = coverage?.accountFen ?? ZERO
  return done({ stayNo, totalFen: stay.costFen, ...sharesOf(stay, { pooledFen, accountFen }) })
}

export type SettleStay = {
  paymentNo: string
  stayNo: string
  pooledFen: number
  accountFen: number
  /** What the patient pays on top of the deposits. */
  payFen: number
  paidAt: Date
  tradeNo: string | null
}

/** `stays.settle`, key `paymentNo`: insurance first, then the deposits, then the patient. */
export function settleStay(his: His, body: SettleStay, lie: boolean): Answer {
  const { paymentNo, stayNo, pooledFen, accountFen, payFen, paidAt, tradeNo } = body
  const content = { stayNo, pooledFen, accountFen, payFen }
  const repeated = repeatedAnswer(his.store, 'stays.settle', paymentNo, content)
  if (repeated) return repeated
  const stay = findStay(his, stayNo)
  if (!stay) return refusal('STAY_NOT_FOUND', 'no stay has this number')
  const obstacle = notLeaving(stay)
  if (obstacle) return obstacle
  if (isInFuture(his, paidAt)) return refusal('INVALID_REQUEST', 'the payment is yet to come')
  const { depositUsedFen, payableFen, refundableFen } = sharesOf(stay, { pooledFen, accountFen })
  if (pooledFen + accountFen > stay.costFen || payFen !== payableFen) {
    return refusal('AMOUNT_MISMATCH', `the patient owes ${payableFen} fen of ${stay.costFen}`)
  }
  const receiptNo = nextNumber(his, 'stayReceipt')
  const answer = done({ receiptNo, totalFen: stay.costFen, depositUsedFen, payFen, refundableFen })
  if (lie) return answer
  insert(his, {
    receiptNo,
    stayNo,
    kind: 'settlement',
    paymentNo,
    refundNo: null,
    amountFen: pooledFen + accountFen + payFen,
    pooledFen,
    accountFen,
    depositUsedFen,
    tradeNo,
    at: paidAt,
  })
  his.store.run(`update stay set status = 'discharged' where stay_no = ?`, stayNo)
  return remember(his.store, 'stays.settle', paymentNo, content, answer)
}

/** What was paid in, given back and settled, by moment. */
export const stayReceipts = ({ store }: His, stayNo: string): StayReceipt[] =>
  store.all<StayReceipt>(
    `select receipt_no as "receiptNo", kind, payment_no as "paymentNo", refund_no as "refundNo",
    amount_fen as "amountFen", trade_no as "tradeNo", at from stay_receipt where stay_no = ?
    order by at, receipt_no`,
    stayNo,
  )

export const stayReceiptOf = ({ store }: His, paymentNo: string) =>
  store.get<{ receiptNo: string; stayNo: string; amountFen: number; at: string }>(
    `select receipt_no as "receiptNo", stay_no as "stayNo", amount_fen as "amountFen", at
    from stay_receipt where payment_no = ? and kind <> 'deposit_refund'`,
    paymentNo,
  )

export type StayReceipt = {
  receiptNo: string
  kind: 'deposit' | 'deposit_refund' | 'settlement'
  paymentNo: string
  refundNo: string | null
  amountFen: number
  tradeNo: string | null
  at: string
}

function sharesOf(
  { costFen, depositFen }: Stay,
  { pooledFen, accountFen }: { pooledFen: number; accountFen: number },
) {
  const own = fen(Math.max(0, costFen - pooledFen - accountFen))
  const depositUsedFen = minFen(depositFen, own)
  const payableFen = fen(own - depositUsedFen)
  const refundableFen = fen(depositFen - depositUsedFen)
  return { pooledFen, accountFen, depositFen, depositUsedFen, payableFen, refundableFen }
}

function notLeaving({ status }: Stay): Answer | null {
  if (status === 'discharged') return refusal('STAY_OVER', 'the stay is settled')
  if (status === 'in_hospital') {
    return refusal('STAY_NOT_LEAVING', 'the ward has not ordered the discharge')
  }
  return null
}

type Entry = {
  receiptNo: string
  stayNo: string
  kind: 'deposit' | 'deposit_refund' | 'settlement'
  paymentNo: string
  refundNo: string | null
  amountFen: number
  pooledFen?: number
  accountFen?: number
  depositUsedFen?: number
  tradeNo: string | null
  at: Date
}

function insert({ store }: His, entry: Entry): void {
  const { receiptNo, stayNo, kind, paymentNo, refundNo, amountFen, tradeNo, at } = entry
  const what = [receiptNo, stayNo, kind, paymentNo, refundNo, amountFen]
  const shares = [entry.pooledFen ?? 0, entry.accountFen ?? 0, entry.depositUsedFen ?? 0]
  const sql = 'insert into stay_receipt values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)'
  store.run(sql, ...what, ...shares, tradeNo, at.toISOString(), businessDateOf(at))
}
