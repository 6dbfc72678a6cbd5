import { createHash } from 'node:crypto'

import { assert } from '../../../kernel/assert.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import { type Bulk, matchBulk, readBatches } from './bulk.ts'
import { classify } from './classify.ts'
import { type Closure, closuresOf } from './closure.ts'
import { clustersOf, linesOf } from './cluster.ts'
import { type Engine, type EngineOptions, openEngine } from './engine.ts'
import { matchingErrors } from './errors.ts'
import type { FoundDifference, Sorted } from './found.ts'
import { runPasses } from './passes.ts'
import { classifyPayouts } from './payouts.ts'
import { compareRows, compareText, csvLineOf, type SideRow } from './row.ts'
import type { MatchingRules, PayoutRelation, RowsRelation } from './rules.ts'
import type { Side } from './side-files.ts'

export type MatchOptions = EngineOptions & {
  businessDate: BusinessDate
  /** Of one relation, so many numbers may differ; with more the files do not belong together. */
  mostOpen: number
  /** Rows carried over from the days before, as normalised files by poolName. */
  pools?: ReadonlyMap<string, string>
}

/** What one rule matched. `digest`: the same for the same matches, whatever the order of the rows. */
export type RuleResult = {
  relation: string
  rule: string
  matches: number
  amountFen: number
  digest: string
}

export type Matched = {
  rules: RuleResult[]
  closures: Closure[]
  differences: FoundDifference[]
  carried: { relation: string; row: SideRow }[]
}

/**
 * Compares any number of sides by the rules, and says of every match by which rule it is one.
 *
 * Deterministic: the same rows, in whatever order and cut into whatever files, give the same result to the byte, with
 * the same line numbers on the rows.
 *
 * Errors: throws matching_side_unreadable, matching_too_different or matching_stopped; nothing is half compared.
 */
export async function matchSides(
  sides: readonly Side[],
  rules: MatchingRules,
  options: MatchOptions,
): Promise<Matched> {
  const named = rules.sides.map(({ name }) => sideOf(sides, name))
  const engine = await openEngine(named, options.pools ?? new Map(), options)
  try {
    const matched: Matched = { rules: [], closures: [], differences: [], carried: [] }
    for (const relation of rules.relations) {
      if (relation.form === 'rows') await matchRows(engine, relation, rules, options, matched)
      else await matchPayouts(engine, relation, rules, options, matched)
    }
    return { ...matched, differences: matched.differences.sort(compareDifferences) }
  } finally {
    engine.close()
  }
}

function sideOf(sides: readonly Side[], name: string): Side {
  const [side, second] = sides.filter((given) => given.name === name)
  if (side && !second) return side
  const reason = side ? 'it was given twice' : 'it was not given'
  throw matchingErrors.matching_side_unreadable({ side: name, reason })
}

async function matchRows(
  engine: Engine,
  relation: RowsRelation,
  rules: MatchingRules,
  { businessDate, mostOpen }: MatchOptions,
  matched: Matched,
): Promise<void> {
  const bulk = await matchBulk(engine, relation, mostOpen)
  const clusters = runPasses(clustersOf(bulk.rest, relation.key.id), relation)
  const sorted = classify(clusters, relation, rules, businessDate)
  const closures = closuresOf(relation.id, relation.sides, bulk.agreed, bulk.rest, sorted)
  matched.rules.push(bulkResult(relation, bulk))
  add(matched, relation.id, bulk.rest, sorted, closures)
}

async function matchPayouts(
  engine: Engine,
  relation: PayoutRelation,
  rules: MatchingRules,
  { businessDate }: MatchOptions,
  matched: Matched,
): Promise<void> {
  const rows = await readBatches(engine, relation)
  const sorted = classifyPayouts(rows, relation, rules, businessDate)
  const closures = closuresOf(relation.id, [relation.provider, relation.bank], {}, rows, sorted)
  add(matched, relation.id, rows, sorted, closures)
}

function add(
  matched: Matched,
  relation: string,
  rows: readonly SideRow[],
  sorted: Sorted,
  closures: Closure[],
): void {
  const counted = sorted.differences.filter(({ isCounted }) => isCounted)
  const placed = [...sorted.matched, ...counted].flatMap((found) => found.rows)
  const count = linesOf(placed) + linesOf(sorted.carried)
  assert(
    count === linesOf(rows),
    `${relation}: ${count} of ${linesOf(rows)} rows came to something`,
  )
  matched.rules.push(...restResults(relation, sorted.matched))
  matched.closures.push(...closures)
  matched.differences.push(...sorted.differences)
  const carried = sorted.carried.toSorted(compareRows)
  matched.carried.push(...carried.map((row) => ({ relation, row })))
}

function bulkResult(relation: RowsRelation, { agreed, digest }: Bulk): RuleResult {
  const kinds = Object.values(agreed)
  return {
    relation: relation.id,
    rule: relation.key.id,
    matches: kinds.reduce((sum, { groups }) => sum + groups, 0),
    amountFen: kinds.reduce((sum, { amountFen }) => sum + amountFen, 0),
    digest,
  }
}

/** Of what was looked at row by row, so the strongest rule may have a second line here. */
function restResults(relation: string, matched: Sorted['matched']): RuleResult[] {
  const byRule = new Map<string, Sorted['matched']>()
  for (const match of matched) {
    const matches = byRule.get(match.rule)
    if (matches) matches.push(match)
    else byRule.set(match.rule, [match])
  }
  return [...byRule.keys()].toSorted(compareText).map((rule) => {
    const matches = byRule.get(rule) ?? []
    const lines = matches.map(({ rows }) =>
      rows
        .toSorted(compareRows)
        .map((row) => `${row.side} ${csvLineOf(row)}`)
        .join(''),
    )
    return {
      relation,
      rule,
      matches: matches.length,
      amountFen: matches.reduce((sum, { rows }) => sum + (rows[0]?.amountFen ?? 0), 0),
      digest: createHash('sha256').update(lines.toSorted(compareText).join('\n')).digest('hex'),
    }
  })
}

function compareDifferences(a: FoundDifference, b: FoundDifference): number {
  const [first, second] = [a, b].map(({ rows }) => rows.toSorted(compareRows)[0])
  return (
    compareText(a.relation, b.relation) ||
    compareText(a.key ?? '', b.key ?? '') ||
    compareText(a.kind, b.kind) ||
    compareText(a.class, b.class) ||
    (first && second ? compareRows(first, second) : 0)
  )
}
