import type { HospitalId, Id } from '../../../kernel/id.ts'
import { addMs, businessDateOf, DAY_MS } from '../../../kernel/time.ts'
import { inHospital } from '../../../platform/db.ts'
import { credentialsOf } from '../claim-work.ts'
import { chooseInsurance } from '../insured-area.ts'
import { callsOf, type Caller, type NationalDependencies } from '../national.ts'
import { putStanding, standingOf, type YearStanding } from './store.ts'

/** As long as nothing is settled, a year does not move. Somebody may have been treated elsewhere, though. */
const FRESH_MS = DAY_MS

export function createYearStanding(deps: NationalDependencies) {
  const { db, clock } = deps
  return { knownStanding, askStanding, standingFor }

  /** What was last said; null for a person of whom nothing was, or only of another year. */
  async function knownStanding(
    hospitalId: HospitalId,
    personId: Id<'Person'>,
  ): Promise<YearStanding | null> {
    const known = await inHospital(db, hospitalId, (tx) => standingOf(tx, hospitalId, personId))
    return known?.year === businessDateOf(clock.now()).slice(0, 4) ? known : null
  }

  /** 1101 and 5206, kept with its moment; null where the centre does not say, whatever the reason. */
  async function askStanding(caller: Caller, personId: Id<'Person'>): Promise<YearStanding | null> {
    const { hospitalId } = caller
    const centre = await deps.nationalOf(hospitalId)
    const [credential] = centre ? await credentialsOf(deps.insuredPerson, personId) : []
    if (!centre || !credential) return null
    const nextCall = callsOf(deps, centre, caller)
    const person = await centre.person(await nextCall(), credential)
    if (person.outcome !== 'ok') return null
    const { psnNo, insurances } = person.data
    const chosen = chooseInsurance(insurances)
    if ('code' in chosen) return null
    const region = chosen.insuredRegion
    const counted = await centre.accumulations(await nextCall(region), { psnNo, month: null })
    if (counted.outcome !== 'ok') return null
    const now = clock.now()
    const year = businessDateOf(now).slice(0, 4)
    const rows = counted.data.filter((one) => one.insutype === chosen.insutype && one.year === year)
    const standing: YearStanding = {
      psnNo,
      insutype: chosen.insutype,
      region,
      personType: chosen.personType ?? null,
      balanceFen: chosen.balanceFen,
      accumulated: Object.fromEntries(rows.map(({ kind, amount }) => [kind, amount])),
      year,
      saidAt: now,
    }
    await inHospital(db, hospitalId, (tx) => putStanding(tx, hospitalId, personId, standing))
    return standing
  }

  /** What is known where it is of the last day; else the insurer is asked, and what is known stands in where it is silent. */
  async function standingFor(caller: Caller, personId: Id<'Person'>): Promise<YearStanding | null> {
    const known = await knownStanding(caller.hospitalId, personId)
    if (known && clock.now() < addMs(known.saidAt, FRESH_MS)) return known
    return (await askStanding(caller, personId)) ?? known
  }
}
