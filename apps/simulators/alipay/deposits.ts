import { type Fen, fen, subtractFen, toYuanText } from '../../../kernel/money.ts'
import { randomHex } from '../../../kernel/random.ts'
import { DAY_MS, MINUTE_MS, toShanghaiText } from '../../../kernel/time.ts'
import { ApiError } from './api-error.ts'
import { balanceOf, depositAccount, move, walletAccount } from './books.ts'
import { alipayNo, type App, type Context, nowMs } from './context.ts'
import { type Content, fieldsOf } from './fields.ts'
import { createNotice } from './notices.ts'
import { appOf, type Obstacle, paidView, settle } from './pay.ts'
import { findAgain, insertTrade, type Placing, readNewTrade } from './place.ts'
import { findWallet, payerFields, useBarcode } from './wallets.ts'

// 资金授权: money of a wallet that is frozen for a merchant, given back piece by piece, or taken by a trade.

export type Deposit = {
  appId: string
  outOrderNo: string
  authNo: string | null // set once it is frozen
  title: string
  notifyUrl: string
  amountFen: Fen
  qrCode: string | null
  buyerId: string | null
  capturedFen: Fen
  finished: boolean
  expiresAt: Date
}

const ILLEGAL = 'ILLEGAL_ARGUMENT'
const DEFAULT_LIFE_MS = 15 * MINUTE_MS
const UNIT_MS: Record<string, number> = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: DAY_MS }

/** Notes what is to be frozen, or finds it noted in the same words before. */
function place(context: Context, { app, content, notifyUrl }: Placing, withCode: boolean): Placed {
  const fields = fieldsOf(content, ILLEGAL)
  const outOrderNo = fields.number('out_order_no')
  const requestNo = fields.number('out_request_no')
  const amountFen = fields.amount('amount')
  const title = fields.text('order_title', 100)
  if (fields.optional('payee_user_id') !== app.sellerId) throw fields.wrong('payee_user_id')
  const timeout = fields.optional('pay_timeout')
  const [, count = '', unit = ''] = /^(\d{1,4})([mhd])$/.exec(timeout) ?? []
  if (timeout !== '' && unit === '') throw fields.wrong('pay_timeout')
  const lifeMs = unit === '' ? DEFAULT_LIFE_MS : Number(count) * (UNIT_MS[unit] ?? 0)
  const placed = findDeposit(context, app.appId, outOrderNo)
  const operation = findOperation(context, app.appId, 'FREEZE', requestNo)
  if (placed || operation) {
    const isSame = placed?.amountFen === amountFen && operation?.out_order_no === outOrderNo
    if (!placed || !isSame) throw new ApiError('INCONSISTENT_PARAM')
    return { deposit: placed, requestNo }
  }
  const qrCode = withCode ? `https://qr.alipay.com/fpx${randomHex(context.random, 12)}` : null
  context.store.run(
    `insert into deposit (app_id, out_order_no, title, notify_url, amount_fen, qr_code, expires_ms)
     values (?, ?, ?, ?, ?, ?, ?)`,
    [app.appId, outOrderNo, title, notifyUrl, amountFen, qrCode, nowMs(context) + lifeMs],
  )
  insertOperation(context, app.appId, outOrderNo, {
    type: 'FREEZE',
    requestNo,
    amountFen,
    status: 'PREPARED',
  })
  return { deposit: existing(context, app, outOrderNo), requestNo }
}

type Placed = { deposit: Deposit; requestNo: string }

/** alipay.fund.auth.order.voucher.create: a code; the deposit comes when somebody scans it. */
export function createVoucher(context: Context, placing: Placing): object {
  const { deposit, requestNo } = place(context, placing, true)
  return {
    out_order_no: deposit.outOrderNo,
    out_request_no: requestNo,
    code_type: 'qr_code',
    code_value: deposit.qrCode,
  }
}

/** alipay.fund.auth.order.freeze: of the payer whose barcode it is, at once. */
export function freezeByBarcode(context: Context, placing: Placing): object {
  const { app, content } = placing
  const fields = fieldsOf(content, ILLEGAL)
  fields.match('auth_code_type', /^bar_code$/)
  const { deposit, requestNo } = place(context, placing, false)
  if (deposit.authNo === null) {
    const wallet = useBarcode(context, fields.text('auth_code'), deposit.outOrderNo)
    if (!wallet) throw fields.wrong('auth_code')
    if (wallet.balanceFen < deposit.amountFen) throw new ApiError('PAYER_BALANCE_NOT_ENOUGH')
    freeze(context, deposit, wallet.buyerId)
  }
  return operationView(context, app, deposit.outOrderNo, 'FREEZE', requestNo)
}

/** The payer came from an app with what the merchant signed, or has scanned the code. */
export const openDeposit = (context: Context, placing: Placing): Deposit =>
  place(context, placing, false).deposit

export function obstacleToFreeze(
  context: Context,
  deposit: Deposit,
  buyerId: string,
): Obstacle | null {
  if (deposit.authNo !== null) return 'already_paid'
  if (nowMs(context) >= deposit.expiresAt.getTime()) return 'expired'
  const wallet = findWallet(context, buyerId)
  if (!wallet) return 'unknown_wallet'
  if (wallet.closed) return 'wallet_closed'
  return wallet.balanceFen < deposit.amountFen ? 'insufficient' : null
}

