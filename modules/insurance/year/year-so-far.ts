import { type Fen, parseYuan, ZERO } from '../../../kernel/money.ts'
import type { YearSoFar } from '../../catalogue/index.ts'
import type { YearStanding } from './store.ts'

/**
 * What each kind of accumulation is, by cum_type_code of 5206. The list is the province's own; what it does not name counts
 * as nothing, so that an estimate without it promises less of what the year has already earned.
 */
export type AccumulationKinds = {
  deductibleUsed: readonly string[]
  shared: readonly string[]
  fundPaid: readonly string[]
  burden: readonly string[]
  largeSumPaid: readonly string[]
}

const USUAL_KINDS: AccumulationKinds = {
  deductibleUsed: ['Q0000_BIZ11'],
  shared: ['C0000_BIZ11'],
  fundPaid: ['D310101', 'D390101'],
  burden: ['F0000'],
  largeSumPaid: ['D330101', 'D390201'],
}

/** Pure: where an estimate begins, from the insurer's own words. `useAccount` is the payer's choice. */
export function yearSoFarOf(
  standing: YearStanding,
  useAccount: boolean,
  kinds: AccumulationKinds = USUAL_KINDS,
): YearSoFar {
  const sum = (codes: readonly string[]): Fen =>
    codes.reduce<Fen>((most, code) => maxFen(most, amountOf(standing.accumulated[code])), ZERO)
  return {
    status: statusOf(standing),
    deductibleUsedFen: sum(kinds.deductibleUsed),
    admissions: 0,
    sharedFen: sum(kinds.shared),
    fundPaidFen: sum(kinds.fundPaid),
    aboveCapFen: ZERO,
    burdenFen: sum(kinds.burden),
    largeSumPaidFen: sum(kinds.largeSumPaid),
    accountFen: standing.balanceFen,
    useAccount,
  }
}

/** A person has one kind of insurance: of two codes for one thing at most one is above zero. */
const maxFen = (a: Fen, b: Fen): Fen => (a > b ? a : b)

/** Counts of times, and what is no amount at all, are not money. */
function amountOf(text: string | undefined): Fen {
  const amount = text === undefined ? null : parseYuan(text)
  return amount === null || amount < 0 ? ZERO : amount
}

/** psn_type: 11 在职, 12 退休, 13 离休, 14 to 16 居民; a province's own begin with one of these. */
function statusOf({ personType, insutype }: YearStanding): YearSoFar['status'] {
  const kind = personType?.slice(0, 2) ?? ''
  if (kind === '12' || kind === '13') return 'retired'
  if (['14', '15', '16'].includes(kind)) return 'resident'
  return insutype === '390' ? 'resident' : 'employed'
}
