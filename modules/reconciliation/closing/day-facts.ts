import { createHash } from 'node:crypto'

import { type Fen, subtractFen, ZERO } from '../../../kernel/money.ts'
import type { Arrival, DifferenceClass, DifferenceStatus, MoveKind } from '../day.ts'
import type { Figure } from '../identity.ts'

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
  bridge: DayBridge | null
}

/**
 * Net figures: of the providers' lists, of our moves, of bills the hub itself made, of what we settled, of the
 * hospital's own list.
 */
export type DayBridge = {
  providersFen: Fen
  oursFen: Fen
  /** Missing in what was closed before the hub kept numbers. */
  keptHereFen?: Fen
  settledFen: Fen
  hospitalFen: Fen
  inBetweenFen: Fen
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

const NOTHING: Figure = { count: 0, amountFen: ZERO }

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
