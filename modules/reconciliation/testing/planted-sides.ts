import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'

import { fen } from '../../../kernel/money.ts'
import { randomBelow, type Random } from '../../../kernel/random.ts'
import {
  addDays,
  type BusinessDate,
  businessDate,
  instantAt,
  toShanghaiIso,
  addMs,
} from '../../../kernel/time.ts'
import type { MatchingClass } from '../matching/classes.ts'
import { DAY_RULES } from '../matching/default-rules.ts'
import { CSV_HEADER, csvLineOf, type NormalisedRow } from '../matching/row.ts'
import type { MatchingRules } from '../matching/rules.ts'
import type { Side } from '../matching/side-files.ts'

// Four sides of a day into which differences of every class are planted, so that what the comparison finds can be held
// against what there is to find.

export const PLANTED_DATE = businessDate('2026-11-20')

const SIDES = ['hub', 'provider', 'his', 'bank'] as const
type SideName = (typeof SIDES)[number]

/** Every class that a hub, a provider, a hospital's system and a bank can have between them. */
export const PLANTED_CLASSES = [
  'hub_only',
  'provider_only',
  'his_only',
  'hub_missing',
  'provider_missing',
  'his_missing',
  'refund_not_returned',
  'refund_unrecorded',
  'refund_his_missing',
  'amount_hub',
  'amount_provider',
  'amount_his',
  'parts',
  'fee',
  'status',
  'duplicate_hub',
  'duplicate_provider',
  'duplicate_his',
  'foreign',
  'wrong_account',
  'our_no',
  'provider_no',
  'cross_day',
  'ambiguous',
  'unidentified',
  'payout_missing',
  'payout_short',
  'payout_over',
  'receipt_unexplained',
  'receipt_duplicate',
] as const satisfies readonly MatchingClass[]

export type PlantedClass = (typeof PLANTED_CLASSES)[number]

/** Things that look like a difference and are none. */
const HARMLESS = ['in_transit', 'by_provider_no', 'in_parts', 'summed', 'near'] as const

export type PlantedSides = {
  rows: Record<SideName, NormalisedRow[]>
  /** Class and number (or batch) of each planted difference. */
  expected: string[]
  rules: MatchingRules
}

const OWN_ACCOUNTS = Array.from({ length: 400 }, (_, i) => `A${String(i).padStart(6, '0')}`)

export const PLANTED_RULES: MatchingRules = {
  ...DAY_RULES,
  sides: DAY_RULES.sides.map((side) =>
    side.name === 'provider' ? { ...side, accounts: OWN_ACCOUNTS } : side,
  ),
}

/**
 * `lines` in all over the four sides, `each` differences of every class. The same for the same chance.
 */
export function plantSides(random: Random, lines: number, each: number): PlantedSides {
  const day = newDay(random)
  for (let i = 0; i < each; i++) {
    for (const cls of PLANTED_CLASSES) {
      if (!isOfBank(cls)) day.expected.push(`${cls} ${PLANT[cls](day)}`)
    }
    for (const harmless of HARMLESS) HARMLESS_PLANT[harmless](day)
  }
  const count = () => SIDES.reduce((sum, side) => sum + day.rows[side].length, 0)
  while (count() < lines - OWN_ACCOUNTS.length) agreed(day)
  plantBank(day, each)
  for (const side of SIDES) shuffle(random, day.rows[side])
  for (const side of SIDES) day.rows[side].forEach((row, i) => (row.lineNo = i + 1))
  return { rows: day.rows, expected: day.expected.toSorted(), rules: PLANTED_RULES }
}

/** Writes one file for each side. `sha256` is only a name here, as the rows are never read from anywhere else. */
export async function writeSides(
  folder: string,
  rows: Partial<Record<string, readonly NormalisedRow[]>>,
): Promise<Side[]> {
  const sides: Side[] = []
  for (const [name, own = []] of Object.entries(rows)) {
    const path = join(folder, `${name}.csv`)
    const stream = createWriteStream(path)
    stream.write(CSV_HEADER)
    for (const row of own) stream.write(csvLineOf(row))
    stream.end()
    await once(stream, 'finish')
    sides.push({ name, files: [path], sha256: `${name}-${own.length}` })
  }
  return sides
}

export function shuffle<T>(random: Random, items: T[]): void {
  for (let i = items.length - 1; i > 0; i--) {
    const j = randomBelow(random, i + 1)
    const [a, b] = [items[i], items[j]]
    if (a !== undefined && b !== undefined) [items[i], items[j]] = [b, a]
  }
}

type Day = {
  random: Random
  rows: Record<SideName, NormalisedRow[]>
  expected: string[]
  next: number
}

