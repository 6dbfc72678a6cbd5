import type { Payment } from '../../../contract/client.ts'
import { assert } from '../../../kernel/assert.ts'
import { pick, type Random, randomBelow } from '../../../kernel/random.ts'
import { alipayBuyerId, cardTokenOf } from '../../simulators/region-channels.ts'
import type { SimulatedRegion } from '../../simulators/region.ts'
import type { WorldPerson } from '../../simulators/world/index.ts'

// What a payer has in hand, and what they do with it: nothing here knows how the hub asked for it.

/** How somebody wants to pay; the first lets the hospital's rules choose. */
export type PayWish = { channel?: string; method?: string; devices?: string[] }

export const CHANNEL_CHOICES = ['wechat', 'all'] as const

export type ChannelChoices = (typeof CHANNEL_CHOICES)[number]

export function wishOf(choices: ChannelChoices, random: Random): PayWish {
  if (choices === 'wechat') return { channel: 'wechat' }
  return randomBelow(random, 5) === 0 ? UNDECIDED : pick(random, WAYS)
}

const UNDECIDED: PayWish = { devices: ['app:wechat', 'browser', 'screen'] }

const WAYS: readonly PayWish[] = [
  { channel: 'wechat', method: 'account' },
  { channel: 'wechat', method: 'qr_code' },
  { channel: 'wechat', method: 'page' },
  { channel: 'wechat', method: 'barcode' },
  { channel: 'alipay', method: 'page' },
  { channel: 'alipay', method: 'qr_code' },
  { channel: 'alipay', method: 'barcode' },
  { channel: 'unionpay', method: 'page' },
  { channel: 'unionpay', method: 'qr_code' },
  { channel: 'unionpay', method: 'barcode' },
  { channel: 'bank', method: 'card' },
  { channel: 'bank', method: 'card' },
  { channel: 'digital_rmb', method: 'qr_code' },
]

const payerTender = ({ tenders }: Payment) => tenders.find((tender) => tender.phase === 'payer')

/** What the payer shows or inserts at the moment of agreeing; undefined where nothing is. */
export function tokenFor(
  region: SimulatedRegion,
  person: WorldPerson,
  payment: Payment,
): string | undefined {
  const tender = payerTender(payment)
  if (tender?.method === 'card') return cardTokenOf(person)
  if (tender?.method !== 'barcode') return undefined
  switch (tender.provider) {
    case 'wechat':
      return region.wechat.showAuthCode(person.openid)
    case 'alipay':
      return region.alipay.barcodeOf(alipayBuyerId(person))
    case 'unionpay':
      return region.unionpay.payCode(person.media.bankCardNo)
    default:
      return assert(false, `${tender.provider} reads no barcode`) as never
  }
}

/** The payer pays with what their device was given. What the wallet refuses is not paid. */
export async function payAtChannel(
  region: SimulatedRegion,
  person: WorldPerson,
  payment: Payment,
): Promise<void> {
  const tender = payerTender(payment)
  if (!tender) return
  switch (tender.provider) {
    case 'wechat':
      return payByWechat(region, person, tender)
    case 'alipay':
      return payByAlipay(region, person, tender)
    case 'unionpay':
      return payByUnionPay(region, person, tender)
    case 'digital_rmb':
      if (tender.payerAction?.kind === 'qr_code') region.digitalRmb.pay(tender.payerAction.content)
      return
    default: // A card was read with the consent: nothing is left to do.
  }
}

type Tender = Payment['tenders'][number]

async function payByWechat({ wechat }: SimulatedRegion, { openid }: WorldPerson, tender: Tender) {
  const action = tender.payerAction
  switch (action?.kind) {
    case 'wechat_jsapi': {
      const prepayId = (action.params['package'] ?? '').replace('prepay_id=', '')
      return void (await wechat.pay({ prepayId }, openid))
    }
    case 'qr_code':
      return void (await wechat.pay({ codeUrl: action.content }, openid))
    case 'page':
      return void (await wechat.pay({ h5Url: action.url }, openid))
    default:
      // A scanned code of a larger amount: the wallet asks for the password.
      for (const { mchid, outTradeNo } of wechat.orders().filter(isWaitingFor(openid))) {
        await wechat.pay({ scannedOrder: { mchid, outTradeNo } }, openid)
      }
  }
}

const isWaitingFor = (openid: string) => (order: { openid: string | null; state: string }) =>
  order.openid === openid && order.state === 'USERPAYING'

async function payByAlipay({ alipay }: SimulatedRegion, person: WorldPerson, tender: Tender) {
  const action = tender.payerAction
  const buyerId = alipayBuyerId(person)
  switch (action?.kind) {
    case 'page': {
      const tradeNo = await openedTrade(action.url)
      if (tradeNo !== null) await alipay.pay({ tradeNo }, buyerId)
      return
    }
    case 'qr_code':
      return void (await alipay.pay({ qrCode: action.content }, buyerId))
    default:
      for (const trade of alipay.trades()) {
        const isOwn = trade.buyerId === buyerId && trade.state === 'WAIT_BUYER_PAY'
        if (isOwn && trade.tradeNo !== null) await alipay.pay({ tradeNo: trade.tradeNo }, buyerId)
      }
  }
}

/** The browser is sent to the wallet's page of the trade, or told that there is none. */
async function openedTrade(url: string): Promise<string | null> {
  const response = await fetch(url, { redirect: 'manual' }).catch(() => null)
  const location = response?.headers.get('location')
  return location ? new URL(location, url).searchParams.get('trade_no') : null
}

async function payByUnionPay(
  { unionpay }: SimulatedRegion,
  { media }: WorldPerson,
  tender: Tender,
) {
  const action = tender.payerAction
  const card = media.bankCardNo
  if (action?.kind === 'qr_code') return void (await unionpay.pay({ qrCode: action.content }, card))
  if (action?.kind !== 'form') return
  const body = new URLSearchParams(action.fields)
  const page = await fetch(action.url, { method: 'POST', body, redirect: 'manual' }).catch(
    () => null,
  )
  if (!page || page.status >= 400) return
  const { merId = '', orderId = '' } = action.fields
  await unionpay.pay({ merId, orderId }, card)
}
