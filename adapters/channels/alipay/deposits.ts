import { type Fen, toYuanText } from '../../../kernel/money.ts'
import { type Clock, MINUTE_MS } from '../../../kernel/time.ts'
import type {
  ChargeAnswer,
  ChargeOrder,
  PayerAction,
  ProviderCall,
} from '../../../modules/payments/index.ts'
import {
  amountOf,
  FundOperation,
  FundOperationFound,
  momentOf,
  PaidAtOnce,
  Voucher,
  yuanOf,
} from './answers.ts'
import {
  type ApiRequest,
  type Client,
  type ClientDeps,
  createClient,
  type ProvenReply,
  type Unknown,
} from './client.ts'
import { chargeMove, createQuery } from './orders.ts'
import { type AlipayAccount, type AlipayParams, toAccount } from './params.ts'
import { subjectOf } from './requests.ts'
import {
  CAPTURE_REFUSALS,
  FREEZE_REFUSALS,
  OPERATION_QUERY_REFUSALS,
  refusalOf,
  SUCCESS,
  UNFREEZE_REFUSALS,
  WAITING_FOR_PAYER,
} from './translation.ts'

/** Money of a payer that is frozen for the hospital, and stays the payer's until it is captured. */
export type AlipayDeposits = {
  /** Freezes, or says what the payer must do first. Asked again it freezes nothing twice. */
  freeze(call: ProviderCall, order: DepositOrder): Promise<FreezeAnswer>
  /** How the deposit stands now. 'absent' when Alipay knows of none: the payer has not been there yet. */
  query(call: ProviderCall, order: DepositOrder): Promise<FreezeAnswer | { outcome: 'absent' }>
  /** Gives some of it back to the payer, or all; the same number does it once. */
  unfreeze(call: ProviderCall, order: UnfreezeOrder): Promise<UnfreezeAnswer>
  /** Takes some of it as a charge, which is queried and refunded through the channel like any other. */
  capture(call: ProviderCall, order: CaptureOrder): Promise<ChargeAnswer>
}

export type DepositOrder = {
  /** Ours for the deposit and for the freezing of it: up to 64 letters, digits and underscores each. */
  orderNo: string
  requestNo: string
  amountFen: Fen
  title: string
  method: DepositMethod
  /** The digits of the payer's barcode; null for the other methods, and when the machine asks again. */
  token: string | null
  createdAt: Date
  expiresAt: Date
}

/** barcode: we scan the payer's. qr_code: the payer scans ours. app: in the provider's app, from one of ours. */
export type DepositMethod = 'barcode' | 'qr_code' | 'app'

export type FreezeAnswer =
  | { outcome: 'frozen'; deposit: Deposit }
  | { outcome: 'pending'; payerAction: PayerAction | null }
  | { outcome: 'declined'; code: string; reason: string }
  | Unknown

export type Deposit = {
  authNo: string // Alipay's number, which unfreezing and capturing name
  frozenFen: Fen
  /** What is still frozen, and what was captured. The rest was given back. */
  restFen: Fen
  capturedFen: Fen
  /** Personal data: the payer's number at Alipay, wanted again by the capture. */
  payerAccount: string | null
  at: Date
}

export type UnfreezeOrder = {
  authNo: string
  requestNo: string
  amountFen: Fen
  reason: string
}

export type UnfreezeAnswer =
  | { outcome: 'unfrozen'; amountFen: Fen; at: Date }
  | { outcome: 'pending' }
  | { outcome: 'declined'; code: string; reason: string }
  | Unknown

export type CaptureOrder = {
  authNo: string
  /** How it was frozen. */
  method: DepositMethod
  /** tradeNo, amount, description and payerAccount of the charge that comes of it. */
  charge: ChargeOrder
  /** Whether what is left is given back at once; otherwise it stays frozen. */
  endsDeposit: boolean
}

/**
 * Pre-authorisation (预授权) at the same gateway, for deposits of patients. Keeps no state; every verb may be asked
 * again.
 *
 * Errors: as createAlipay. Source: Alipay open platform, 资金授权, 预授权转支付.
 */
export function createAlipayDeposits(params: AlipayParams, deps: ClientDeps): AlipayDeposits {
  const account = toAccount(params)
  const client = createClient(account, deps)
  return {
    ...createFreezing(account, client, deps),
    ...createUnfreezing(client),
    ...createCapturing(account, client),
  }
}

