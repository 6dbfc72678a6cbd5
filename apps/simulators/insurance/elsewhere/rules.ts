import { type BusinessDate, businessDateOf } from '../../../../kernel/time.ts'
import type { AreaRules, Call, Centre, Member } from '../centre.ts'
import { defaultStays } from '../inpatient/policy.ts'
import { type Band, defaultPolicy, type Policy, type Scheme } from '../policy.ts'

/** Whether a person is treated in an area that is not the one they are insured in. */
export const isFromElsewhere = (centre: Centre, { insurance }: Member): boolean =>
  insurance.admdvs !== centre.admdvs

/** The policy by which a bill is settled: the list of here, the rules of where one is insured. */
export function rulesFor(
  centre: Centre,
  call: Call,
  { member, medType }: { member: Member; medType: string },
): Policy {
  const { fundIncludesAccount } = call.hospital.profile
  if (!isFromElsewhere(centre, member)) return inProvince(centre.policy)
  const area = centre.areas.get(member.insurance.admdvs) ?? OTHER_AREA
  const isEmergency = medType === EMERGENCY
  const filed = isEmergency || isFiled(centre, member.insurance.personNo, businessDateOf(call.at))
  return inProvince(filed ? area.policy : reduced(area))

  function inProvince(policy: Policy): Policy {
    return {
      ...policy,
      fundIncludesAccount: fundIncludesAccount ?? centre.policy.fundIncludesAccount,
    }
  }
}

/** By a filing made at home, or one made here by 2501 for this area. */
export function isFiled(centre: Centre, personNo: string, date: BusinessDate): boolean {
  const atHome = centre.homeFilings.some(
    (one) => one.personNo === personNo && one.from <= date && (one.to === null || date <= one.to),
  )
  if (atHome) return true
  const row = centre.store.get(
    `select 1 from filing where psn_no = ? and kind = '2501' and cancelled = 0
       and area = ? and begndate <= ? and (enddate is null or enddate >= ?) limit 1`,
    [personNo, centre.admdvs, date, date],
  )
  return row !== null
}

function reduced({ policy, unfiledPpm }: AreaRules): Policy {
  const lower = (ratios: Band['active']) => ({
    1: share(ratios[1]),
    2: share(ratios[2]),
    3: share(ratios[3]),
  })
  const lowerBands = (bands: readonly Band[]) =>
    bands.map((band) => ({ ...band, active: lower(band.active), retired: lower(band.retired) }))
  const perScheme = <T extends { bands: readonly Band[] }>(of: Record<Scheme, T>) => ({
    '310': { ...of['310'], bands: lowerBands(of['310'].bands) },
    '390': { ...of['390'], bands: lowerBands(of['390'].bands) },
  })
  return {
    ...policy,
    schemes: perScheme(policy.schemes),
    stays: perScheme(policy.stays ?? defaultStays),
  }

  function share(ratioPpm: number): number {
    return Math.trunc((ratioPpm * unfiledPpm) / 1_000_000)
  }
}

const EMERGENCY = '13'

/** Of an area about which nothing was told. */
const OTHER_AREA: AreaRules = { policy: defaultPolicy, unfiledPpm: 800_000 }
