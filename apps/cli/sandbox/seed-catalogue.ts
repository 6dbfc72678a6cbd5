import { fen } from '../../../kernel/money.ts'
import { businessDate } from '../../../kernel/time.ts'
import type { PolicyTerms } from '../../../modules/catalogue/index.ts'
import { systemActor } from '../../../platform/principal.ts'
import type { Hub } from '../../hub/create-hub.ts'
import type { Policy, SchemePolicy } from '../../simulators/insurance/index.ts'
import { LATE_IN_THE_YEAR } from '../../simulators/region.ts'
import type { RegionSecrets } from '../../simulators/secrets.ts'
import type { World, WorldHospital } from '../../simulators/world/index.ts'

const SETUP = systemActor('sandbox')

/** From here a hospital's item is taken for one of the catalogue without a person, of a thousand. */
const ACCEPT_FROM = 900

/**
 * Says in which region's catalogue each hospital is, and by which terms a bill is estimated before the insurer has spoken:
 * those that the region publishes. The catalogue itself the worker reads from the insurance centre.
 */
export async function seedCatalogue(
  hub: Hub,
  world: World,
  { insurance: { admdvs: region } }: RegionSecrets,
): Promise<void> {
  for (const { id, level } of world.hospitals) {
    const setting = { region, level: textOf(level), acceptFrom: ACCEPT_FROM }
    await hub.catalogue.setHospital(id, setting, SETUP)
  }
  const levels = new Set(world.hospitals.map(({ level }) => level))
  for (const level of levels) {
    for (const insutype of ['310', '390'] as const) {
      const of = { region, insutype, level: textOf(level), visitKind: 'outpatient' as const }
      const terms = termsOf(LATE_IN_THE_YEAR, insutype, level)
      await hub.catalogue.putPolicy({ ...of, from: businessDate('2026-01-01'), terms })
    }
  }
}

type Level = WorldHospital['level']

const textOf = (level: Level) => String(level) as '1' | '2' | '3'

function termsOf({ schemes }: Policy, insutype: '310' | '390', level: Level): PolicyTerms {
  const { deductibleFen, bands, poolCapFen } = schemes[insutype]
  return {
    deductible: { per: 'year', firstFen: deductibleFen, laterFen: deductibleFen },
    segments: segmentsOf(bands, level),
    capFen: poolCapFen,
    largeSum: null,
    accountPays: ['own', 'over_limit', 'first_share', 'in_scope'],
  }
}

/** A band says where it ends, a segment where it begins. */
const segmentsOf = (bands: SchemePolicy['bands'], level: Level): PolicyTerms['segments'] =>
  bands.map(({ active, retired }, i) => ({
    fromFen: bands[i - 1]?.upToFen ?? fen(0),
    sharePpm: { employed: active[level], retired: retired[level], resident: active[level] },
  }))