function createFreezing(account: AlipayAccount, client: Client, { clock }: { clock: Clock }) {
  return { freeze, query }

  async function freeze(call: ProviderCall, order: DepositOrder): Promise<FreezeAnswer> {
    const request = freezeRequest(account, order, clock.now())
    if (order.method === 'app') {
      const signed = new URLSearchParams(client.sign(call, request)).toString()
      return pending({ kind: 'app', params: { orderStr: signed.replaceAll('+', '%20') } })
    }
    if (order.method === 'barcode' && order.token === null) {
      const found = await query(call, order)
      return found.outcome === 'absent' ? unknown('the barcode is gone, none is known') : found
    }
    const answer = await client.ask(call, request, (reply) => readFreeze(order, reply))
    switch (answer.outcome) {
      case 'look': {
        const found = await query(call, order)
        return found.outcome === 'absent' ? unknown('frozen, but not to be found') : found
      }
      case 'ask': {
        const found = await query(call, order)
        return found.outcome === 'absent' ? declined(answer.code, answer.reason) : found
      }
      default:
        return answer
    }
  }

  async function query(
    call: ProviderCall,
    { orderNo, requestNo }: DepositOrder,
  ): Promise<FreezeAnswer | { outcome: 'absent' }> {
    const request = operationRequest({
      out_order_no: orderNo,
      out_request_no: requestNo,
      operation_type: 'FREEZE',
    })
    const answer = await client.ask(call, request, (reply) =>
      reply.code === SUCCESS
        ? readDeposit(requestNo, reply.node)
        : refusalOf(OPERATION_QUERY_REFUSALS, reply),
    )
    return answer.outcome === 'absent' ? { outcome: 'absent' } : answer
  }
}

const FREEZES: Record<DepositMethod, string> = {
  barcode: 'alipay.fund.auth.order.freeze',
  qr_code: 'alipay.fund.auth.order.voucher.create',
  app: 'alipay.fund.auth.order.app.freeze',
}
const productOf = (method: DepositMethod) => (method === 'app' ? 'PRE_AUTH_ONLINE' : 'PRE_AUTH')

function freezeRequest(account: AlipayAccount, order: DepositOrder, now: Date): ApiRequest {
  const { orderNo, requestNo, amountFen, title, method, token, expiresAt } = order
  const minutes = Math.max(1, Math.floor((expiresAt.getTime() - now.getTime()) / MINUTE_MS))
  return {
    method: FREEZES[method],
    content: {
      out_order_no: orderNo,
      out_request_no: requestNo,
      order_title: subjectOf(title).slice(0, 100),
      amount: toYuanText(amountFen),
      product_code: productOf(method),
      payee_user_id: account.sellerId,
      ...(method === 'barcode' ? { auth_code: token, auth_code_type: 'bar_code' } : {}),
      ...(method === 'barcode' ? {} : { pay_timeout: `${minutes}m` }),
    },
    notified: true,
    ...(token === null ? {} : { secrets: [token] }),
  }
}

function readFreeze({ orderNo, requestNo, method }: DepositOrder, reply: ProvenReply) {
  const { code, node } = reply
  if (code === WAITING_FOR_PAYER && method === 'barcode') return pending(null)
  if (code !== SUCCESS) return refusalOf(FREEZE_REFUSALS, reply)
  if (method === 'qr_code') {
    const isOurs = Voucher.Check(node) && node.out_order_no === orderNo
    return isOurs
      ? pending({ kind: 'qr_code', content: node.code_value })
      : unknown('the code of the deposit cannot be read')
  }
  if (!FundOperation.Check(node) || node.out_request_no !== requestNo) {
    return unknown('the deposit cannot be read')
  }
  return node.status === 'INIT' ? pending(null) : ({ outcome: 'look' } as const)
}

function readDeposit(requestNo: string, node: unknown): FreezeAnswer {
  if (!FundOperationFound.Check(node) || node.out_request_no !== requestNo) {
    return unknown('the deposit cannot be read')
  }
  if (node.operation_type !== 'FREEZE') return unknown('it is no freezing')
  switch (node.status) {
    case 'INIT':
      return pending(null)
    case 'CLOSED':
      return declined('closed', `status ${node.status}`)
    case 'SUCCESS': {
      const at = momentOf(node.gmt_trans)
      const frozenFen = amountOf(node.amount)
      const [restFen, capturedFen] = [yuanOf(node.rest_amount), yuanOf(node.total_pay_amount)]
      if (at === null || frozenFen === null || restFen === null || capturedFen === null) {
        return unknown('the deposit cannot be read')
      }
      const payerAccount = node.payer_user_id || node.payer_open_id || null
      const deposit = { authNo: node.auth_no, frozenFen, restFen, capturedFen, payerAccount, at }
      return { outcome: 'frozen', deposit }
    }
    default:
      return unknown(`status ${node.status.slice(0, 40)} is not known`)
  }
}

