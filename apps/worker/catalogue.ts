import type { HospitalId, NewId } from '../../kernel/id.ts'
import { addMs, type Clock, MINUTE_MS } from '../../kernel/time.ts'
import { isNotReady } from '../../modules/catalogue/index.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import { type Exchange, saveExchanges } from '../../platform/exchange.ts'
import type { Hub } from '../hub/create-hub.ts'

const EVERY_MS = 5 * MINUTE_MS

/**
 * Keeps the catalogues of the regions at what their insurance centres publish, and what hospitals' items are in them. To be
 * called as often as one likes: it looks every five minutes by the clock, and a centre is asked every six hours. A hospital
 * for which nobody set a catalogue is left alone. Whoever fails has their turn again at the next look.
 */
export function createCatalogues(
  { catalogue, insurance, hospitals }: Hospitals,
  platform: { db: Db; clock: Clock; newId: NewId },
  onError: (error: unknown) => void = () => undefined,
) {
  let workedAt: Date | null = null
  return { workOff }

  /** Returns how many versions came and items were placed anew. */
  async function workOff(): Promise<number> {
    const now = platform.clock.now()
    if (workedAt && now < addMs(workedAt, EVERY_MS)) return 0
    workedAt = now
    const all = await hospitals.list()
    let done = 0
    for (const { id } of all) done += await safely(() => readVersion(id))
    for (const { id } of all) done += await safely(() => rematch(id))
    return done
  }

  async function readVersion(hospitalId: HospitalId): Promise<number> {
    if (!(await catalogue.settingOf(hospitalId))) return 0
    const exchanges: Exchange[] = []
    const reading = await insurance.readCatalogue(hospitalId, (one) => void exchanges.push(one))
    if (reading.outcome === 'unfinished') {
      await keep(hospitalId, exchanges.slice(-MOST_KEPT))
      onError(new Error(`hospital ${hospitalId}: the catalogue stopped at ${reading.reason}`))
    }
    if (reading.outcome !== 'changed') return 0
    await catalogue.loadVersion(reading.source)
    await reading.published()
    return 1
  }

  async function rematch(hospitalId: HospitalId): Promise<number> {
    try {
      return await catalogue.rematch(hospitalId)
    } catch (error) {
      if (isNotReady(error)) return 0
      throw error
    }
  }

  /** What was said before a list did not come, for whoever looks into it; of one that came nobody asks. */
  async function keep(hospitalId: HospitalId, exchanges: readonly Exchange[]): Promise<void> {
    const { db, newId } = platform
    await inHospital(db, hospitalId, (tx) =>
      saveExchanges(tx, newId, hospitalId, `hospital:${hospitalId}`, exchanges),
    )
  }

  function safely(work: () => Promise<number>): Promise<number> {
    return work().catch((error: unknown) => {
      onError(error)
      return 0
    })
  }
}

const MOST_KEPT = 5

type Hospitals = {
  catalogue: Pick<Hub['catalogue'], 'settingOf' | 'loadVersion' | 'rematch'>
  insurance: Pick<Hub['insurance'], 'readCatalogue'>
  hospitals: { list(): Promise<readonly { id: HospitalId }[]> }
}
