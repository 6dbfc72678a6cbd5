import type { HospitalId } from '../../../kernel/id.ts'
import type { SimulatedRegion } from '../../simulators/region.ts'
import type { RegionSecrets } from '../../simulators/secrets.ts'

/** What one channel's own books say of one hospital: all it took for it, and all it gave back. */
export type ChannelBooks = { channel: string; title: string; takenFen: number; returnedFen: number }

export const channelBooks = (
  region: SimulatedRegion,
  secrets: RegionSecrets,
  id: HospitalId,
): ChannelBooks[] => [
  { channel: 'wechat', title: '微信', ...wechatBooks(region, secrets, id) },
  { channel: 'alipay', title: '支付宝', ...alipayBooks(region, secrets, id) },
  { channel: 'unionpay', title: '云闪付', ...unionPayBooks(region, secrets, id) },
  { channel: 'bank', title: '银行卡', ...bankBooks(region, id) },
  { channel: 'digital_rmb', title: '数字人民币', ...digitalRmbBooks(region, secrets, id) },
]

function wechatBooks({ wechat }: SimulatedRegion, secrets: RegionSecrets, id: HospitalId) {
  const own = secrets.wechat.merchants.find(({ hospitalId }) => hospitalId === id)
  const orders = wechat.orders().filter(({ mchid, paidAt }) => mchid === own?.mchid && paidAt)
  const refunds = wechat.refunds().filter(({ mchid }) => mchid === own?.mchid)
  return {
    takenFen: sum(orders.map(({ totalFen }) => totalFen)),
    returnedFen: sum(refunds.map(({ amountFen }) => amountFen)),
  }
}

function alipayBooks({ alipay }: SimulatedRegion, secrets: RegionSecrets, id: HospitalId) {
  const own = secrets.alipay.merchants.find(({ hospitalId }) => hospitalId === id)
  const trades = alipay.trades().filter(({ appId, paidAt }) => appId === own?.appId && paidAt)
  const refunds = alipay.refunds().filter(({ appId }) => appId === own?.appId)
  return {
    takenFen: sum(trades.map(({ totalFen }) => totalFen)),
    returnedFen: sum(refunds.map(({ amountFen }) => amountFen)),
  }
}

function unionPayBooks({ unionpay }: SimulatedRegion, secrets: RegionSecrets, id: HospitalId) {
  const own = secrets.unionpay.merchants.find(({ hospitalId }) => hospitalId === id)
  // What was reversed was taken and given back within one movement, and stands in nobody's list.
  const booked = unionpay
    .transactions()
    .filter(({ merId, queryId, state }) => merId === own?.merId && queryId && state !== 'reversed')
  const fenOf = (isCharge: boolean) =>
    sum(booked.filter(({ kind }) => (kind === 'charge') === isCharge).map((txn) => txn.amountFen))
  return { takenFen: fenOf(true), returnedFen: fenOf(false) }
}

function bankBooks({ banks }: SimulatedRegion, id: HospitalId) {
  const booked = (banks.get(id)?.moves() ?? []).filter(
    ({ answer, isReversed }) => answer === '00' && !isReversed,
  )
  const fenOf = (isSale: boolean) =>
    sum(booked.filter(({ kind }) => (kind === 'sale') === isSale).map((move) => move.amountFen))
  return { takenFen: fenOf(true), returnedFen: fenOf(false) }
}

function digitalRmbBooks({ digitalRmb }: SimulatedRegion, secrets: RegionSecrets, id: HospitalId) {
  const own = secrets.digitalRmb.merchants.find(({ hospitalId }) => hospitalId === id)
  return digitalRmb.totals(own?.merchantNo ?? '')
}

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0)