function createUnfreezing(client: Client) {
  return { unfreeze }

  async function unfreeze(call: ProviderCall, order: UnfreezeOrder): Promise<UnfreezeAnswer> {
    const answer = await client.ask(call, unfreezeRequest(order), (reply) =>
      reply.code === SUCCESS
        ? readUnfreeze(order, reply.node)
        : refusalOf(UNFREEZE_REFUSALS, reply),
    )
    if (answer.outcome !== 'ask') return answer
    const request = operationRequest({
      auth_no: order.authNo,
      out_request_no: order.requestNo,
      operation_type: 'UNFREEZE',
    })
    const found = await client.ask(call, request, (reply) =>
      reply.code === SUCCESS
        ? readUnfreeze(order, reply.node)
        : refusalOf(OPERATION_QUERY_REFUSALS, reply),
    )
    return found.outcome === 'absent' ? declined(answer.code, answer.reason) : found
  }
}

const unfreezeRequest = ({ authNo, requestNo, amountFen, reason }: UnfreezeOrder): ApiRequest => ({
  method: 'alipay.fund.auth.order.unfreeze',
  content: {
    auth_no: authNo,
    out_request_no: requestNo,
    amount: toYuanText(amountFen),
    remark: subjectOf(reason).slice(0, 50),
  },
  notified: true,
})

function readUnfreeze(order: UnfreezeOrder, node: unknown): UnfreezeAnswer {
  const isOurs =
    FundOperation.Check(node) &&
    node.auth_no === order.authNo &&
    node.out_request_no === order.requestNo
  if (!isOurs) return unknown('the unfreezing cannot be read')
  const at = momentOf(node.gmt_trans)
  const amountFen = amountOf(node.amount)
  if (node.status === 'INIT') return { outcome: 'pending' }
  if (node.status === 'CLOSED') return declined('closed', `status ${node.status}`)
  return node.status === 'SUCCESS' && at !== null && amountFen !== null
    ? { outcome: 'unfrozen', amountFen, at }
    : unknown('the unfreezing cannot be read')
}

function createCapturing(account: AlipayAccount, client: Client) {
  const query = createQuery(account, client)
  return { capture }

  async function capture(call: ProviderCall, order: CaptureOrder): Promise<ChargeAnswer> {
    const answer = await client.ask(call, captureRequest(account, order), (reply) =>
      readCapture(order, reply),
    )
    if (answer.outcome !== 'ask') return answer
    const found = await query(call, order.charge)
    return found.outcome === 'absent' ? declined(answer.code, answer.reason) : found
  }
}

function captureRequest(account: AlipayAccount, order: CaptureOrder): ApiRequest {
  const { authNo, method, charge, endsDeposit } = order
  const { payerAccount } = charge
  return {
    method: 'alipay.trade.pay',
    content: {
      out_trade_no: charge.tradeNo,
      auth_no: authNo,
      total_amount: toYuanText(charge.amountFen),
      subject: subjectOf(charge.description),
      product_code: productOf(method),
      seller_id: account.sellerId,
      ...(payerAccount === null ? {} : { [account.payerAccount]: payerAccount }),
      auth_confirm_mode: endsDeposit ? 'COMPLETE' : 'NOT_COMPLETE',
    },
    notified: true,
    ...(payerAccount === null ? {} : { secrets: [payerAccount] }),
  }
}

function readCapture({ charge }: CaptureOrder, reply: ProvenReply) {
  const { code, node } = reply
  if (code === WAITING_FOR_PAYER) return pending(null)
  if (code !== SUCCESS) return refusalOf(CAPTURE_REFUSALS, reply)
  const at = PaidAtOnce.Check(node) ? momentOf(node.gmt_payment) : null
  const amountFen = PaidAtOnce.Check(node) ? amountOf(node.total_amount) : null
  const isWhole = PaidAtOnce.Check(node) && at !== null && amountFen !== null
  if (!isWhole || node.out_trade_no !== charge.tradeNo) return unknown('the capture cannot be read')
  const move = chargeMove(charge, node.trade_no, amountFen, at)
  return { outcome: 'confirmed', move } as const
}

const operationRequest = (content: Record<string, string>): ApiRequest => ({
  method: 'alipay.fund.auth.operation.detail.query',
  content,
})

const pending = (payerAction: PayerAction | null) => ({ outcome: 'pending', payerAction }) as const

const declined = (code: string, reason: string) => ({ outcome: 'declined', code, reason }) as const

const unknown = (reason: string): Unknown => ({ outcome: 'unknown', reason })
