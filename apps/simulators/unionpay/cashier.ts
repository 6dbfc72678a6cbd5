import type { FastifyInstance, FastifyReply } from 'fastify'

import { noticeFields } from './answers.ts'
import { placeTxn } from './calls.ts'
import { listCards } from './cards.ts'
import { messageView, payView } from './cashier-view.ts'
import type { Context, Merchant } from './context.ts'
import { askFaultPlan, keyOfNew } from './faults.ts'
import { readForm } from './message.ts'
import { obstacleTo, type PayOutcome, payTxn } from './pay.ts'
import { Refusal, respMsgOf } from './refusal.ts'
import { checkRequest, readCharge } from './requests.ts'
import { findTxn, type Txn, txnByToken } from './transactions.ts'

/** Every card pays with it: this is a sandbox, and the page says so. */
const DEMO_PASSWORD = '123456'

/**
 * The payer's side, in place of UnionPay's page and app: a front transaction opens it, and so does the address in a
 * code or that of a tn. One form, without a script; what was paid leads back to the merchant's frontUrl.
 */
export function addCashier(app: FastifyInstance, context: Context): void {
  app.post('/gateway/api/frontTransReq.do', (request, reply) => {
    const body = request.body instanceof Buffer ? request.body : Buffer.alloc(0)
    return show(reply, openFront(context, body))
  })
  app.get<{ Params: { token: string } }>('/qr/00010000/:token', (request, reply) =>
    show(reply, openToken(context, request.params.token, 'qr')),
  )
  app.get<{ Params: { token: string } }>('/app/:token', (request, reply) =>
    show(reply, openToken(context, request.params.token, 'app')),
  )
  app.post('/cashier/pay', (request, reply) => {
    const body = request.body instanceof Buffer ? request.body : Buffer.alloc(0)
    return show(reply, confirm(context, new URLSearchParams(body.toString('utf8'))))
  })
}

/** What the payer sees, or where the payer goes. */
type Shown = { status: number; html: string; returnTo?: string | null } | { goTo: string }

function openFront(context: Context, body: Buffer): Shown {
  const fields = readForm(body)
  const merchant = fields && context.merchants.get(fields['merId'] ?? '')
  if (!fields || !merchant) return message(404, '商户不存在', '请返回商户重新下单')
  try {
    checkRequest(merchant, fields)
    const asked = readCharge(context, merchant, fields, 'front')
    const key = keyOfNew(context, merchant.merId, asked.orderId, asked.description)
    const fault = askFaultPlan(context, merchant.merId, 'front 01-01', key)
    if (fault?.kind === 'refuse' || fault?.kind === 'decline') throw new Refusal('01')
    const found = findTxn(context, asked)
    const isOver = found !== null && found.way === 'front' && found.state !== 'waiting'
    const txn = isOver ? found : context.store.transaction(() => placeTxn(context, asked))
    return payPage(context, merchant, txn, null)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return message(400, '订单无法受理', respMsgOf(error.respCode, error.detail))
  }
}

function openToken(context: Context, token: string, way: 'qr' | 'app'): Shown {
  const txn = txnByToken(context, token)
  const merchant = txn && context.merchants.get(txn.merId)
  if (!merchant || txn.way !== way) return message(404, '订单不存在', '请返回商户重新下单')
  return payPage(context, merchant, txn, null)
}

function confirm(context: Context, form: URLSearchParams): Shown {
  const txn = txnByToken(context, form.get('token') ?? '')
  const merchant = txn && context.merchants.get(txn.merId)
  if (!merchant) return message(404, '订单不存在', '请返回商户重新下单')
  if (form.get('action') === 'cancel')
    return leave(context, merchant, txn, '已取消支付', '订单未支付')
  if (form.get('password') !== DEMO_PASSWORD) {
    return payPage(context, merchant, txn, '支付密码错误，请重新输入')
  }
  const outcome = context.store.transaction(() => payTxn(context, txn, form.get('card') ?? ''))
  if (outcome === 'insufficient') {
    return payPage(context, merchant, txn, '卡上的余额不足，请更换银行卡')
  }
  if (outcome !== 'paid') return refused(outcome)
  const paid = txnByToken(context, txn.token ?? '') ?? txn
  return leave(context, merchant, paid, '支付成功', '可以返回商户')
}

function payPage(context: Context, merchant: Merchant, txn: Txn, mistake: string | null): Shown {
  const cards = listCards(context)
  const [first] = cards
  const obstacle = obstacleTo(context, txn, first?.cardNo ?? '')
  if (obstacle !== null && obstacle !== 'insufficient') return refused(obstacle)
  const { description, amountFen, token, frontUrl } = txn
  const html = payView({
    merchantName: merchant.name,
    description,
    amountFen,
    cards,
    demoPassword: DEMO_PASSWORD,
    mistake,
    token: token ?? '',
  })
  return { status: mistake === null ? 200 : 422, html, returnTo: frontUrl }
}

/** Back to the merchant. UnionPay posts what became of the order, signed; whoever wants it plain is sent there. */
function leave(context: Context, merchant: Merchant, txn: Txn, title: string, hint: string): Shown {
  const { frontUrl } = txn
  if (frontUrl === null || !isLocal(frontUrl)) return message(200, title, hint)
  if (context.frontReturn === 'get') return { goTo: frontUrl }
  const fields = txn.state === 'done' ? noticeFields(merchant, txn) : {}
  const html = messageView({ title, hint, back: { url: frontUrl, fields } })
  return { status: 200, html, returnTo: frontUrl }
}

/** Only pages of this machine: the cashier must not send anyone into the world. */
function isLocal(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  const isHere = hostname === '127.0.0.1' || hostname === 'localhost'
  return protocol === 'http:' && isHere && username === '' && password === ''
}

function refused(outcome: Exclude<PayOutcome, 'paid'>): Shown {
  const [title, hint] = REFUSALS[outcome]
  return message(outcome === 'unknown_order' ? 404 : 409, title, hint)
}

const REFUSALS: Record<Exclude<PayOutcome, 'paid'>, [title: string, hint: string]> = {
  already_paid: ['订单已支付', '无需重复付款'],
  expired: ['订单已超时', '请返回商户重新下单'],
  ended: ['订单已结束', '请返回商户重新下单'],
  insufficient: ['卡上的余额不足', '本次没有扣款，请更换银行卡'],
  unknown_card: ['银行卡不存在', '请更换银行卡'],
  unknown_order: ['订单不存在', '请返回商户重新下单'],
}

const message = (status: number, title: string, hint: string): Shown => ({
  status,
  html: messageView({ title, hint, back: null }),
})

function show(reply: FastifyReply, shown: Shown): FastifyReply {
  if ('goTo' in shown) return reply.redirect(shown.goTo, 303)
  return reply.code(shown.status).headers(PAGE_HEADERS).send(shown.html)
}

// Browsers hold redirects after a form to form-action too, so the return pages are named there.
const PAGE_HEADERS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'; " +
    "form-action 'self' http://127.0.0.1:* http://localhost:*",
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
}
