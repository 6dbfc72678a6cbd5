import type { FinanceDay } from '../../../contract/client.ts'
import type { HospitalId } from '../../../kernel/id.ts'
import { addDays, type BusinessDate } from '../../../kernel/time.ts'
import { hospCodeOf } from '../../simulators/region-lender.ts'
import type { SimulatedRegion } from '../../simulators/region.ts'
import type { RegionSecrets } from '../../simulators/secrets.ts'
import type { World } from '../../simulators/world/index.ts'
import { channelBooks } from './channel-books.ts'
import type { FoundDifference } from './gather.ts'

/** One figure that two parties keep independently of each other. */
export type BookPair = {
  what: string
  hospitalId: HospitalId
  oursFen: number
  theirsFen: number
  /** What differences that stand in a case, or were given back to the payer, say of the gap: ours less theirs. */
  inCasesFen: number
}

/**
 * The hub's figures of all the days beside everybody else's own books. They were written by different code from
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
    const channels = channelBooks(region, secrets, id).flatMap(({ channel, title, ...theirs }) => [
      pair(`${title}收款`, inOf(channel), moved(ours, channel, 'charge'), theirs.takenFen),
      pair(`${title}退款`, backOf(channel), moved(ours, channel, 'return'), theirs.returnedFen),
    ])
    const insured = net(ours, 'pooled') + net(ours, 'account')
    const insurers = [region.commercialDirect, region.commercialFhir]
    const covered = sum(insurers.map((insurer) => insurer.owedTo(insuranceCode)))
    const lent = region.lender.owedTo(hospCodeOf({ id }))
    const centreFen = sum(centre.map((totals) => totals.fundFen + totals.accountFen))
    const takenFen = sum(hospital.map((totals) => totals?.paymentsFen ?? 0))
    const givenBackFen = sum(hospital.map((totals) => totals?.refundsFen ?? 0))
    return [
      ...channels,
      pair('医保净额', INSURANCE, insured, centreFen),
      pair('商保净额', bothOf('commercial'), net(ours, 'commercial'), covered),
      pair('信用净额', bothOf('credit'), net(ours, 'credit'), lent),
      pair('医院实收', inOf('his'), succeeded(ours), takenFen),
      pair('医院退费', backOf('his'), refunded(ours), givenBackFen),
    ]
  })
}

type Side = { source: string; kinds: readonly ('charge' | 'return')[] }

const inOf = (source: string): Side => ({ source, kinds: ['charge'] })
const backOf = (source: string): Side => ({ source, kinds: ['return'] })
const bothOf = (source: string): Side => ({ source, kinds: ['charge', 'return'] })
const INSURANCE = bothOf('insurance')

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

/** The day and so many after it. */
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
