import { addMs, type BusinessDate, businessDateOf, DAY_MS } from '../../kernel/time.ts'
import type { FilingCentre, TransferFiling } from './centre/filing.ts'
import type { Filing } from './claim.ts'
import type {
  CentreAnswer,
  CentreCall,
  InsuranceCentre,
  PersonInsurance,
} from './insurance-centre.ts'

// Pure: by which insurance and which area a person is covered.

// 310 职工基本医疗 pays more than 390 城乡居民; others only where neither is in force.
const PREFERRED_INSUTYPES = ['310', '390']

/**
 * The insurance that a bill is put to. Somebody whose insurance is in force in two areas is told so: which of them is to
 * pay is for the areas to settle, and a settlement by the wrong one would be taken back.
 */
export function chooseInsurance(
  insurances: readonly PersonInsurance[],
): PersonInsurance | { code: 'suspended' | 'not_insured' | 'two_areas'; reason: string } {
  const active = insurances.filter((insurance) => insurance.active)
  const [first, ...others] = active
  if (!first) {
    return insurances.length > 0
      ? { code: 'suspended', reason: 'no insurance of the person is in force' }
      : { code: 'not_insured', reason: 'the centre knows no insurance of the person' }
  }
  if (others.some(({ insuredRegion }) => !isSamePool(insuredRegion, first.insuredRegion))) {
    return { code: 'two_areas', reason: 'the person is insured in two areas' }
  }
  const preferred = PREFERRED_INSUTYPES.flatMap((insutype) =>
    active.filter((insurance) => insurance.insutype === insutype),
  )
  return preferred[0] ?? first
}

/** 北京, 天津, 上海, 重庆: one pool for the whole of it. */
const MUNICIPALITIES = new Set(['11', '12', '31', '50'])

/** Whether two area codes are of one pool 统筹区: the same city, whatever its district. */
export function isSamePool(a: string, b: string): boolean {
  const poolOf = (region: string) => region.slice(0, MUNICIPALITIES.has(region.slice(0, 2)) ? 2 : 4)
  return poolOf(a) === poolOf(b)
}

/** The filing for care here that is in force on a day, that of this institution before one of the area. */
function filingFor(
  filings: readonly TransferFiling[],
  { centre, on }: { centre: Pick<InsuranceCentre, 'admdvs' | 'fixmedinsCode'>; on: BusinessDate },
): Filing | null {
  const standing = filings.filter(
    ({ from, to, toRegion, toFixmedinsCode }) =>
      from <= on &&
      (to === null || on <= to) &&
      (toRegion === null
        ? toFixmedinsCode === centre.fixmedinsCode
        : isSamePool(toRegion, centre.admdvs)),
  )
  const own = standing.find(({ toFixmedinsCode }) => toFixmedinsCode === centre.fixmedinsCode)
  const found = own ?? standing[0]
  return found ? { no: found.filingNo, kind: found.kind, from: found.from, to: found.to } : null
}

/** Long-term filings are made once and stand for years. */
const LOOKED_BACK_MS = 5 * 366 * DAY_MS

/** 5304: the filing by which somebody is settled here; 'local' for who needs none, null for who has none. */
export async function askFiling(
  centre: Pick<InsuranceCentre, 'admdvs' | 'fixmedinsCode'> & Pick<FilingCentre, 'transferFilings'>,
  nextCall: () => Promise<CentreCall>,
  { psnNo, insuredRegion, now }: { psnNo: string; insuredRegion: string; now: Date },
): Promise<CentreAnswer<Filing | 'local' | null>> {
  if (isSamePool(insuredRegion, centre.admdvs)) return { outcome: 'ok', data: 'local' }
  const from = addMs(now, -LOOKED_BACK_MS)
  const answer = await centre.transferFilings(await nextCall(), { psnNo, from, to: now })
  return answer.outcome === 'ok'
    ? { outcome: 'ok', data: filingFor(answer.data, { centre, on: businessDateOf(now) }) }
    : answer
}
