import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { fen } from '../../kernel/money.ts'
import { businessDate, instantAt } from '../../kernel/time.ts'
import type { PaymentId } from '../../modules/payments/index.ts'
import { compare, type ComparedDay, keyOf } from '../../modules/reconciliation/compare.ts'
import type { ListLine, MoveKind, OwnRow } from '../../modules/reconciliation/day.ts'
import { classify } from '../../modules/reconciliation/matching/classify.ts'
import { clustersOf } from '../../modules/reconciliation/matching/cluster.ts'
import { TWO_SIDES_RULES } from '../../modules/reconciliation/matching/default-rules.ts'
import type { FoundDifference } from '../../modules/reconciliation/matching/found.ts'
import { matchSides } from '../../modules/reconciliation/matching/match-sides.ts'
import { runPasses } from '../../modules/reconciliation/matching/passes.ts'
import type { NormalisedRow, SideRow } from '../../modules/reconciliation/matching/row.ts'
import type { RowsRelation } from '../../modules/reconciliation/matching/rules.ts'
import { writeSides } from '../../modules/reconciliation/testing/planted-sides.ts'

// Two programs that were written apart: the comparison of a small day in memory, and the one of large files. Days next
// to each other and what is known of single numbers are the first one's alone.

const DATE = businessDate('2026-11-20')
const PAYMENT = '0190b3a0-0000-7000-8000-00000000000a' as PaymentId

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'matching-'))
})
afterAll(() => rm(folder, { recursive: true }))

const move = fc.record({
  kind: fc.constantFrom<MoveKind>('charge', 'return'),
  ourNo: fc.integer({ min: 0, max: 12 }).map((n) => (n === 12 ? 'F12' : `N${n}`)),
  amountFen: fc.integer({ min: 1, max: 3 }).map(fen),
})

const anyDay = fc.record({
  own: fc
    .uniqueArray(move, { selector: keyOf, maxLength: 16 })
    .map((rows) => rows.filter(({ ourNo }) => !ourNo.startsWith('F')).map(ownOf)),
  theirs: fc
    .array(move, { maxLength: 20 })
    .map((rows) =>
      rows.map((row, i): ListLine => ({ ...row, providerNo: `T${i}`, at: null, basis: 'stated' })),
    ),
})

const ownOf = (row: { kind: MoveKind; ourNo: string; amountFen: OwnRow['amountFen'] }): OwnRow => ({
  ...row,
  at: instantAt(DATE, '12:00:00'),
  paymentId: PAYMENT,
  refundId: null,
})

const RULES = {
  ...TWO_SIDES_RULES,
  sides: TWO_SIDES_RULES.sides.map((side) =>
    side.name === 'provider' ? { ...side, accounts: ['A'] } : side,
  ),
}
const [RELATION] = RULES.relations as [RowsRelation]

type Day = { own: OwnRow[]; theirs: ListLine[] }

it('[B2] finds in any day what the comparison in memory finds', () => {
  fc.assert(
    fc.property(anyDay, (day) => {
      const { hub, provider } = sidesOf(day)
      const rows = [...hub.map(asSide('hub')), ...provider.map(asSide('provider'))]
      const clusters = runPasses(clustersOf(rows, RELATION.key.id), RELATION)
      const { differences, matched } = classify(clusters, RELATION, RULES, DATE)
      const other = inMemory(day)
      expect(differences.flatMap(asCompared).toSorted()).toEqual(other.differences)
      expect(matched).toHaveLength(other.agreed)
    }),
    { numRuns: 1_000 },
  )
})

it('and so does the whole of it, read from files by the engine', async () => {
  await fc.assert(
    fc.asyncProperty(anyDay, async (day) => {
      const options = { memoryLimitMb: 256, threads: 1, folder, businessDate: DATE, mostOpen: 100 }
      const found = await matchSides(await writeSides(folder, sidesOf(day)), RULES, options)
      const other = inMemory(day)
      expect(found.differences.flatMap(asCompared).toSorted()).toEqual(other.differences)
      expect(found.rules.reduce((sum, { matches }) => sum + matches, 0)).toBe(other.agreed)
    }),
    { numRuns: 25 },
  )
}, 240_000)

function inMemory({ own, theirs }: Day) {
  const foreign = { standing: 'foreign' as const, paymentId: null, refundId: null }
  const known: ComparedDay['known'] = new Map(
    theirs.filter(({ ourNo }) => ourNo.startsWith('F')).map((line) => [keyOf(line), foreign]),
  )
  const day = { businessDate: DATE, own, theirs, nearby: { own: [], theirs: [] }, known }
  const { differences, agreed } = compare(day)
  return {
    agreed,
    differences: differences
      .map(
        (d) =>
          `${d.class} ${d.kind} ${d.ourNo} ${d.oursLines} ${d.oursFen} ${d.theirsLines} ${d.theirsFen}`,
      )
      .toSorted(),
  }
}

/** In the words of the other. A status is one difference here, and there one for each side. */
function asCompared({ class: cls, kind, key, sides }: FoundDifference): string[] {
  const nothing = { lines: 0, amountFen: 0 }
  const { hub = nothing, provider = nothing } = sides
  const line = (name: string, of: string, ours: typeof nothing, theirs: typeof nothing) =>
    `${name} ${of} ${key} ${ours.lines} ${ours.amountFen} ${theirs.lines} ${theirs.amountFen}`
  if (cls !== 'status') return [line(WORDS[cls] ?? cls, kind, hub, provider)]
  const isOursCharge = kind === 'charge'
  return isOursCharge
    ? [line('status', 'charge', hub, nothing), line('status', 'return', nothing, provider)]
    : [line('status', 'return', hub, nothing), line('status', 'charge', nothing, provider)]
}

const WORDS: Partial<Record<string, string>> = {
  hub_only: 'ours_only',
  refund_not_returned: 'ours_only',
  provider_only: 'theirs_only',
  refund_unrecorded: 'theirs_only',
  amount_provider: 'amount',
  duplicate_provider: 'duplicate',
}

function sidesOf({ own, theirs }: Day): { hub: NormalisedRow[]; provider: NormalisedRow[] } {
  const row = ({ kind, ourNo, amountFen }: OwnRow | ListLine, i: number): NormalisedRow => ({
    lineNo: i + 1,
    kind,
    ourNo,
    providerNo: null,
    amountFen,
    feeFen: null,
    occurredAt: null,
    businessDate: DATE,
    account: ourNo.startsWith('F') ? 'B' : 'A',
    memo: null,
  })
  return {
    hub: own.map(row),
    provider: theirs.map((line, i) => ({ ...row(line, i), providerNo: line.providerNo })),
  }
}

const asSide =
  (side: string) =>
  (row: NormalisedRow): SideRow => ({ ...row, side, key: row.ourNo, lines: 1 })
