import type { AlipaySimulator } from './alipay/index.ts'
import type { GenericWallet } from './generic-wallet/index.ts'
import type { ScannedCode } from './kit/simulator.ts'
import { alipayBuyerId } from './region-channels.ts'
import type { UnionPaySimulator } from './unionpay/index.ts'
import type { WechatPaySimulator } from './wechatpay/index.ts'
import type { WorldPerson } from './world/index.ts'

/** A wallet on the simulated phone. */
export type ScanWallet = {
  name: string
  /** Whether a code has the form of those that this wallet opens. */
  opens(code: string): boolean
  /** Null for a code that the wallet does not know. */
  look(code: string): ScannedCode | null
  pay(code: string): Promise<'paid' | 'insufficient' | 'refused'>
}

type Simulators = {
  wechat: WechatPaySimulator
  alipay: AlipaySimulator
  unionpay: UnionPaySimulator
  digitalRmb: GenericWallet
}

type Payer = { openid: string; buyerId: string; cardNo: string }

/** The names that somebody has at the wallets. That of digital RMB has one owner only, and asks for no name. */
export const payerOf = (person: WorldPerson): Payer => ({
  openid: person.openid,
  buyerId: alipayBuyerId(person),
  cardNo: person.media.bankCardNo,
})

/** All that the phone can scan with, in the hands of one payer. */
export function scanWalletsOf(
  { wechat, alipay, unionpay, digitalRmb }: Simulators,
  { openid, buyerId, cardNo }: Payer,
): ScanWallet[] {
  return [
    {
      name: '微信支付',
      opens: (code) => code.startsWith('weixin://wxpay/'),
      look: (code) => wechat.scan(code),
      pay: async (code) => outcomeOf(await wechat.pay({ codeUrl: code }, openid)),
    },
    {
      name: '支付宝',
      opens: (code) => code.startsWith('https://qr.alipay.com/'),
      look: (code) => alipay.scan(code),
      pay: async (code) => outcomeOf(await alipay.pay({ qrCode: code }, buyerId)),
    },
    {
      name: '云闪付',
      opens: (code) => code.startsWith(`${unionpay.url}/qr/`),
      look: (code) => unionpay.scan(code),
      pay: async (code) => outcomeOf(await unionpay.pay({ qrCode: code }, cardNo)),
    },
    {
      name: '数字人民币',
      opens: (code) => code.startsWith('dcep://pay/'),
      look: (code) => digitalRmb.scan(code),
      pay: async (code) => outcomeOf(digitalRmb.pay(code)),
    },
  ]
}

const outcomeOf = (outcome: string) =>
  outcome === 'paid' || outcome === 'insufficient' ? outcome : 'refused'
