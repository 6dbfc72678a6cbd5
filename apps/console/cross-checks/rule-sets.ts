import type { From, Relation, Role, Rules } from './model.ts'

// Rules for whoever does not write their own: what most hospitals compare, made for the sides that are named.

export const RULE_SETS = ['two', 'three', 'payouts'] as const
export type RuleSet = (typeof RULE_SETS)[number]

/** A side as it is typed. */
export type SideRow = { name: string; role: Role; from: From; source: string }

const row = (name: string, role: Role, from: From, source = ''): SideRow => ({
  name,
  role,
  from,
  source,
})

const HUB = row('hub', 'hub', 'own')
const CHANNEL = row('channel', 'provider', 'list')
const HOSPITAL = row('hospital', 'his', 'list', 'his')
const BANK = row('bank', 'bank', 'file')

/** The sides that a set begins with. */
export const SIDES_OF_SET: Record<RuleSet, readonly SideRow[]> = {
  two: [HUB, CHANNEL],
  three: [HUB, CHANNEL, HOSPITAL],
  payouts: [HUB, CHANNEL, HOSPITAL, BANK],
}

/** Pure: the rules of a set for some sides; null where their roles do not fit it. */
export function rulesOfSet(set: RuleSet, sides: readonly SideRow[]): Rules | null {
  const trading = sides.filter(({ role }) => role !== 'bank')
  const provider = sides.find(({ role }) => role === 'provider')
  const hub = sides.find(({ role }) => role === 'hub')
  switch (set) {
    case 'two':
      return sides.length === 2
        ? rules(set, sides, [trades({ sides, dated: [], numbered: [] })], 0)
        : null
    case 'three': {
      if (!hub || !provider || sides.length < 3) return null
      const relation = trades({ sides, dated: sides, numbered: [hub, provider] })
      return rules(set, sides, [relation], 1)
    }
    case 'payouts': {
      const bank = sides.find(({ role }) => role === 'bank')
      if (!hub || !provider || !bank || trading.length < 2) return null
      const relation = trades({ sides: trading, dated: trading, numbered: [hub, provider] })
      return rules(set, sides, [relation, payouts(provider, bank)], 1)
    }
  }
}

type Trades = {
  sides: readonly SideRow[]
  /** Whose business dates have to be the same. */
  dated: readonly SideRow[]
  /** Who has the provider’s number: what our number leaves is compared by it. */
  numbered: readonly SideRow[]
}

function trades({ sides, dated, numbered }: Trades): Relation {
  const same = [
    { column: 'business_date', sides: namesOf(dated) },
    { column: 'provider_no', sides: namesOf(numbered) },
  ].filter((each) => each.sides.length > 1)
  const passes =
    numbered.length > 1
      ? [
          {
            id: 'provider_no',
            form: 'number' as const,
            column: 'provider_no',
            sides: namesOf(numbered),
          },
        ]
      : []
  return {
    id: 'trades',
    form: 'rows',
    sides: namesOf(sides),
    kinds: ['charge', 'return'],
    key: { id: 'our_no', columns: Object.fromEntries(namesOf(sides).map((n) => [n, 'our_no'])) },
    same,
    toleranceFen: 0,
    dateWindowDays: 0,
    passes,
  }
}

const payouts = (provider: SideRow, bank: SideRow): Relation => ({
  id: 'payouts',
  form: 'payout',
  provider: provider.name,
  bank: bank.name,
  providerBatch: ['account', 'business_date'],
  bankBatch: ['account', 'business_date'],
  toleranceFen: 0,
})

const rules = (
  set: RuleSet,
  sides: readonly SideRow[],
  relations: Relation[],
  carriedDays: number,
): Rules => ({
  id: ID_OF_SET[set],
  sides: sides.map(({ name, role }) => ({ name, role })),
  relations,
  carryOver: { days: carriedDays, windowMinutes: carriedDays > 0 ? MIDNIGHT_MINUTES : 0 },
})

const ID_OF_SET: Record<RuleSet, string> = {
  two: 'two_sides',
  three: 'three_sides',
  payouts: 'three_sides_and_payouts',
}

/** Around midnight one side may be a day ahead of another. */
const MIDNIGHT_MINUTES = 30

const namesOf = (sides: readonly SideRow[]) => sides.map(({ name }) => name)
