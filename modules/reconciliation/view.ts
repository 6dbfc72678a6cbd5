import { addFen, type Fen, subtractFen, ZERO } from '../../kernel/money.ts'
import { addDays, type BusinessDate } from '../../kernel/time.ts'
import {
  type DayStatus,
  type Difference,
  DIFFERENCE_CLASSES,
  HIS,
  type ListLine,
  type MoveKind,
  type OwnRow,
} from './day.ts'
import { type Figure, type Identity, netFen } from './identity.ts'
import type { DayArrival, DayEntry, DifferenceCount } from './reads-store.ts'
import type { Comparison, Statement } from './statement-store.ts'
import type { CaseNote, WorkCase } from './work-case.ts'

/** One day as the calendar shows it. */
export function viewOfDay(
  day: DayEntry,
  arrivals: readonly DayArrival[],
  counts: readonly DifferenceCount[],
) {
  return {
    date: day.businessDate,
    status: day.status,
    verdict: verdictOf(day.status, arrivals, counts),
    dueAt: iso(day.dueAt),
    closedAt: iso(day.closedAt),
    lastError: day.lastError,
    arrivals: arrivals.map(viewOfArrival),
    classes: classesOf(counts),
  }
}

/** A day without all of its lists is never balanced, whatever the others say. */
function verdictOf(
  status: DayStatus,
  arrivals: readonly DayArrival[],
  counts: readonly DifferenceCount[],
) {
  if (arrivals.some((arrival) => arrival.status !== 'received')) return 'incomplete' as const
  if (status !== 'closed') return 'in_progress' as const
  const isInCase = counts.some((count) => count.status === 'in_case')
  return isInCase ? ('in_case' as const) : ('balanced' as const)
}

const viewOfArrival = (arrival: DayArrival) => ({
  source: arrival.source,
  status: arrival.status,
  version: arrival.newestVersion,
  receivedAt: iso(arrival.receivedAt),
  nextTryAt: iso(arrival.nextTryAt),
  reason: arrival.reason,
  refusalCode: arrival.refusalCode,
})

function classesOf(counts: readonly DifferenceCount[]) {
  return DIFFERENCE_CLASSES.map((cls) => {
    const ofClass = counts.filter((count) => count.class === cls)
    const of = (status: Difference['status']) =>
      ofClass.reduce((sum, each) => (each.status === status ? sum + each.count : sum), 0)
    return {
      class: cls,
      found: of('found'),
      repairing: of('repairing'),
      repaired: of('repaired'),
      explained: of('explained'),
      inCase: of('in_case'),
    }
  })
}

/** One party of one day: what came of its list, and how it adds up. */
export function viewOfSource(
  date: BusinessDate,
  arrival: DayArrival,
  statements: readonly Statement[],
  comparison: Comparison | null,
) {
  return {
    source: arrival.source,
    arrival: viewOfArrival(arrival),
    statements: statements.map((statement) => ({
      version: statement.version,
      form: statement.form,
      sha256: statement.sha256,
      lineCount: statement.lineCount,
      chargeFen: statement.chargeFen,
      returnFen: statement.returnFen,
      feeFen: statement.feeFen,
      receivedAt: statement.receivedAt.toISOString(),
    })),
    comparison: comparison && {
      version: comparison.version,
      statementVersion: comparison.statementVersion,
      comparedAt: comparison.comparedAt.toISOString(),
      identity: KINDS.map((kind) =>
        viewOfIdentity(date, arrival.source, kind, comparison.figures[kind], comparison),
      ),
    },
  }
}

const KINDS = ['charge', 'return'] as const

function viewOfIdentity(
  date: BusinessDate,
  source: string,
  kind: MoveKind,
  { ours, gaps, theirs }: Identity[MoveKind],
  { statementVersion }: Comparison,
) {
  const day = `reconciliation/days/${date}`
  const of = `source=${source}&kind=${kind}`
  const lines = `${day}/statements/${source}/lines?kind=${kind}&version=${statementVersion}`
  return {
    kind,
    ours: { ...figure(ours), list: `${day}/own-rows?${of}` },
    gaps: DIFFERENCE_CLASSES.filter(
      (cls) => gaps[cls].count !== 0 || gaps[cls].amountFen !== 0,
    ).map((cls) => ({
      class: cls,
      ...figure(gaps[cls]),
      list: `${day}/differences?${of}&class=${cls}&present=true`,
    })),
    theirs: { ...figure(theirs), list: lines },
  }
}

