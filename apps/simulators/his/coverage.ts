import { type Fen, fen, minFen, shareFen, subtractFen } from '../../../kernel/money.ts'
import type { WorldPerson } from '../world/index.ts'
import type { BillItem } from './protocol.ts'
import type { Registry } from './registry.ts'

/** What the hospital expects the insurance to pay: for products whose HIS settles with the insurance itself. */
export type Coverage = { totalFen: Fen; pooledFen: Fen; accountFen: Fen; selfFen: Fen }

type Charged = Pick<BillItem, 'code' | 'amountFen'>

const POOLED_PPM = { active: 700_000, retired: 800_000 } as const

/** Nothing for who is not insured. A person's account pays what the funds leave, as far as it reaches. */
export function coverageOf(
  { itemByCode }: Registry,
  { insurance }: WorldPerson,
  items: readonly Charged[],
): Coverage {
  const totalFen = fen(items.reduce((sum, item) => sum + item.amountFen, 0))
  const none = { totalFen, pooledFen: fen(0), accountFen: fen(0), selfFen: totalFen }
  if (insurance?.status !== 'active') return none
  const payable = items.reduce((sum, { code, amountFen }) => {
    const firstSharePpm = itemByCode.get(code)?.firstSharePpm ?? 1_000_000
    return sum + (amountFen - shareFen(amountFen, firstSharePpm))
  }, 0)
  const pooledFen = shareFen(fen(payable), POOLED_PPM[insurance.retired ? 'retired' : 'active'])
  const accountFen = minFen(insurance.accountBalanceFen, subtractFen(totalFen, pooledFen))
  return { totalFen, pooledFen, accountFen, selfFen: fen(totalFen - pooledFen - accountFen) }
}
