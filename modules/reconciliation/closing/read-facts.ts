import type { HospitalId } from '../../../kernel/id.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { Tx } from '../../../platform/db.ts'
import { casesOfDay } from '../case-store.ts'
import { arrivalsOf } from '../day-store.ts'
import { DIFFERENCE_CLASSES, type MoveKind } from '../day.ts'
import type { IdentityOfKind } from '../identity.ts'
import { listDifferences } from '../reads-store.ts'
import { type Comparison, newestComparison, statementsOf } from '../statement-store.ts'
import { bridgeOf } from '../view.ts'
import type { DayFacts, KindFacts, SourceFacts } from './day-facts.ts'

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
