import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

import { openAgreement } from './agreements.ts'
import { ApiError } from './api-error.ts'
import type { Context } from './context.ts'
import { keyOfNew } from './faults.ts'
import type { SignedRequest } from './gateway.ts'
import { appOf, type Obstacle } from './pay.ts'
import { openSigned } from './place.ts'
import { findTradeBy, type Trade } from './trade.ts'
import { barcodeView, messageView, payView } from './wallet-view.ts'
import { confirmTrade, obstacleNow } from './wallet.ts'
import { findWallet, issueBarcode, listWallets } from './wallets.ts'

/** Every wallet opens with it: this is a sandbox, and the page says so. */
export const DEMO_PASSWORD = '123456'
export const MOST_PAYERS_SHOWN = 200

/**
 * The payer's side, in place of the Alipay app: /wallet/pay shows a trade by its trade_no or the code that was
 * scanned, pays or cancels, and goes back to where the merchant wanted; /wallet/barcode shows a payer's digits.
 */
export function addWalletPages(app: FastifyInstance, context: Context): void {
  app.get('/wallet/pay', (request, reply) => show(reply, open(context, readQuery(request))))
  app.post('/wallet/pay', (request, reply) => {
    const body = request.body instanceof Buffer ? request.body.toString('utf8') : ''
    return show(reply, confirm(context, new URLSearchParams(body)))
  })
  app.get('/wallet/barcode', (request, reply) =>
    show(reply, barcode(context, readQuery(request).get('buyer_id') ?? '')),
  )
}

/** The payer's browser brings what the merchant signed: the trade is made, and the wallet shown. */
export function openOnPage(
  context: Context,
  signed: SignedRequest,
  reply: FastifyReply,
): FastifyReply {
  const { app, method, content } = signed
  if (method === 'alipay.user.agreement.page.sign') return openToSign(context, signed, reply)
  if (method !== 'alipay.trade.wap.pay' && method !== 'alipay.trade.page.pay') {
    return show(reply, message(400, '请在支付宝客户端内打开', '此订单只能由 App 付款', null))
  }
  try {
    const trade = context.store.transaction(() => openSigned(context, signed, method))
    keyOfNew(context, app.appId, trade.outTradeNo, trade.subject)
    const query = new URLSearchParams({ trade_no: trade.tradeNo ?? '' })
    return reply.redirect(`/wallet/pay?${query.toString()}`, 302)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const back = typeof content['quit_url'] === 'string' ? content['quit_url'] : null
    return show(reply, message(409, '无法付款', error.message, back && isLocal(back) ? back : null))
  }
}

function openToSign(context: Context, signed: SignedRequest, reply: FastifyReply): FastifyReply {
  try {
    const { externalNo } = context.store.transaction(() => openAgreement(context, signed))
    const query = new URLSearchParams({ app_id: signed.app.appId, no: externalNo })
    return reply.redirect(`/wallet/agreement?${query.toString()}`, 302)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return show(reply, message(409, '无法签约', error.message, null))
  }
}

/** What the payer sees or where the payer goes. */
export type Shown = { status: number; html: string } | { goTo: string }

type Visit = { trade: Trade; returnUrl: string | null; fields: [string, string][] }

function open(context: Context, given: URLSearchParams): Shown {
  const visit = readVisit(context, given)
  if (!('trade' in visit)) return visit
  const obstacle = obstacleNow(context, visit.trade, visit.trade.buyerId)
  return obstacle === null ? payForm(context, visit) : refused(obstacle, visit.returnUrl)
}