const figure = ({ count, amountFen }: Figure) => ({ count, amountFen })

/** All three sides of a day beside each other; null until each has been compared. */
export function bridgeOf(comparisons: ReadonlyMap<string, Comparison | null>) {
  const hospital = comparisons.get(HIS)
  if (!hospital) return null
  let [providersFen, oursFen]: [Fen, Fen] = [ZERO, ZERO]
  for (const [source, comparison] of comparisons) {
    if (source === HIS) continue
    if (!comparison) return null
    providersFen = addFen(providersFen, netFen(comparison.figures, 'theirs'))
    oursFen = addFen(oursFen, netFen(comparison.figures, 'ours'))
  }
  const settledFen = netFen(hospital.figures, 'ours')
  const hospitalFen = netFen(hospital.figures, 'theirs')
  const keptHereFen = hospital.figures.keptHereFen ?? ZERO
  const inBetweenFen = subtractFen(subtractFen(oursFen, settledFen), keptHereFen)
  return { providersFen, oursFen, keptHereFen, settledFen, hospitalFen, inBetweenFen }
}

export const viewOfDifference = (difference: Difference) => ({
  id: difference.id,
  date: difference.businessDate,
  source: difference.source,
  class: difference.class,
  kind: difference.kind,
  ourNo: difference.ourNo,
  providerNo: difference.providerNo,
  oursFen: difference.oursFen,
  theirsFen: difference.theirsFen,
  oursLines: difference.oursLines,
  theirsLines: difference.theirsLines,
  otherDate: difference.otherDate,
  paymentId: difference.paymentId,
  refundId: difference.refundId,
  present: difference.present,
  status: difference.status,
  repair: difference.repair,
  repairOutcome: difference.repairOutcome,
  repairDetail: difference.repairDetail,
  caseId: difference.caseId,
  foundAt: difference.foundAt.toISOString(),
  resolvedAt: iso(difference.resolvedAt),
})

export const viewOfOwnRow = (row: OwnRow) => ({
  kind: row.kind,
  ourNo: row.ourNo,
  amountFen: row.amountFen,
  at: row.at.toISOString(),
  paymentId: row.paymentId,
  refundId: row.refundId,
})

export const viewOfLine = (line: ListLine & { lineNo: number }) => ({
  lineNo: line.lineNo,
  kind: line.kind,
  ourNo: line.ourNo,
  providerNo: line.providerNo,
  amountFen: line.amountFen,
  at: iso(line.at),
  basis: line.basis,
  feeFen: line.feeFen ?? null,
})

export const viewOfCase = (
  known: WorkCase,
  now: Date,
  about: { differences: readonly Difference[]; notes: readonly CaseNote[] } = NOTHING,
) => ({
  id: known.id,
  class: known.class,
  subject: known.subject,
  date: known.businessDate,
  source: known.source,
  amountFen: known.amountFen,
  reason: known.reason,
  status: known.status,
  owner: known.owner,
  openedAt: known.openedAt.toISOString(),
  dueAt: known.dueAt.toISOString(),
  isOverdue: known.status === 'open' && now > known.dueAt,
  resolution: known.resolution,
  resolvedAt: iso(known.resolvedAt),
  differences: about.differences.map(viewOfDifference),
  notes: about.notes.map(({ at, actor, text }) => ({ at: at.toISOString(), actor, text })),
})

const NOTHING = { differences: [], notes: [] }

const iso = (instant: Date | null): string | null => instant?.toISOString() ?? null

const MOST_DAYS = 400

/** True for a range that is no longer than a calendar shows at once. */
export const isShortRange = (from: BusinessDate, to: BusinessDate): boolean =>
  to < addDays(from, MOST_DAYS)
