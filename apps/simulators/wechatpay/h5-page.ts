import type { FastifyInstance } from 'fastify'

import type { Context } from './context.ts'
import { obstacleTo, payOrder } from './pay.ts'
import { orderOfToken, type TokenOrder } from './token-order.ts'
import { DEMO_PASSWORD, isLocal, message, refused, show, type Shown } from './wallet-page.ts'
import { payView } from './wallet-view.ts'
import { openOnes } from './wallets.ts'

const PATH = '/mmpayweb/checkmweb'
const MOST_PAYERS = 50

/**
 * Where the h5_url of an order leads, in place of WeChat's page that opens the app on the payer's phone. It cannot know
 * whose phone that is, so the payer is chosen. `redirect_url` is the way back, as the merchant put it there.
 */
export function addH5Page(app: FastifyInstance, context: Context): void {
  app.get(PATH, (request, reply) => show(reply, open(context, request.raw.url ?? '')))
  app.post(PATH, (request, reply) => {
    const body = request.body instanceof Buffer ? request.body : Buffer.alloc(0)
    const form = new URLSearchParams(body.toString('utf8'))
    return show(reply, confirm(context, request.raw.url ?? '', form))
  })
}

type Opened = { order: TokenOrder; h5Url: string; target: string; returnUrl: string | null }

function read(context: Context, target: string): Opened | Shown {
  const query = new URL(target, 'http://localhost').searchParams
  const returnUrl = query.get('redirect_url')
  if (returnUrl !== null && !isLocal(returnUrl)) {
    return message(400, '返回地址不被允许', '只能返回本机的商户页面', null)
  }
  const h5Url = `${context.baseUrl()}${target}`
  const order = orderOfToken(context, { h5Url })
  if (!order) return message(404, '订单不存在', '请返回商户重新下单', returnUrl)
  return { order, h5Url, target, returnUrl }
}

function open(context: Context, target: string): Shown {
  const opened = read(context, target)
  return 'order' in opened ? payForm(context, opened, null) : opened
}

function confirm(context: Context, target: string, form: URLSearchParams): Shown {
  const opened = read(context, target)
  if (!('order' in opened)) return opened
  const { h5Url, returnUrl } = opened
  if (form.get('action') === 'cancel') {
    return returnUrl ? { goTo: returnUrl } : message(200, '已取消支付', '订单未支付', null)
  }
  if (form.get('password') !== DEMO_PASSWORD) {
    return payForm(context, opened, '支付密码错误，请重新输入')
  }
  const outcome = payOrder(context, { h5Url }, form.get('openid') ?? '')
  if (outcome !== 'paid') return refused(outcome, returnUrl)
  return returnUrl ? { goTo: returnUrl } : message(200, '支付成功', '可以关闭此页面', null)
}

function payForm(context: Context, { order, target, returnUrl }: Opened, mistake: string | null) {
  const payers = openOnes(context, MOST_PAYERS)
  const obstacle = obstacleTo(context, order, payers[0]?.openid ?? '')
  if (obstacle !== null && obstacle !== 'insufficient') return refused(obstacle, returnUrl)
  const [only] = payers
  const html = payView({
    merchantName: context.merchants.get(order.mchid)?.name ?? '',
    description: order.description,
    amountFen: order.totalFen,
    payers,
    demoPassword: DEMO_PASSWORD,
    mistake,
    action: target,
    fields: payers.length === 1 && only ? [['openid', only.openid]] : [],
  })
  return { status: mistake === null ? 200 : 422, html }
}
