import type { HospitalId } from '../../kernel/id.ts'
import type { BusinessDate, Clock } from '../../kernel/time.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import type { CatalogueIndex } from './catalogue-index.ts'
import { catalogueErrors } from './errors.ts'
import { type Estimate, estimate } from './estimate.ts'
import {
  type BillLine,
  entriesInstead,
  type ExplainedLine,
  splitLines,
  withAlternatives,
} from './explain.ts'
import { itemsByCode, itemsOfEntries, type Setting } from './item-store.ts'
import { insertDifference, type Measured, policyOn } from './policy-store.ts'
import type { PolicyTerms, VisitKind, YearSoFar } from './policy.ts'
import type { Version } from './version-store.ts'

/** Whose insurance an estimate goes by, and where they stand this year as far as it is known. */
export type Insured = {
  insutype: string
  visitKind: VisitKind
  year: YearSoFar
  /** When the insurer said where they stand. */
  saidAt?: Date
}

/** Which catalogue and which policy were gone by, and what came of it. `estimate` is null without an insured person. */
export type ExplainedBill = {
  region: string
  version: string
  on: BusinessDate
  lines: readonly ExplainedLine[]
  estimate: Estimate | null
  /** When the insurer said what the estimate begins with; null where nobody told, or nothing is estimated. */
  insurerSaidAt: Date | null
}

/** What a hospital goes by on a day: its setting, the version in force, and that version made ready. */
export type Ground = {
  setting: Setting
  version: Version
  index: CatalogueIndex
  on: BusinessDate
}

type GroundOf = (hospitalId: HospitalId, on?: BusinessDate) => Promise<Ground>

/** What bills come to under the insurance, before the insurer has said so; and how far off that was. */
export function createEstimating({ db, clock }: { db: Db; clock: Clock }, groundOf: GroundOf) {
  return { explainBill, measure }

  /**
   * Each line of a bill split and explained, with what is covered in its place, and for an insured person the estimate.
   * Errors: throws catalogue.hospital_not_set, version_not_found, and policy_not_found for a kind of insurance without a policy.
   */
  async function explainBill(
    hospitalId: HospitalId,
    lines: readonly BillLine[],
    insured: Insured | null,
    on?: BusinessDate,
  ): Promise<ExplainedBill> {
    const ground = await groundOf(hospitalId, on)
    const { setting, version, index } = ground
    const policy = insured && (await policyFor(ground, insured))
    const { level, acceptFrom } = setting
    const rules = { level, acceptFrom, on: ground.on }
    return inHospital(db, hospitalId, async (tx) => {
      const codes = [...new Set(lines.map(({ code }) => code))]
      const items = await itemsByCode(tx, hospitalId, codes)
      const known = new Map([...items].map(([code, { standing }]) => [code, standing.entryCode]))
      const splits = splitLines(index, lines, { ...rules, known })
      const offered = await itemsOfEntries(tx, hospitalId, entriesInstead(index, splits))
      const made = policy && insured ? estimate(splits, policy, insured.year) : null
      const explained = withAlternatives(index, lines, splits, {
        ...rules,
        sharePpm: made && policy && insured ? shareNow(made, policy.terms, insured.year) : 0,
        offeredOf: (entryCode) => offered.get(entryCode) ?? [],
      })
      const { region } = setting
      return {
        region,
        version: version.version,
        on: ground.on,
        lines: explained,
        estimate: made,
        insurerSaidAt: made ? (insured?.saidAt ?? null) : null,
      }
    })
  }

  async function policyFor({ setting, on }: Ground, { insutype, visitKind }: Insured) {
    const { region, level } = setting
    const policy = await policyOn(db, { region, insutype, level, visitKind }, on)
    if (!policy) throw catalogueErrors.policy_not_found({ region, insutype, level, visitKind })
    return policy
  }

  /** Keeps an estimate beside the insurer's own figures for the same bill; the first one of a settlement stays. */
  async function measure(hospitalId: HospitalId, measured: Measured): Promise<void> {
    await inHospital(db, hospitalId, (tx) =>
      insertDifference(tx, hospitalId, measured, clock.now()),
    )
  }
}

/** What the fund would pay of one more yuan in scope: nothing while the deductible is open or the cap is reached. */
function shareNow(made: Estimate, { segments, capFen }: PolicyTerms, year: YearSoFar): number {
  if (made.steps.some(({ code }) => code === 'deductible_left' || code === 'cap_reached')) return 0
  if (capFen !== null && year.fundPaidFen + made.poolFen >= capFen) return 0
  const reached = year.sharedFen + made.inScopeFen - made.deductibleFen
  return segments.findLast(({ fromFen }) => fromFen <= reached)?.sharePpm[year.status] ?? 0
}
