import { AppError } from '../../kernel/error.ts'
import type { HospitalId, NewId } from '../../kernel/id.ts'
import {
  addDays,
  addMs,
  businessDate,
  businessDateOf,
  type Clock,
  HOUR_MS,
} from '../../kernel/time.ts'
import type { Db } from '../../platform/db.ts'
import type { Hub } from '../hub/create-hub.ts'
import { createCatalogues } from './catalogue.ts'

const EVERY_MS = HOUR_MS
/** From this day on a month's list of the national platform is whole. */
const CLEARED_FROM_DAY = 3

/** What is due at the insurance centres apart from payments: their catalogues, and the clearing of the month before. */
export function createCentres(
  hub: Centres,
  platform: { db: Db; clock: Clock; newId: NewId },
  onError: (error: unknown) => void = () => undefined,
) {
  const catalogues = createCatalogues(hub, platform, onError)
  const cleared = new Map<HospitalId, string>()
  let workedAt: Date | null = null
  return { workOff: async () => (await catalogues.workOff()) + (await clearMonths()) }

  /** Once an hour, until the month of each hospital is confirmed. Returns how many were. */
  async function clearMonths(): Promise<number> {
    const now = platform.clock.now()
    if (workedAt && now < addMs(workedAt, EVERY_MS)) return 0
    workedAt = now
    const month = monthToClear(now)
    if (month === null) return 0
    let done = 0
    for (const { id } of await hub.hospitals.list()) {
      if (cleared.get(id) !== month) done += await clear(id, month)
    }
    return done
  }

  async function clear(hospitalId: HospitalId, month: string): Promise<number> {
    try {
      const caller = { hospitalId, trace: () => undefined }
      const record = await hub.insurance.clearMonth(caller, month)
      if (record === 'busy' || record.status !== 'confirmed') return 0
      cleared.set(hospitalId, month)
      return 1
    } catch (error) {
      const isWithout = error instanceof AppError && error.code === 'insurance.not_connected'
      if (!isWithout) onError(error)
      return 0
    }
  }
}

/** The month before, once its list is whole; null before that day. */
export function monthToClear(now: Date): string | null {
  const today = businessDateOf(now)
  if (Number(today.slice(8)) < CLEARED_FROM_DAY) return null
  return addDays(businessDate(`${today.slice(0, 7)}-01`), -1).slice(0, 7)
}

type Centres = Pick<Hub, 'catalogue'> & {
  insurance: Pick<Hub['insurance'], 'readCatalogue' | 'clearMonth'>
  hospitals: { list(): Promise<readonly { id: HospitalId }[]> }
}
