import type { Payment } from '../../../contract/client.ts'
import { client } from '../api.ts'

/** What the payer is to do at the wallet; null while there is nothing to do. */
export const walletActionOf = (payment: Payment) =>
  payment.tenders.find((tender) => tender.payerAction !== null)?.payerAction ?? null

/** How the way to the wallet ended. What the wallet itself says of the payment is not believed: the hub is asked. */
export type WalletOutcome = 'left' | 'came_back' | 'not_here' | 'too_old'

/**
 * Opens WeChat's own payment sheet inside WeChat, and the sandbox's wallet page in a demo. Anywhere else there is
 * no wallet: 'not_here'. Source: JSAPI 调起支付, getBrandWCPayRequest.
 */
export async function openWallet(
  params: Record<string, string>,
  returnUrl: string,
): Promise<WalletOutcome> {
  const bridge = window.WeixinJSBridge
  if (bridge)
    return typeof bridge.invoke === 'function' ? askBridge(bridge.invoke, params) : 'too_old'
  const { data } = await client.GET('/v1/demo/wallet')
  if (!data) return 'not_here'
  const search = new URLSearchParams({ ...params, return_url: returnUrl })
  window.location.assign(`${data.url}/wallet/pay?${search}`)
  return 'left'
}

const askBridge = (invoke: Invoke, params: Record<string, string>): Promise<WalletOutcome> =>
  new Promise((settle) => invoke('getBrandWCPayRequest', params, () => settle('came_back')))

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
  }
}
