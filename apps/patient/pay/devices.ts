import { useDemoWallet } from '../payment/demo-wallet.ts'

/** What is where the payer is, in the hub's words; null until it is known. */
export function useDevices(): string[] | null {
  const here = { ...readPlace(), isSimulatedWechat: false }
  const isPlainBrowser = clientOf(here.userAgent) === null
  const wallet = useDemoWallet(isPlainBrowser)
  if (!wallet.isKnown) return null
  return devicesOf({ ...here, isSimulatedWechat: isPlainBrowser && wallet.url !== null })
}

/**
 * Only what works here is said, so that only what works is proposed. A phone cannot scan its own screen; any other
 * screen can be scanned with a phone. The demo stands in for WeChat's mini-program, so WeChat is there.
 */
export function devicesOf(place: PlaceOfPayer): string[] {
  const client = place.isSimulatedWechat ? 'wechat' : clientOf(place.userAgent)
  return [
    ...(client ? [`app:${client}`] : []),
    'browser',
    ...(place.isHandheld ? [] : ['screen']),
    ...(place.hasSdk ? ['sdk'] : []),
  ]
}

export type PlaceOfPayer = {
  userAgent: string
  isSimulatedWechat: boolean
  isHandheld: boolean
  /** The page is in an app that hands it the providers' SDKs. */
  hasSdk: boolean
}

/** The provider's app that the page is in. Source: the user agents of WeChat's and Alipay's web views. */
function clientOf(userAgent: string): 'wechat' | 'alipay' | null {
  if (/MicroMessenger/i.test(userAgent)) return 'wechat'
  if (/AlipayClient/i.test(userAgent)) return 'alipay'
  return null
}

const readPlace = () => ({
  userAgent: navigator.userAgent,
  isHandheld:
    /Mobi/i.test(navigator.userAgent) ||
    window.matchMedia('(max-width: 40rem) and (pointer: coarse)').matches,
  hasSdk: window.yiqiaoApp !== undefined,
})