export function freeze(context: Context, deposit: Deposit, buyerId: string): void {
  const authNo = alipayNo(context, '10002')
  const operationId = alipayNo(context, '20002')
  const { appId, outOrderNo, amountFen } = deposit
  const entry = { atMs: nowMs(context), businessNo: operationId, title: '冻结' }
  move(context.store, entry, walletAccount(buyerId), depositAccount(authNo), amountFen)
  context.store.run(
    'update deposit set auth_no = ?, buyer_id = ? where app_id = ? and out_order_no = ?',
    [authNo, buyerId, appId, outOrderNo],
  )
  context.store.run(
    `update operation set status = 'SUCCESS', operation_id = ?, at_ms = ?
     where app_id = ? and out_order_no = ? and type = 'FREEZE'`,
    [operationId, nowMs(context), appId, outOrderNo],
  )
  createNotice(context, appOf(context, deposit), {
    url: deposit.notifyUrl,
    subject: outOrderNo,
    values: {
      notify_type: 'fund_auth_freeze',
      auth_no: authNo,
      out_order_no: outOrderNo,
      operation_id: operationId,
      operation_type: 'FREEZE',
      amount: toYuanText(amountFen),
      status: 'SUCCESS',
      gmt_trans: toShanghaiText(context.clock.now()),
    },
  })
}

/** alipay.fund.auth.order.unfreeze: the same out_request_no gives back once. */
export function unfreeze(context: Context, app: App, content: Content): object {
  const fields = fieldsOf(content, ILLEGAL)
  const deposit = findByAuthNo(context, app, fields.text('auth_no'))
  const requestNo = fields.number('out_request_no')
  const amountFen = fields.amount('amount')
  fields.text('remark', 100)
  const asked = findOperation(context, app.appId, 'UNFREEZE', requestNo)
  if (asked) {
    const isSame = asked.amount_fen === amountFen && asked.out_order_no === deposit.outOrderNo
    if (!isSame) throw new ApiError('INCONSISTENT_PARAM')
    return operationView(context, app, deposit.outOrderNo, 'UNFREEZE', requestNo)
  }
  if (deposit.finished) throw new ApiError('AUTH_ORDER_HAS_FINISHED')
  if (amountFen > restOf(context, deposit)) throw new ApiError('REQUEST_AMOUNT_EXCEED')
  giveBack(context, deposit, requestNo, amountFen)
  return operationView(context, app, deposit.outOrderNo, 'UNFREEZE', requestNo)
}

function giveBack(context: Context, deposit: Deposit, requestNo: string, amountFen: Fen): void {
  const { appId, outOrderNo, authNo, buyerId } = deposit
  const operationId = alipayNo(context, '20002')
  const entry = { atMs: nowMs(context), businessNo: operationId, title: '解冻' }
  const [from, to] = [depositAccount(authNo ?? ''), walletAccount(buyerId ?? '')]
  move(context.store, entry, from, to, amountFen)
  insertOperation(context, appId, outOrderNo, {
    type: 'UNFREEZE',
    requestNo,
    amountFen,
    status: 'SUCCESS',
    operationId,
  })
}

/** alipay.trade.pay with auth_no: takes of what is frozen, and with COMPLETE gives back the rest. */
export function capture(context: Context, placing: Placing): object {
  const { app, content } = placing
  const fields = fieldsOf(content)
  const authNo = fields.text('auth_no')
  const mode = fields.optional('auth_confirm_mode') || 'NOT_COMPLETE'
  if (mode !== 'COMPLETE' && mode !== 'NOT_COMPLETE') throw fields.wrong('auth_confirm_mode')
  const deposit = findByAuthNo(context, app, authNo)
  const { buyerId } = deposit
  const wallet = buyerId === null ? null : findWallet(context, buyerId)
  if (!wallet) throw new ApiError('AUTH_ORDER_NOT_EXIST')
  const request = readNewTrade(context, placing)
  findAgain(context, app, 'capture', request)
  if (deposit.finished) throw new ApiError('AUTH_ORDER_HAS_FINISHED')
  const restFen = restOf(context, deposit)
  if (request.totalFen > restFen) throw new ApiError('REQUEST_AMOUNT_EXCEED')
  const more = { buyerId: wallet.buyerId, authNo }
  const trade = settle(
    context,
    insertTrade(context, placing, 'capture', request, more),
    wallet.buyerId,
  )
  const { appId, outOrderNo } = deposit
  insertOperation(context, appId, outOrderNo, {
    type: 'PAY',
    requestNo: trade.outTradeNo,
    amountFen: trade.totalFen,
    status: 'SUCCESS',
    operationId: alipayNo(context, '20002'),
  })
  const leftFen = subtractFen(restFen, trade.totalFen)
  const isEnd = mode === 'COMPLETE' || leftFen === 0
  if (isEnd && leftFen > 0) giveBack(context, deposit, `${trade.outTradeNo}_rest`, leftFen)
  context.store.run(
    `update deposit set captured_fen = captured_fen + ?, finished = ?
     where app_id = ? and out_order_no = ?`,
    [trade.totalFen, isEnd ? 1 : 0, appId, outOrderNo],
  )
  return paidView(app, trade, wallet)
}

