import { createHash } from 'node:crypto'

import type { HospitalId } from '../../../kernel/id.ts'
import { type Fen, subtractFen } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/db.ts'
import { casesOfDay } from '../case-store.ts'
import { arrivalsOf } from '../day-store.ts'
import {
  type Arrival,
  type DifferenceClass,
  DIFFERENCE_CLASSES,
  type DifferenceStatus,
  type MoveKind,
} from '../day.ts'
import type { Figure, IdentityOfKind } from '../identity.ts'
import { listDifferences } from '../reads-store.ts'
import { type Comparison, newestComparison, statementsOf } from '../statement-store.ts'
import { bridgeOf } from '../view.ts'

/** What a day came to: everything its report says, so that the report can be made again from this alone. */
export type DayFacts = {
  figures: DayFigures
  differences: DifferenceFact[]
  /** More than a report holds; each is still to be found in the day's list. */
  differencesLeftOut: boolean
  cases: CaseFact[]
}

export type DayFigures = {
  sources: SourceFacts[]
  /** All three sides beside each other; null until each has been compared. */
  bridge: ReturnType<typeof bridgeOf>
}

export type SourceFacts = {
  source: string
  statement: { version: number; sha256: string; lineCount: number; feeFen: Fen | null } | null
  identity: KindFacts[]
}

/** Ours and every gap (theirs less ours) are theirs, in count and fen. */
export type KindFacts = {
  kind: MoveKind
  ours: Figure
  gaps: (Figure & { class: DifferenceClass })[]
  theirs: Figure
}

export type DifferenceFact = {
  source: string
  class: DifferenceClass
  kind: MoveKind
  ourNo: string
  providerNo: string | null
  oursFen: Fen
  theirsFen: Fen
  status: DifferenceStatus
}

export type CaseFact = {
  id: string
  class: string
  subject: string
  amountFen: Fen
  status: 'open' | 'resolved'
  owner: string | null
  resolution: string | null
}

const MOST_DIFFERENCES = 5_000
const MOST_CASES = 1_000

/** As the day stands in this transaction. */
export async function factsOfDay(
  tx: Tx,
  hospitalId: HospitalId,
  date: BusinessDate,
): Promise<DayFacts> {
  const comparisons = new Map<string, Comparison | null>()
  const sources: SourceFacts[] = []
  for (const { source } of await arrivalsOf(tx, hospitalId, date)) {
    const comparison = await newestComparison(tx, hospitalId, date, source)
    comparisons.set(source, comparison)
    sources.push(await sourceFacts(tx, hospitalId, date, source, comparison))
  }
  const filter = { businessDate: date, present: true, limit: MOST_DIFFERENCES + 1 }
  const differences = await listDifferences(tx, hospitalId, filter)
  const cases = await casesOfDay(tx, hospitalId, date, MOST_CASES)
  return {
    figures: { sources, bridge: bridgeOf(comparisons) },
    differences: differences.slice(0, MOST_DIFFERENCES).map((each) => ({
      source: each.source,
      class: each.class,
      kind: each.kind,
      ourNo: each.ourNo,
      providerNo: each.providerNo,
      oursFen: each.oursFen,
      theirsFen: each.theirsFen,
      status: each.status,
    })),
    differencesLeftOut: differences.length > MOST_DIFFERENCES,
    cases: cases.map(({ id, class: cls, subject, amountFen, status, owner, resolution }) => {
      return { id, class: cls, subject, amountFen, status, owner, resolution }
    }),
  }
}

async function sourceFacts(
  tx: Tx,
  hospitalId: HospitalId,
  date: BusinessDate,
  source: string,
  comparison: Comparison | null,
): Promise<SourceFacts> {
  const statements = await statementsOf(tx, hospitalId, date, source)
  const compared = statements.find(({ version }) => version === comparison?.statementVersion)
  return {
    source,
    statement: compared
      ? {
          version: compared.version,
          sha256: compared.sha256,
          lineCount: compared.lineCount,
          feeFen: compared.feeFen,
        }
      : null,
    identity: comparison ? KINDS.map((kind) => kindFacts(kind, comparison.figures[kind])) : [],
  }
}

const KINDS = ['charge', 'return'] as const

const kindFacts = (kind: MoveKind, { ours, gaps, theirs }: IdentityOfKind): KindFacts => ({
  kind,
  ours,
  gaps: DIFFERENCE_CLASSES.flatMap((cls) => {
    const { count, amountFen } = gaps[cls]
    return count === 0 && amountFen === 0 ? [] : [{ class: cls, count, amountFen }]
  }),
  theirs,
})

/** SHA-256 in hex of any JSON, whatever the order of its names: what a database gives back is the same again. */
export const digestOf = (facts: unknown): string =>
  createHash('sha256').update(JSON.stringify(facts, inOrder)).digest('hex')

const inOrder = (_name: string, value: unknown): unknown =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
    : value

/** A figure of one side that came out otherwise than before. */
export type FigureChange = {
  source: string
  kind: MoveKind
  side: 'ours' | 'theirs'
  before: Figure
  after: Figure
  deltaFen: Fen
}

const NOTHING: Figure = { count: 0, amountFen: 0 as Fen }

/** Pure: what changed from one closing to the next, in the order of parties, kinds and sides. */
export function changesBetween(before: DayFigures, after: DayFigures): FigureChange[] {
  const known = new Map(figuresIn(before).map((each) => [each.key, each]))
  const now = new Map(figuresIn(after).map((each) => [each.key, each]))
  const keys = [...new Set([...known.keys(), ...now.keys()])].toSorted()
  return keys.flatMap((key) => {
    const place = now.get(key) ?? known.get(key)
    const [was, is] = [known.get(key)?.figure ?? NOTHING, now.get(key)?.figure ?? NOTHING]
    if (!place || (was.count === is.count && was.amountFen === is.amountFen)) return []
    const { source, kind, side } = place
    const deltaFen = subtractFen(is.amountFen, was.amountFen)
    return [{ source, kind, side, before: was, after: is, deltaFen }]
  })
}

const figuresIn = ({ sources }: DayFigures) =>
  sources.flatMap(({ source, identity }) =>
    identity.flatMap(({ kind, ours, theirs }) =>
      (
        [
          ['ours', ours],
          ['theirs', theirs],
        ] as const
      ).map(([side, figure]) => ({
        key: `${source} ${kind} ${side}`,
        source,
        kind,
        side,
        figure,
      })),
    ),
  )

/** What the checklist needs of the lists of a day. */
export type ListFacts = Pick<
  Arrival,
  'source' | 'status' | 'newestVersion' | 'comparedVersion' | 'compareDue'
>