const newDay = (random: Random): Day => ({
  random,
  rows: { hub: [], provider: [], his: [], bank: [] },
  expected: [],
  next: 0,
})

/** One fact as each side would have it, between nine in the morning and nine in the evening. */
function fact(day: Day, over: Partial<NormalisedRow> = {}): NormalisedRow {
  const no = String(day.next++).padStart(9, '0')
  const at = addMs(instantAt(PLANTED_DATE, '09:00:00'), randomBelow(day.random, 43_200) * 1_000)
  return {
    lineNo: 0,
    kind: 'charge',
    ourNo: `P${no}`,
    providerNo: `42${no}`,
    // A number of its own in the upper digits: no two facts have one amount by chance.
    amountFen: fen(day.next * 1_000 + randomBelow(day.random, 400) + 500),
    feeFen: fen(randomBelow(day.random, 30)),
    occurredAt: toShanghaiIso(at),
    businessDate: PLANTED_DATE,
    account: OWN_ACCOUNTS[randomBelow(day.random, 200)] ?? null,
    memo: null,
    ...over,
  }
}

const put = (day: Day, side: SideName, row: NormalisedRow, over: Partial<NormalisedRow> = {}) => {
  const own =
    side === 'his' ? { ...row, providerNo: null, feeFen: null, account: null } : { ...row }
  day.rows[side].push({ ...own, ...over })
}

type Sides = ('hub' | 'provider' | 'his')[]
const THREE: Sides = ['hub', 'provider', 'his']

function on(day: Day, sides: Sides, over: Partial<NormalisedRow> = {}): NormalisedRow {
  const row = fact(day, over)
  for (const side of sides) put(day, side, row)
  return row
}

const agreed = (day: Day) =>
  on(day, THREE, randomBelow(day.random, 20) === 0 ? { kind: 'return' } : {})

const onSides =
  (sides: Sides, over: Partial<NormalisedRow> = {}) =>
  (day: Day) =>
    on(day, sides, over).ourNo

const offOn =
  (side: SideName, change: (row: NormalisedRow) => Partial<NormalisedRow>) =>
  (day: Day): string | null => {
    const row = fact(day)
    for (const name of THREE) put(day, name, row, name === side ? change(row) : {})
    return row.ourNo
  }

const againOn = (side: 'hub' | 'provider' | 'his') => (day: Day) => {
  const row = on(day, THREE)
  put(day, side, row)
  return row.ourNo
}

const moreThan = (row: NormalisedRow) => ({ amountFen: fen(row.amountFen + 1) })

type OfBank = Extract<PlantedClass, `payout_${string}` | `receipt_${string}`>
const isOfBank = (cls: PlantedClass): cls is OfBank => /^(payout|receipt)_/.test(cls)

/** Each plants one difference and says its number. */
const PLANT: Record<Exclude<PlantedClass, OfBank>, (day: Day) => string | null> = {
  hub_only: onSides(['hub']),
  provider_only: onSides(['provider']),
  his_only: onSides(['his']),
  hub_missing: onSides(['provider', 'his']),
  provider_missing: onSides(['hub', 'his']),
  his_missing: onSides(['hub', 'provider']),
  refund_not_returned: onSides(['hub', 'his'], { kind: 'return' }),
  refund_unrecorded: onSides(['provider'], { kind: 'return' }),
  refund_his_missing: onSides(['hub', 'provider'], { kind: 'return' }),
  amount_hub: offOn('hub', moreThan),
  amount_provider: offOn('provider', moreThan),
  amount_his: offOn('his', moreThan),
  fee: offOn('provider', (row) => ({ feeFen: fen((row.feeFen ?? 0) + 1) })),
  status: offOn('provider', () => ({ kind: 'return' })),
  duplicate_hub: againOn('hub'),
  duplicate_provider: againOn('provider'),
  duplicate_his: againOn('his'),
  foreign: onSides(['provider'], { account: 'B1' }),
  wrong_account: offOn('provider', ({ account }) => ({
    account: OWN_ACCOUNTS.find((other) => other !== account) ?? null,
  })),
  our_no: offOn('provider', ({ ourNo }) => ({ ourNo: `X${ourNo}` })),
  provider_no: offOn('provider', ({ providerNo }) => ({ providerNo: `X${providerNo}` })),
  cross_day: offOn('provider', () => ({ businessDate: addDays(PLANTED_DATE, -2) })),
  parts(day) {
    const row = on(day, ['hub', 'his'])
    put(day, 'provider', row, { amountFen: fen(300), feeFen: null })
    put(day, 'provider', row, { amountFen: fen(row.amountFen - 301), feeFen: null })
    return row.ourNo
  },
  ambiguous(day) {
    // A row without a number that either of two payments could be; those two are each differences of their own.
    const first = on(day, ['hub', 'his'])
    const second = fact(day, {
      amountFen: first.amountFen,
      account: first.account,
      occurredAt: first.occurredAt,
    })
    put(day, 'hub', second)
    put(day, 'his', second)
    day.expected.push(`provider_missing ${first.ourNo}`, `provider_missing ${second.ourNo}`)
    put(day, 'provider', first, { ourNo: null, providerNo: null })
    return `#${first.amountFen}`
  },
  unidentified: (day) => `#${on(day, ['provider'], { ourNo: null, providerNo: null }).amountFen}`,
}

