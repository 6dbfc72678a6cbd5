import type { HospitalId } from '../../../kernel/id.ts'
import { addDays, type BusinessDate } from '../../../kernel/time.ts'
import type { FinanceDay } from '../../../contract/client.ts'
import type { SimulatedRegion } from '../../simulators/region.ts'
import type { RegionSecrets } from '../../simulators/secrets.ts'
import type { World } from '../../simulators/world/index.ts'

/** One figure that two parties keep independently of each other. */
export type BookPair = { what: string; hospitalId: HospitalId; oursFen: number; theirsFen: number }

/**
 * The hub's figures of the simulated days beside everybody else's own books. They were written by different code from
 * different messages, so they agree only if nothing was lost, doubled or made up.
 */
export function compareBooks(
  { world, secrets, region, dates, days }: ComparedRegion,
): BookPair[] {
  return world.hospitals.flatMap(({ id, insuranceCode }) => {
    const ours = days.get(id) ?? []
    const merchant = secrets.wechat.merchants.find((m) => m.hospitalId === id)
    const orders = region.wechat.orders().filter((o) => o.mchid === merchant?.mchid && o.paidAt)
    const refunds = region.wechat.refunds().filter((r) => r.mchid === merchant?.mchid)
    const centre = dates.map((date) => region.insurance.totals(date, insuranceCode))
    const hospital = dates.map((date) => region.his.get(id)?.dayTotals(date))
    const pair = (what: string, oursFen: number, theirsFen: number) => ({
      what,
      hospitalId: id,
      oursFen,
      theirsFen,
    })
    return [
      pair('微信收款', moved(ours, 'wechat', 'charge'), sum(orders.map((o) => o.totalFen))),
      pair('微信退款', moved(ours, 'wechat', 'return'), sum(refunds.map((r) => r.amountFen))),
      pair('医保统筹净额', net(ours, 'pooled'), sum(centre.map((totals) => totals.fundFen))),
      pair('医保个账净额', net(ours, 'account'), sum(centre.map((totals) => totals.accountFen))),
      pair('医院实收', succeeded(ours), sum(hospital.map((totals) => totals?.paymentsFen ?? 0))),
      pair('医院退费', refunded(ours), sum(hospital.map((totals) => totals?.refundsFen ?? 0))),
    ]
  })
}

type ComparedRegion = {
  world: World
  secrets: RegionSecrets
  region: SimulatedRegion
  dates: readonly BusinessDate[]
  days: ReadonlyMap<HospitalId, readonly FinanceDay[]>
}

/** The simulated days and one more, for what came to its end after midnight. */
export const datesFrom = (first: BusinessDate, days: number): BusinessDate[] =>
  Array.from({ length: days + 1 }, (_, i) => addDays(first, i))

const sum = (amounts: readonly number[]) => amounts.reduce((total, amount) => total + amount, 0)

export const moved = (days: readonly FinanceDay[], provider: string, kind: 'charge' | 'return') =>
  sum(
    days
      .flatMap((day) => day.moves)
      .filter((move) => move.provider === provider && move.kind === kind)
      .map((move) => move.amountFen),
  )

export const net = (days: readonly FinanceDay[], part: string) =>
  sum(
    days
      .flatMap((day) => day.moves)
      .filter((move) => move.part === part)
      .map((move) => (move.kind === 'charge' ? move.amountFen : 0 - move.amountFen)),
  )

export const succeeded = (days: readonly FinanceDay[]) =>
  sum(days.map((day) => day.succeeded.amountFen))

export const refunded = (days: readonly FinanceDay[]) =>
  sum(days.map((day) => day.refunded.amountFen))
