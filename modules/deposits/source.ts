import { createHash } from 'node:crypto'

import { isId } from '../../kernel/id.ts'
import { addFen, type Fen, minFen, subtractFen, ZERO } from '../../kernel/money.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type {
  ChargeAnswer,
  ChargeOrder,
  HoldingSource,
  Move,
  QuoteAnswer,
  QuoteRequest,
  RefundAnswer,
  RefundOrder,
  StatementAnswer,
  StatementRequest,
} from '../payments/index.ts'
import { type DepositAccountId, freeOf } from './account.ts'
import { freeIn, holdIn, payOut, putIn } from './book.ts'
import type { DepositsDependencies } from './dependencies.ts'
import { tellIfLow } from './low.ts'
import {
  accountsOf,
  type DrawReturnRow,
  type DrawRow,
  findDrawReturn,
  insertDraw,
  insertDrawReturn,
  lockAccount,
  lockDraw,
  movesOfDeposits,
  noteLow,
  updateDraw,
} from './store.ts'

const DEPOSIT = 'deposit'

/** A deposit as a source of a payment's money. All its rows are here: it is never in doubt. Locks: account, then draw. */
export const createSource = (deps: DepositsDependencies): HoldingSource => ({
  name: DEPOSIT,
  phase: 'hold',
  place: 'deposit',
  quote: (_call, request) => quote(deps, request),
  async hold(_call, order) {
    const draw = await held(deps, order)
    if (!draw) return declined('not_quoted', 'this was not quoted')
    if (draw.amount_fen !== order.amountFen) return declined('reused', 'held with another amount')
    return draw.status === 'held' || draw.status === 'taken' ? { outcome: 'held' } : refusedOf(draw)
  },
  async charge(_call, order) {
    const draw = await held(deps, order)
    if (!draw) return declined('not_quoted', 'this was not quoted')
    if (draw.amount_fen !== order.amountFen) return declined('reused', 'held with another amount')
    return answerOf(await inHospital(deps.db, order.hospitalId, (tx) => take(deps, tx, draw)))
  },
  async query(_call, order) {
    const draw = await inHospital(deps.db, order.hospitalId, (tx) => lockDraw(tx, order))
    return !draw || draw.status === 'held' ? { outcome: 'absent' } : answerOf(draw)
  },
  async release(_call, order) {
    const draw = await inHospital(deps.db, order.hospitalId, (tx) => giveUp(deps, tx, order))
    return draw?.status === 'taken'
      ? { outcome: 'confirmed', move: moveOf(draw) }
      : { outcome: 'released' }
  },
  refund: (_call, order) =>
    inHospital(deps.db, order.charge.hospitalId, (tx) => putBack(deps, tx, order)),
  async queryRefund(_call, order) {
    const { hospitalId } = order.charge
    const known = await inHospital(deps.db, hospitalId, (tx) =>
      findDrawReturn(tx, hospitalId, order.refundNo),
    )
    return known ? returnedOf(known, order) : { outcome: 'absent' }
  },
  statement: (_call, request) => statement(deps, request),
})

/** Offers what is free in the account of the stay; of a prepayment of before, what is left of it. */
async function quote(
  { db }: DepositsDependencies,
  { hospitalId, personId, payables, wanted, left }: QuoteRequest,
): Promise<QuoteAnswer> {
  if (wanted === false) return notAvailable('not_wanted', 'the payer does not want it')
  const { leftFen } = await left
  if (leftFen <= 0) return notAvailable('nothing_left', 'others pay all of it')
  const accounts = await inHospital(db, hospitalId, (tx) => accountsOf(tx, hospitalId, personId))
  const open = accounts.filter(({ status }) => status === 'open')
  const account =
    open.find(({ kind, stayNo }) => kind === 'inpatient' && stayNo === payables[0]?.visitNo) ??
    open.find(({ kind }) => kind === 'outpatient')
  if (!account) return notAvailable('no_deposit', 'there is no deposit for this visit')
  const freeFen = freeOf(account)
  if (freeFen <= 0) return notAvailable('deposit_used_up', 'nothing of the deposit is left')
  const amountFen = minFen(leftFen, freeFen)
  const params = { amountFen, leftFen: subtractFen(freeFen, amountFen) }
  return {
    outcome: 'quoted',
    parts: [{ kind: 'deposit', amountFen }],
    quoteReference: account.id,
    reasons: [{ code: `deposit_${account.kind}`, params }],
  }
}

