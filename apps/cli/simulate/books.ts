import type { FinanceDay } from '../../../contract/client.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { addDays, type BusinessDate } from '../../../kernel/time.ts'
import type { SimulatedRegion } from '../../simulators/region.ts'
import type { RegionSecrets } from '../../simulators/secrets.ts'
import type { World } from '../../simulators/world/index.ts'
import type { FoundDifference } from './gather.ts'

/** One figure that two parties keep independently of each other. */
export type BookPair = {
  what: string
  hospitalId: HospitalId
  oursFen: number
  theirsFen: number
  /** What differences that stand in a case say of the gap: ours less theirs. */
  inCasesFen: number
}

type Side = { source: 'wechat' | 'insurance' | 'his'; kinds: readonly ('charge' | 'return')[] }

/**
 * The hub's figures of the simulated days beside everybody else's own books. They were written by different code from
 * different messages, so they agree only if nothing was lost, doubled or made up.
 */
export function compareBooks({
  world,
  secrets,
  region,
  dates,
  days,
  inCases,
}: ComparedRegion): BookPair[] {
  return world.hospitals.flatMap(({ id, insuranceCode }) => {
    const ours = days.get(id) ?? []
    const merchant = secrets.wechat.merchants.find((m) => m.hospitalId === id)
    const orders = region.wechat.orders().filter((o) => o.mchid === merchant?.mchid && o.paidAt)
    const refunds = region.wechat.refunds().filter((r) => r.mchid === merchant?.mchid)
    const centre = dates.map((date) => region.insurance.totals(date, insuranceCode))
    const hospital = dates.map((date) => region.his.get(id)?.dayTotals(date))
    const pair = (what: string, side: Side, oursFen: number, theirsFen: number) => ({
      what,
      hospitalId: id,
      oursFen,
      theirsFen,
      inCasesFen: gapInCases(
        inCases.filter((d) => d.hospitalId === id),
        side,
      ),
    })
    return [
      pair(
        '微信收款',
        WECHAT_IN,
        moved(ours, 'wechat', 'charge'),
        sum(orders.map((o) => o.totalFen)),
      ),
      pair(
        '微信退款',
        WECHAT_BACK,
        moved(ours, 'wechat', 'return'),
        sum(refunds.map((r) => r.amountFen)),
      ),
      pair(
        '医保净额',
        INSURANCE,
        net(ours, 'pooled') + net(ours, 'account'),
        sum(centre.map((totals) => totals.fundFen + totals.accountFen)),
      ),
      pair(
        '医院实收',
        HIS_IN,
        succeeded(ours),
        sum(hospital.map((totals) => totals?.paymentsFen ?? 0)),
      ),
      pair(
        '医院退费',
        HIS_BACK,
        refunded(ours),
        sum(hospital.map((totals) => totals?.refundsFen ?? 0)),
      ),
    ]
  })
}

const WECHAT_IN: Side = { source: 'wechat', kinds: ['charge'] }
const WECHAT_BACK: Side = { source: 'wechat', kinds: ['return'] }
const INSURANCE: Side = { source: 'insurance', kinds: ['charge', 'return'] }
const HIS_IN: Side = { source: 'his', kinds: ['charge'] }
const HIS_BACK: Side = { source: 'his', kinds: ['return'] }

/** A net figure counts what went back below zero. */
function gapInCases(differences: readonly FoundDifference[], { source, kinds }: Side): number {
  const isNet = kinds.length > 1
  return sum(
    differences
      .filter((d) => d.source === source && kinds.some((kind) => kind === d.kind))
      .map((d) => {
        const gap = (d.oursFen ?? 0) - (d.theirsFen ?? 0)
        return isNet && d.kind === 'return' ? 0 - gap : gap
      }),
  )
}

type ComparedRegion = {
  inCases: readonly FoundDifference[]
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

const moved = (days: readonly FinanceDay[], provider: string, kind: 'charge' | 'return') =>
  sum(
    days
      .flatMap((day) => day.moves)
      .filter((move) => move.provider === provider && move.kind === kind)
      .map((move) => move.amountFen),
  )

const net = (days: readonly FinanceDay[], part: string) =>
  sum(
    days
      .flatMap((day) => day.moves)
      .filter((move) => move.part === part)
      .map((move) => (move.kind === 'charge' ? move.amountFen : 0 - move.amountFen)),
  )

const succeeded = (days: readonly FinanceDay[]) => sum(days.map((day) => day.succeeded.amountFen))

const refunded = (days: readonly FinanceDay[]) => sum(days.map((day) => day.refunded.amountFen))
