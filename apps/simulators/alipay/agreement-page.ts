import type { FastifyInstance } from 'fastify'

import { agreementsView, signView } from './agreement-view.ts'
import {
  type Agreement,
  chargedFen,
  findAgreement,
  listAgreements,
  signAs,
  type SigningOutcome,
  unsignInWallet,
} from './agreements.ts'
import type { Context } from './context.ts'
import { appOf } from './pay.ts'
import {
  DEMO_PASSWORD,
  isLocal,
  message,
  MOST_PAYERS_SHOWN,
  readQuery,
  show,
  type Shown,
} from './wallet-page.ts'
import { findWallet, listWallets } from './wallets.ts'

/** /wallet/agreement shows what a payer is asked to sign, and signs it; /wallet/agreements shows a payer's, and ends one. */
export function addAgreementPages(app: FastifyInstance, context: Context): void {
  app.get('/wallet/agreement', (request, reply) => show(reply, ask(context, readQuery(request))))
  app.post('/wallet/agreement', (request, reply) =>
    show(reply, sign(context, readForm(request.body))),
  )
  app.get('/wallet/agreements', (request, reply) =>
    show(reply, list(context, readQuery(request).get('buyer_id') ?? '')),
  )
  app.post('/wallet/agreements', (request, reply) =>
    show(reply, end(context, readForm(request.body))),
  )
}

function ask(context: Context, given: URLSearchParams, mistake: string | null = null): Shown {
  const agreement = agreementOf(context, given)
  if (!agreement) return UNKNOWN
  if (agreement.state !== 'PAGE') return message(409, ...ENDS.ended, returnUrlOf(agreement))
  const { appId, externalNo } = agreement
  const html = signView({
    merchantName: appOf(context, agreement).name,
    limitFen: context.rules.agreementLimitFen,
    payers: listWallets(context, MOST_PAYERS_SHOWN),
    demoPassword: DEMO_PASSWORD,
    mistake,
    fields: [
      ['app_id', appId],
      ['no', externalNo],
    ],
  })
  return { status: mistake === null ? 200 : 422, html }
}

function sign(context: Context, form: URLSearchParams): Shown {
  const agreement = agreementOf(context, form)
  if (!agreement) return UNKNOWN
  const returnUrl = returnUrlOf(agreement)
  if (form.get('action') === 'cancel') {
    return returnUrl ? { goTo: returnUrl } : message(200, '已取消', '没有开通免密支付', null)
  }
  if (form.get('password') !== DEMO_PASSWORD) return ask(context, form, '支付密码错误，请重新输入')
  const buyerId = form.get('buyer_id') ?? ''
  const outcome = context.store.transaction(() => signAs(context, agreement, buyerId))
  if (outcome !== 'signed') return message(409, ...ENDS[outcome], returnUrl)
  return returnUrl ? { goTo: returnUrl } : message(200, '开通成功', '可以关闭此页面', null)
}

function list(context: Context, buyerId: string): Shown {
  const held = listAgreements(context).filter(
    (each) => each.buyerId === buyerId && each.state !== 'UNSIGN',
  )
  const html = agreementsView({
    payers: listWallets(context, MOST_PAYERS_SHOWN),
    buyerId,
    name: findWallet(context, buyerId)?.name ?? null,
    agreements: held.map((each) => ({
      externalNo: each.externalNo,
      merchantName: appOf(context, each).name,
      chargedFen: chargedFen(context, each),
    })),
  })
  return { status: 200, html }
}

function end(context: Context, form: URLSearchParams): Shown {
  const buyerId = form.get('buyer_id') ?? ''
  const externalNo = form.get('no') ?? ''
  const isOwn = listAgreements(context).some(
    (each) => each.externalNo === externalNo && each.buyerId === buyerId,
  )
  if (!isOwn) return UNKNOWN
  context.store.transaction(() => unsignInWallet(context, externalNo))
  return { goTo: `/wallet/agreements?${new URLSearchParams({ buyer_id: buyerId }).toString()}` }
}

const agreementOf = (context: Context, given: URLSearchParams): Agreement | null =>
  findAgreement(context, given.get('app_id') ?? '', given.get('no') ?? '')

const returnUrlOf = ({ returnUrl }: Agreement): string | null =>
  returnUrl !== '' && isLocal(returnUrl) ? returnUrl : null

const ENDS: Record<Exclude<SigningOutcome, 'signed'>, [title: string, hint: string]> = {
  unknown_agreement: ['签约不存在', '请返回商户重新发起'],
  ended: ['无法签约', '此签约已完成或已结束，请返回商户查看'],
  wrong_payer: ['付款人不符', '此签约属于另一个账户'],
  wallet_closed: ['账户已停用', '请更换账户'],
}

const UNKNOWN: Shown = message(404, ...ENDS.unknown_agreement, null)

const readForm = (body: unknown): URLSearchParams =>
  new URLSearchParams(body instanceof Buffer ? body.toString('utf8') : '')