const keyOf = (draw: DrawRow) => ({ hospitalId: draw.hospital_id, accountId: draw.account_id })

/** The draw as it stands, promised now if it was not before; null when it refers to no account. */
async function held(deps: DepositsDependencies, order: ChargeOrder): Promise<DrawRow | null> {
  const accountId = accountIn(order)
  if (accountId === null) return null
  return inHospital(deps.db, order.hospitalId, async (tx) => {
    const account = await lockAccount(tx, { hospitalId: order.hospitalId, accountId })
    const known = await lockDraw(tx, order)
    if (known || !account) return known
    const draw = newDraw(deps, order, accountId)
    const isOpen = account.status === 'open'
    const { amountFen, tradeNo } = order
    const cause = `deposits:hold:${tradeNo}`
    const holdId = isOpen ? await holdIn(deps, tx, keyOf(draw), { amountFen, cause }) : null
    const refusal = isOpen ? 'deposit_used_up' : 'deposit_closed'
    const made: DrawRow =
      holdId === null ? { ...draw, status: 'refused', refusal } : { ...draw, hold_id: holdId }
    await insertDraw(tx, made)
    if (holdId !== null) await tellIfLow(deps, tx, keyOf(made))
    return made
  })
}

const accountIn = ({ quoteReference }: ChargeOrder): DepositAccountId | null =>
  quoteReference !== null && isId(quoteReference) ? (quoteReference as DepositAccountId) : null

function newDraw(
  { clock }: DepositsDependencies,
  order: ChargeOrder,
  accountId: DepositAccountId,
): DrawRow {
  const now = clock.now()
  return {
    hospital_id: order.hospitalId,
    trade_no: order.tradeNo,
    account_id: accountId,
    amount_fen: order.amountFen,
    status: 'held',
    refusal: null,
    hold_id: null,
    returned_fen: ZERO,
    requested_at: now,
    taken_at: null,
    updated_at: now,
  }
}

async function take(
  deps: DepositsDependencies,
  tx: Tx,
  { hospital_id, trade_no, account_id }: DrawRow,
): Promise<DrawRow> {
  await lockAccount(tx, { hospitalId: hospital_id, accountId: account_id })
  const draw = await lockDraw(tx, { hospitalId: hospital_id, tradeNo: trade_no })
  if (!draw) throw new Error(`draw ${trade_no} is there`)
  if (draw.status !== 'held' || draw.hold_id === null) return draw
  const cause = `deposits:draw:${trade_no}`
  const held = { holdId: draw.hold_id, amountFen: draw.amount_fen, cause, memo: '预交金支付' }
  await payOut(deps, tx, keyOf(draw), held)
  const now = deps.clock.now()
  const taken: DrawRow = { ...draw, status: 'taken', taken_at: now, updated_at: now }
  await updateDraw(tx, taken)
  return taken
}

/** Also of a draw that is not there: its number is taken, so that a charge that comes late finds it given up. */
async function giveUp(
  deps: DepositsDependencies,
  tx: Tx,
  order: ChargeOrder,
): Promise<DrawRow | null> {
  const accountId = accountIn(order)
  if (accountId === null) return null
  if (!(await lockAccount(tx, { hospitalId: order.hospitalId, accountId }))) return null
  const draw = await lockDraw(tx, order)
  if (!draw) {
    const never: DrawRow = { ...newDraw(deps, order, accountId), status: 'released' }
    await insertDraw(tx, never)
    return never
  }
  if (draw.status !== 'held' || draw.hold_id === null) return draw
  await freeIn(deps, tx, keyOf(draw), { holdId: draw.hold_id, amountFen: draw.amount_fen })
  const released: DrawRow = { ...draw, status: 'released', updated_at: deps.clock.now() }
  await updateDraw(tx, released)
  await noteLow(tx, keyOf(draw))
  return released
}