const LATE = { occurredAt: `${PLANTED_DATE}T23:50:00+08:00` }

const HARMLESS_PLANT: Record<(typeof HARMLESS)[number], (day: Day) => void> = {
  in_transit: (day) => void on(day, ['hub', 'his'], LATE),
  by_provider_no: (day) => void offOn('provider', () => ({ ourNo: null }))(day),
  in_parts(day) {
    const row = on(day, ['hub', 'his'])
    put(day, 'provider', row, { amountFen: fen(300), feeFen: null })
    put(day, 'provider', row, { amountFen: fen(row.amountFen - 300), feeFen: null })
  },
  summed(day) {
    const batch = `R${day.next}`
    const parts = [1, 2, 3].map(() =>
      fact(day, { kind: 'return', memo: batch, providerNo: null, account: null, feeFen: null }),
    )
    for (const row of parts) put(day, 'hub', row)
    const sum = parts.reduce((total, { amountFen }) => total + amountFen, 0)
    const row = fact(day, {
      kind: 'return',
      memo: batch,
      amountFen: fen(sum),
      account: OWN_ACCOUNTS[0] ?? null,
    })
    put(day, 'provider', row, { feeFen: fen(0) })
    for (const part of parts) put(day, 'his', part)
  },
  near: (day) =>
    void offOn('provider', ({ occurredAt }) => ({
      ourNo: null,
      providerNo: null,
      occurredAt: toShanghaiIso(addMs(instantOf(occurredAt), 20_000)),
    }))(day),
}

const instantOf = (text: string | null) => new Date(text ?? '')

type Batch = { account: string; date: BusinessDate; expectedFen: number }

/** A receipt for every batch, and what is wrong with some of them. */
function plantBank(day: Day, each: number): void {
  for (const account of OWN_ACCOUNTS.slice(200)) {
    put(
      day,
      'provider',
      fact(day, { kind: 'payout', account, businessDate: addDays(PLANTED_DATE, -1) }),
    )
  }
  const batches = [...batchesOf(day.rows.provider)].toSorted((a, b) =>
    a.account < b.account ? -1 : 1,
  )
  const old = batches.filter(({ date, account }) => date < PLANTED_DATE && account >= 'A000200')
  batches.forEach((batch) => {
    const at = old.indexOf(batch)
    const wrong = at >= 0 && at < each * 4 ? OF_BANK[Math.floor(at / each)] : undefined
    const name = `${batch.account} ${batch.date}`
    if (wrong) day.expected.push(`${wrong} ${name}`)
    const { expectedFen } = batch
    if (wrong !== 'payout_missing') {
      const off = wrong === 'payout_short' ? -1 : wrong === 'payout_over' ? 1 : 0
      receive(day, batch, expectedFen + off)
    }
    if (wrong === 'receipt_duplicate') receive(day, batch, expectedFen)
  })
  for (let i = 0; i < each; i++) {
    const account = `C${String(i).padStart(6, '0')}`
    day.expected.push(`receipt_unexplained ${account} ${PLANTED_DATE}`)
    receive(day, { account, date: PLANTED_DATE, expectedFen: 0 }, 10_000 + i)
  }
}

const OF_BANK = ['payout_missing', 'payout_short', 'payout_over', 'receipt_duplicate'] as const

const receive = (day: Day, { account, date }: Batch, amountFen: number) =>
  put(
    day,
    'bank',
    fact(day, {
      kind: 'payout',
      account,
      businessDate: date,
      amountFen: fen(amountFen),
      feeFen: null,
    }),
  )

function batchesOf(rows: readonly NormalisedRow[]): Iterable<Batch> {
  const batches = new Map<string, Batch>()
  for (const { kind, account, businessDate: date, amountFen, feeFen } of rows) {
    const name = `${account} ${date}`
    const batch = batches.get(name) ?? {
      account: account ?? '',
      date: (date ?? PLANTED_DATE) as BusinessDate,
      expectedFen: 0,
    }
    const sign = kind === 'return' ? -1 : 1
    batch.expectedFen += sign * amountFen - (kind === 'payout' ? 0 : (feeFen ?? 0))
    batches.set(name, batch)
  }
  return batches.values()
}
