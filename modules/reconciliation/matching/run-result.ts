import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

import { assert } from '../../../kernel/assert.ts'
import type { Fen } from '../../../kernel/money.ts'
import { MATCHING_CLASSES, type MatchingClass, type ProposedRepair } from './classes.ts'
import type { Closure } from './closure.ts'
import type { FoundDifference } from './found.ts'
import type { Matched, RuleResult } from './match-sides.ts'
import type { NormalisedRow, RowKind, SideRow } from './row.ts'

// The result of a run between the process that compares and the one that writes it down: a file of one JSON value a
// line. It is under its name only when it is whole, so whoever finds it goes on from there.

/** A difference as it is kept. */
export type RunDifference = {
  no: number
  relation: string
  class: MatchingClass
  kind: RowKind
  key: string | null
  sides: FoundDifference['sides']
  atStakeFen: Fen
  repair: ProposedRepair
  rule: string
  evidence: Evidence
  isCounted: boolean
}

/** The rows of a difference, of many the first twenty, and the rows that it nearly matched. */
export type Evidence = {
  rows: EvidenceRow[]
  near: { because: 'amount' | 'several'; rows: EvidenceRow[] } | null
}

/** `lines` above 1: that many lines of the number, folded into one. */
export type EvidenceRow = NormalisedRow & { side: string; lines: number }

export type RunCarried = { no: number; relation: string; side: string; row: NormalisedRow }

export type RunSummary = {
  rules: RuleResult[]
  closures: Closure[]
  /** By class how many, and what is at stake in them. */
  classes: Partial<Record<MatchingClass, { count: number; atStakeFen: number }>>
  differences: number
  carried: number
}

export type RunLine =
  | { difference: RunDifference }
  | { carried: RunCarried }
  | { end: { summary: RunSummary; digest: string } }

const EVIDENCE_ROWS = 20

/** Writes the result under its name once it is whole. */
export async function writeResult(path: string, matched: Matched): Promise<void> {
  const part = `${path}.${process.pid}`
  await pipeline(Readable.from(linesOfResult(matched)), createWriteStream(part))
  await rename(part, path)
}

/** Errors: throws when the file does not end as it was written. */
export async function* readResult(path: string): AsyncGenerator<RunLine> {
  const hash = createHash('sha256')
  let isWhole = false
  for await (const text of createInterface({
    input: createReadStream(path),
    crlfDelay: Infinity,
  })) {
    const line = JSON.parse(text) as RunLine
    if ('end' in line) {
      assert(line.end.digest === hash.copy().digest('hex'), `${path} is as it was written`)
      isWhole = true
    } else hash.update(`${text}\n`)
    yield line
  }
  assert(isWhole, `${path} is whole`)
}

function* linesOfResult(matched: Matched): Generator<string> {
  const hash = createHash('sha256')
  const text = (line: RunLine) => `${JSON.stringify(line)}\n`
  const classes: RunSummary['classes'] = {}
  for (const [i, found] of matched.differences.entries()) {
    const { count, atStakeFen } = classes[found.class] ?? { count: 0, atStakeFen: 0 }
    classes[found.class] = { count: count + 1, atStakeFen: atStakeFen + found.atStakeFen }
    const line = text({ difference: kept(found, i + 1) })
    hash.update(line)
    yield line
  }
  for (const [i, { relation, row }] of matched.carried.entries()) {
    const line = text({ carried: { no: i + 1, relation, side: row.side, row: bare(row) } })
    hash.update(line)
    yield line
  }
  const { rules, closures, differences, carried } = matched
  const counts = { differences: differences.length, carried: carried.length }
  yield text({
    end: { summary: { rules, closures, classes, ...counts }, digest: hash.digest('hex') },
  })
}

function kept(found: FoundDifference, no: number): RunDifference {
  const { near } = found
  return {
    no,
    relation: found.relation,
    class: found.class,
    kind: found.kind,
    key: found.key,
    sides: found.sides,
    atStakeFen: found.atStakeFen,
    repair: MATCHING_CLASSES[found.class].repair,
    rule: found.rule,
    evidence: {
      rows: evidenceOf(found.rows),
      near: near && { because: near.because, rows: evidenceOf(near.rows) },
    },
    isCounted: found.isCounted,
  }
}

const evidenceOf = (rows: readonly SideRow[]): EvidenceRow[] =>
  rows.slice(0, EVIDENCE_ROWS).map((row) => ({ side: row.side, lines: row.lines, ...bare(row) }))

const bare = (row: SideRow): NormalisedRow => ({
  lineNo: row.lineNo,
  kind: row.kind,
  ourNo: row.ourNo,
  providerNo: row.providerNo,
  amountFen: row.amountFen,
  feeFen: row.feeFen,
  occurredAt: row.occurredAt,
  businessDate: row.businessDate,
  account: row.account,
  memo: row.memo,
})