async function putBack(
  deps: DepositsDependencies,
  tx: Tx,
  order: RefundOrder,
): Promise<RefundAnswer> {
  const { charge, refundNo, amountFen } = order
  const accountId = accountIn(charge)
  if (accountId === null) return declined('not_charged', 'nothing was taken')
  await lockAccount(tx, { hospitalId: charge.hospitalId, accountId })
  const draw = await lockDraw(tx, charge)
  const known = await findDrawReturn(tx, charge.hospitalId, refundNo)
  if (known) return returnedOf(known, order)
  if (draw?.status !== 'taken') return declined('not_charged', 'nothing was taken')
  if (amountFen <= 0 || amountFen > subtractFen(draw.amount_fen, draw.returned_fen)) {
    return declined('over_charge', 'more than was taken and not yet given back')
  }
  const at = deps.clock.now()
  const entry = { amountFen, cause: `deposits:return:${refundNo}`, memo: '退回预交金' }
  await putIn(deps, tx, keyOf(draw), entry)
  const returnedFen = addFen(draw.returned_fen, amountFen)
  await updateDraw(tx, { ...draw, returned_fen: returnedFen, updated_at: at })
  const { hospital_id, trade_no } = draw
  const row = { hospital_id, refund_no: refundNo, trade_no, amount_fen: amountFen, at }
  await insertDrawReturn(tx, row)
  await noteLow(tx, keyOf(draw))
  return returnedOf(row, order)
}

async function statement(
  { db }: DepositsDependencies,
  { hospitalId, businessDate }: StatementRequest,
): Promise<StatementAnswer> {
  const { taken, returned } = await inHospital(db, hospitalId, (tx) =>
    movesOfDeposits(tx, hospitalId, businessDate),
  )
  const lines = [
    ...taken.map((draw) => lineOf('charge', draw.trade_no, draw.amount_fen, draw.taken_at)),
    ...returned.map((row) => lineOf('return', row.refund_no, row.amount_fen, row.at)),
  ]
  const content = lines
    .map(({ kind, ourNo, amountFen, at }) => [kind, ourNo, amountFen, at?.toISOString()].join(','))
    .join('\n')
  const sha256 = createHash('sha256').update(content).digest('hex')
  return { outcome: 'lines', lines, feeFen: ZERO, content, sha256 }
}

const lineOf = (kind: Move['kind'], ourNo: string, amountFen: Fen, at: Date | null) => ({
  kind,
  ourNo,
  providerNo: `D${ourNo}`,
  amountFen,
  at,
})

function answerOf(draw: DrawRow): Exclude<ChargeAnswer, { outcome: 'pending' }> {
  switch (draw.status) {
    case 'taken':
      return { outcome: 'confirmed', move: moveOf(draw) }
    case 'released':
    case 'refused':
      return refusedOf(draw)
    case 'held':
      return { outcome: 'unknown', reason: 'the draw is promised and not taken' }
  }
}

const moveOf = ({ trade_no, amount_fen, taken_at, updated_at }: DrawRow): Move =>
  moved('charge', trade_no, amount_fen, taken_at ?? updated_at)

const moved = (kind: Move['kind'], ourNo: string, amountFen: Fen, at: Date): Move => ({
  kind,
  ourNo,
  providerNo: `D${ourNo}`,
  parts: [{ kind: 'deposit', amountFen }],
  at,
})

function returnedOf(row: DrawReturnRow, { charge, amountFen }: RefundOrder): RefundAnswer {
  if (row.amount_fen !== amountFen || row.trade_no !== charge.tradeNo) {
    return declined('reused', 'this number gave back something else')
  }
  return { outcome: 'confirmed', moves: [moved('return', row.refund_no, amountFen, row.at)] }
}

const refusedOf = ({ refusal, status }: DrawRow) =>
  declined(refusal ?? 'released', `the draw is ${status}`)

const declined = (code: string, reason: string) => ({ outcome: 'declined', code, reason }) as const

const notAvailable = (code: string, reason: string) =>
  ({ outcome: 'not_available', code, reason }) as const
