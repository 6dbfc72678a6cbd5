import type { FastifyInstance, FastifyReply } from 'fastify'

import type { Context, Merchant } from './context.ts'
import { obstacleTo, payOrder, type PayOutcome } from './pay.ts'
import { invokeText, isSignedBy } from './signing.ts'
import { orderOfToken, type TokenOrder } from './token-order.ts'
import { messageView, payView } from './wallet-view.ts'
import { findWallet } from './wallets.ts'

/** Every wallet opens with it: this is a sandbox, and the page says so. */
export const DEMO_PASSWORD = '123456'

/**
 * The payer's side of a JSAPI order, in place of the WeChat app: GET shows it, POST pays or
 * cancels and goes back to return_url. Both verify the merchant's paySign.
 */
export function addWalletPage(app: FastifyInstance, context: Context): void {
  app.get('/wallet/pay', (request, reply) => {
    const query = new URL(request.raw.url ?? '', 'http://localhost').searchParams
    return show(reply, open(context, query))
  })
  app.post('/wallet/pay', (request, reply) => {
    const body = request.body instanceof Buffer ? request.body : Buffer.alloc(0)
    const form = new URLSearchParams(body.toString('utf8'))
    return show(reply, confirm(context, form))
  })
}

/** What is said of the signature; by which of the two it is made, the merchant's key says. */
const INVOKE_SIGN_TYPES: ReadonlySet<string> = new Set(['RSA', 'SM2'])

/** What the payer sees or where the payer goes. */
export type Shown = { status: number; html: string } | { goTo: string }

function open(context: Context, query: URLSearchParams): Shown {
  const invoked = readInvocation(context, query)
  if (!('order' in invoked)) return invoked
  const obstacle = obstacleTo(context, invoked.order, invoked.order.openid ?? '')
  return obstacle === null ? payForm(context, invoked) : refused(obstacle, invoked.returnUrl)
}

function confirm(context: Context, form: URLSearchParams): Shown {
  const invoked = readInvocation(context, form)
  if (!('order' in invoked)) return invoked
  const { order, returnUrl } = invoked
  if (form.get('action') === 'cancel') {
    return returnUrl ? { goTo: returnUrl } : message(200, '已取消支付', '订单未支付', null)
  }
  if (form.get('password') !== DEMO_PASSWORD) {
    const obstacle = obstacleTo(context, order, order.openid ?? '')
    if (obstacle !== null) return refused(obstacle, returnUrl)
    return payForm(context, invoked, '支付密码错误，请重新输入')
  }
  const outcome = payOrder(context, { prepayId: invoked.prepayId }, order.openid ?? '')
  if (outcome !== 'paid') return refused(outcome, returnUrl)
  return returnUrl ? { goTo: returnUrl } : message(200, '支付成功', '可以关闭此页面', null)
}

type Invocation = {
  order: TokenOrder
  merchant: Merchant
  prepayId: string
  returnUrl: string | null
  /** What was signed, to be sent again with the form. */
  fields: [string, string][]
}

function readInvocation(context: Context, given: URLSearchParams): Invocation | Shown {
  const returnUrl = given.get('return_url')
  if (returnUrl !== null && !isLocal(returnUrl)) {
    return message(400, '返回地址不被允许', '只能返回本机的商户页面', null)
  }
  const [appId = '', timeStamp = '', nonceStr = '', packageText = '', paySign = ''] = [
    'appId',
    'timeStamp',
    'nonceStr',
    'package',
    'paySign',
  ].map((name) => given.get(name) ?? '')
  const prepayId = /^prepay_id=(wx[0-9a-f]{34})$/.exec(packageText)?.[1] ?? ''
  const order = orderOfToken(context, { prepayId })
  const merchant = order && context.merchants.get(order.mchid)
  if (!merchant) return message(404, '订单不存在', '请返回商户重新下单', returnUrl)
  const text = invokeText(appId, timeStamp, nonceStr, packageText)
  const isGenuine =
    INVOKE_SIGN_TYPES.has(given.get('signType') ?? '') &&
    appId === merchant.appid &&
    isSignedBy(merchant.publicKey, text, paySign)
  if (!isGenuine) return message(403, '支付验证签名失败', '请返回商户重新发起支付', returnUrl)
  const names = ['appId', 'timeStamp', 'nonceStr', 'package', 'signType', 'paySign', 'return_url']
  const fields = names.flatMap((name): [string, string][] => {
    const value = given.get(name)
    return value === null ? [] : [[name, value]]
  })
  return { order, merchant, prepayId, returnUrl, fields }
}

/** Only pages of this machine: the wallet must not send anyone into the world. */
export function isLocal(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  return (
    protocol === 'http:' &&
    (hostname === '127.0.0.1' || hostname === 'localhost') &&
    username === '' &&
    password === ''
  )
}

function payForm(context: Context, invoked: Invocation, mistake: string | null = null): Shown {
  const { order, merchant, fields } = invoked
  const html = payView({
    merchantName: merchant.name,
    description: order.description,
    amountFen: order.totalFen,
    payers: [findWallet(context, order.openid ?? '') ?? { openid: '', name: '' }],
    action: '/wallet/pay',
    demoPassword: DEMO_PASSWORD,
    mistake,
    fields,
  })
  return { status: mistake === null ? 200 : 422, html }
}

export function refused(outcome: Exclude<PayOutcome, 'paid'>, returnUrl: string | null): Shown {
  const [title, hint] = REFUSALS[outcome]
  return message(outcome === 'unknown_order' ? 404 : 409, title, hint, returnUrl)
}

const REFUSALS: Record<Exclude<PayOutcome, 'paid'>, [title: string, hint: string]> = {
  already_paid: ['订单已支付', '无需重复付款'],
  closed: ['订单已关闭', '请返回商户重新下单'],
  expired: ['订单已过期', '请返回商户重新下单'],
  insufficient: ['零钱余额不足', '本次没有扣款，请更换支付方式'],
  wrong_payer: ['付款人不符', '请由下单本人付款'],
  wallet_closed: ['钱包已停用', '本次没有扣款，请更换支付方式'],
  unknown_wallet: ['钱包不存在', '请返回商户重新下单'],
  unknown_order: ['订单不存在', '请返回商户重新下单'],
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
