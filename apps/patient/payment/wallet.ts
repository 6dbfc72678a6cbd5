import type { Payment } from '../../../contract/client.ts'

export type PayerAction = NonNullable<Payment['tenders'][number]['payerAction']>

/** What the payer is to do at the wallet; null while there is nothing to do. */
export const walletActionOf = (payment: Payment): PayerAction | null =>
  payment.tenders.find((tender) => tender.payerAction !== null)?.payerAction ?? null

/** How the way to the wallet ended. What the wallet itself says of the payment is not believed: the hub is asked. */
export type WalletOutcome = 'left' | 'came_back' | 'not_here' | 'too_old'

/**
 * Takes the payer to where they pay: the sheet of the app that the page is in, the provider's page, or the sandbox's
 * wallet in a demo. 'not_here' where none of them is. A code is not opened but shown.
 * Source: WeChat Pay, JSAPI 调起支付, getBrandWCPayRequest; Alipay, JSAPI, tradePay.
 */
export async function openWallet(
  { provider, action }: { provider: string; action: PayerAction },
  demoWalletUrl: string | null,
): Promise<WalletOutcome> {
  switch (action.kind) {
    case 'wechat_jsapi':
      return openWechat(action.params, demoWalletUrl)
    case 'alipay_trade':
      return openAlipay(action.tradeNo)
    case 'page':
      return isWebAddress(action.url) ? leaveFor(action.url) : 'not_here'
    case 'form':
      return isWebAddress(action.url) ? postTo(action.url, action.fields) : 'not_here'
    case 'app':
      return openSdk(provider, action.params)
    case 'qr_code':
      return 'not_here'
  }
}

function openWechat(
  params: Record<string, string>,
  demoWalletUrl: string | null,
): WalletOutcome | Promise<WalletOutcome> {
  const invoke = window.WeixinJSBridge?.invoke
  if (typeof invoke === 'function') {
    return new Promise((settle) =>
      invoke('getBrandWCPayRequest', params, () => settle('came_back')),
    )
  }
  if (window.WeixinJSBridge) return 'too_old'
  if (demoWalletUrl === null) return 'not_here'
  const search = new URLSearchParams({ ...params, return_url: returnUrlHere() })
  return leaveFor(`${demoWalletUrl}/wallet/pay?${search}`)
}

function openAlipay(tradeNo: string): WalletOutcome | Promise<WalletOutcome> {
  const bridge = window.AlipayJSBridge
  if (!bridge) return 'not_here'
  return new Promise((settle) =>
    bridge.call('tradePay', { tradeNO: tradeNo }, () => settle('came_back')),
  )
}

async function openSdk(provider: string, params: Record<string, string>): Promise<WalletOutcome> {
  if (!window.yiqiaoApp) return 'not_here'
  await window.yiqiaoApp.pay(provider, params)
  return 'came_back'
}

/** By a link, which may say where it comes from though our pages do not: WeChat's page takes payers of known sites only. */
function leaveFor(url: string): WalletOutcome {
  const link = document.createElement('a')
  link.href = url
  link.referrerPolicy = 'origin'
  link.click()
  return 'left'
}

/** As if the payer had filled in a form: what the provider signed for is sent as it is. */
function postTo(url: string, fields: Record<string, string>): WalletOutcome {
  const form = document.createElement('form')
  form.method = 'post'
  form.action = url
  form.hidden = true
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement('input')
    input.type = 'hidden'
    input.name = name
    input.value = value
    form.append(input)
  }
  document.body.append(form)
  form.submit()
  form.remove()
  return 'left'
}

/** A provider's address comes from outside, and an address can also be a script. */
const isWebAddress = (text: string): boolean =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)

/** This payment's page, where the payer comes back from the wallet. */
export function returnUrlHere(): string {
  const url = new URL(window.location.href)
  url.search = '?from=wallet'
  url.hash = ''
  return url.href
}

/** The payer has agreed, so the wallet opens by itself as soon as there is an order: once. */
export const wishToOpenWallet = (paymentId: string): void =>
  sessionStorage.setItem(WISH_KEY + paymentId, 'yes')

/** True once after each wish. */
export function takeWalletWish(paymentId: string): boolean {
  const isWished = sessionStorage.getItem(WISH_KEY + paymentId) !== null
  sessionStorage.removeItem(WISH_KEY + paymentId)
  return isWished
}

const WISH_KEY = 'yiqiao.wallet.'

type Invoke = (
  name: 'getBrandWCPayRequest',
  params: Record<string, string>,
  done: (result: { err_msg: string }) => void,
) => void

declare global {
  interface Window {
    WeixinJSBridge?: { invoke?: Invoke }
    AlipayJSBridge?: {
      call(name: 'tradePay', params: { tradeNO: string }, done: (result: unknown) => void): void
    }
    /** An app that shows this page gives it the providers' SDKs so. It resolves when the payer is back. */
    yiqiaoApp?: { pay(provider: string, params: Record<string, string>): Promise<unknown> }
  }
}