function confirm(context: Context, form: URLSearchParams): Shown {
  const visit = readVisit(context, form)
  if (!('trade' in visit)) return visit
  const { trade, returnUrl } = visit
  if (form.get('action') === 'cancel') {
    return returnUrl ? { goTo: returnUrl } : message(200, '已取消支付', '订单未支付', null)
  }
  const buyerId = trade.buyerId ?? form.get('buyer_id') ?? ''
  if (form.get('password') !== DEMO_PASSWORD) {
    const obstacle = obstacleNow(context, trade, trade.buyerId)
    if (obstacle !== null) return refused(obstacle, returnUrl)
    return payForm(context, visit, '支付密码错误，请重新输入')
  }
  const outcome = confirmTrade(context, trade, buyerId)
  if (outcome !== 'paid') return refused(outcome, returnUrl)
  return returnUrl ? { goTo: returnUrl } : message(200, '支付成功', '可以关闭此页面', null)
}

function readVisit(context: Context, given: URLSearchParams): Visit | Shown {
  const [tradeNo, code] = [given.get('trade_no') ?? '', given.get('code') ?? '']
  const asked = given.get('return_url')
  if (asked !== null && !isLocal(asked)) {
    return message(400, '返回地址不被允许', '只能返回本机的商户页面', null)
  }
  const trade =
    tradeNo === ''
      ? findTradeBy(context, 'qr_code', code)
      : findTradeBy(context, 'trade_no', tradeNo)
  if (!trade) return message(404, '订单不存在', '请返回商户重新下单', asked)
  const own = trade.returnUrl !== '' && isLocal(trade.returnUrl) ? trade.returnUrl : null
  const fields: [string, string][] = [tradeNo === '' ? ['code', code] : ['trade_no', tradeNo]]
  if (asked !== null) fields.push(['return_url', asked])
  return { trade, returnUrl: asked ?? own, fields }
}

/** Only pages of this machine: the wallet must not send anyone into the world. */
export function isLocal(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  const isHere = hostname === '127.0.0.1' || hostname === 'localhost'
  return protocol === 'http:' && isHere && username === '' && password === ''
}

function payForm(context: Context, visit: Visit, mistake: string | null = null): Shown {
  const { trade, fields } = visit
  const payer = trade.buyerId === null ? null : findWallet(context, trade.buyerId)
  const html = payView({
    merchantName: appOf(context, trade).name,
    subject: trade.subject,
    amountFen: trade.totalFen,
    payers: payer ? [payer] : listWallets(context, MOST_PAYERS_SHOWN),
    demoPassword: DEMO_PASSWORD,
    mistake,
    fields,
  })
  return { status: mistake === null ? 200 : 422, html }
}

function barcode(context: Context, buyerId: string): Shown {
  const wallet = findWallet(context, buyerId)
  const code = wallet && issueBarcode(context, buyerId)
  const payers = listWallets(context, MOST_PAYERS_SHOWN)
  return { status: 200, html: barcodeView({ payers, name: wallet?.name ?? null, code }) }
}

function refused(outcome: Obstacle, returnUrl: string | null): Shown {
  const [title, hint] = REFUSALS[outcome]
  return message(409, title, hint, returnUrl)
}

const REFUSALS: Record<Obstacle, [title: string, hint: string]> = {
  already_paid: ['订单已支付', '无需重复付款'],
  closed: ['订单已关闭', '请返回商户重新下单'],
  expired: ['订单已过期', '请返回商户重新下单'],
  insufficient: ['余额不足', '本次没有扣款，请更换支付方式'],
  wrong_payer: ['付款人不符', '请由下单本人付款'],
  wallet_closed: ['账户已停用', '本次没有扣款，请更换支付方式'],
  unknown_wallet: ['账户不存在', '请重新选择付款人'],
}

export const message = (
  status: number,
  title: string,
  hint: string,
  returnUrl: string | null,
): Shown => ({
  status,
  html: messageView({ title, hint, returnUrl }),
})

export function show(reply: FastifyReply, shown: Shown): FastifyReply {
  if ('goTo' in shown) return reply.redirect(shown.goTo, 303)
  return reply.code(shown.status).headers(PAGE_HEADERS).send(shown.html)
}

export const readQuery = (request: FastifyRequest) =>
  new URL(request.raw.url ?? '', 'http://localhost').searchParams

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