/** alipay.fund.auth.operation.detail.query. What nobody has frozen yet is not there. */
export function operationQuery(context: Context, app: App, content: Content): object {
  const fields = fieldsOf(content, ILLEGAL)
  const authNo = fields.optional('auth_no')
  const outOrderNo = authNo
    ? findByAuthNo(context, app, authNo).outOrderNo
    : fields.number('out_order_no')
  const type = fields.match('operation_type', /^(FREEZE|UNFREEZE|PAY)$/)
  const deposit = findDeposit(context, app.appId, outOrderNo)
  if (!deposit || deposit.authNo === null) throw new ApiError('AUTH_ORDER_NOT_EXIST')
  const view = operationView(context, app, outOrderNo, type, fields.text('out_request_no'))
  return {
    ...view,
    operation_type: type,
    order_title: deposit.title,
    order_status: deposit.finished ? 'FINISH' : 'AUTHORIZED',
    total_freeze_amount: toYuanText(deposit.amountFen),
    rest_amount: toYuanText(restOf(context, deposit)),
    total_pay_amount: toYuanText(deposit.capturedFen),
  }
}

function operationView(
  context: Context,
  app: App,
  outOrderNo: string,
  type: string,
  requestNo: string,
): object {
  const deposit = existing(context, app, outOrderNo)
  const operation = findOperation(context, app.appId, type, requestNo)
  if (!operation || operation.out_order_no !== outOrderNo || operation.at_ms === null) {
    throw new ApiError('AUTH_OPERATION_NOT_EXIST')
  }
  const wallet = deposit.buyerId === null ? null : findWallet(context, deposit.buyerId)
  return {
    auth_no: deposit.authNo,
    out_order_no: outOrderNo,
    operation_id: operation.operation_id,
    out_request_no: requestNo,
    amount: toYuanText(fen(operation.amount_fen)),
    status: operation.status,
    gmt_trans: toShanghaiText(new Date(operation.at_ms)),
    ...payerFields(app, wallet, 'payer'),
  }
}

const restOf = ({ store }: Context, { authNo }: Deposit): Fen =>
  balanceOf(store, depositAccount(authNo ?? ''))

function insertOperation(
  context: Context,
  appId: string,
  outOrderNo: string,
  operation: {
    type: string
    requestNo: string
    amountFen: Fen
    status: string
    operationId?: string
  },
): void {
  const { type, requestNo, amountFen, status, operationId = null } = operation
  context.store.run(
    `insert into operation (app_id, out_order_no, out_request_no, operation_id, type, status,
       amount_fen, at_ms) values (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      appId,
      outOrderNo,
      requestNo,
      operationId,
      type,
      status,
      amountFen,
      operationId === null ? null : nowMs(context),
    ],
  )
}

const findOperation = ({ store }: Context, appId: string, type: string, requestNo: string) =>
  store.get<{
    out_order_no: string
    operation_id: string | null
    amount_fen: number
    status: string
    at_ms: number | null
  }>('select * from operation where app_id = ? and type = ? and out_request_no = ?', [
    appId,
    type,
    requestNo,
  ])

function findByAuthNo(context: Context, app: App, authNo: string): Deposit {
  const row = context.store.get<DepositRow>('select * from deposit where auth_no = ?', [authNo])
  if (!row || row.app_id !== app.appId) throw new ApiError('AUTH_ORDER_NOT_EXIST')
  return toDeposit(row)
}

function existing(context: Context, app: App, outOrderNo: string): Deposit {
  const deposit = findDeposit(context, app.appId, outOrderNo)
  if (!deposit) throw new ApiError('AUTH_ORDER_NOT_EXIST')
  return deposit
}

function findDeposit({ store }: Context, appId: string, outOrderNo: string): Deposit | null {
  const row = store.get<DepositRow>('select * from deposit where app_id = ? and out_order_no = ?', [
    appId,
    outOrderNo,
  ])
  return row && toDeposit(row)
}

export function findDepositByCode({ store }: Context, qrCode: string): Deposit | null {
  const row = store.get<DepositRow>('select * from deposit where qr_code = ?', [qrCode])
  return row && toDeposit(row)
}

const toDeposit = (row: DepositRow): Deposit => ({
  appId: row.app_id,
  outOrderNo: row.out_order_no,
  authNo: row.auth_no,
  title: row.title,
  notifyUrl: row.notify_url,
  amountFen: fen(row.amount_fen),
  qrCode: row.qr_code,
  buyerId: row.buyer_id,
  capturedFen: fen(row.captured_fen),
  finished: row.finished === 1,
  expiresAt: new Date(row.expires_ms),
})

type DepositRow = {
  app_id: string
  out_order_no: string
  auth_no: string | null
  title: string
  notify_url: string
  amount_fen: number
  qr_code: string | null
  buyer_id: string | null
  captured_fen: number
  finished: number
  expires_ms: number
}
