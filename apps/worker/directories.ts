import type { HospitalId } from '../../kernel/id.ts'
import { addMs, type Clock, DAY_MS, HOUR_MS } from '../../kernel/time.ts'
import { areaOf, NO_DETAIL } from '../../modules/registry/index.ts'
import type { Hub } from '../hub/create-hub.ts'

const EVERY_MS = HOUR_MS
const KINDS = ['hospital', 'pharmacy'] as const

/**
 * Keeps the lists of designated institutions at what the insurance centres say. To be called as often as one likes: it looks
 * once an hour, and each list is asked for once a day. A region whose list is longer than the centre can answer is left to its
 * published list.
 */
export function createDirectories(
  { registry, insurance, connections, hospitals }: Hospitals,
  { clock }: { clock: Clock },
  onError: (error: unknown) => void = () => undefined,
) {
  let workedAt: Date | null = null
  /** When each list was last asked for by this process, whatever came of it. */
  const askedAt = new Map<string, Date>()
  return { workOff }

  /** Returns how many lists came. */
  async function workOff(): Promise<number> {
    const now = clock.now()
    if (workedAt && now < addMs(workedAt, EVERY_MS)) return 0
    workedAt = now
    let done = 0
    for (const { id } of await hospitals.list()) {
      for (const kind of KINDS) {
        try {
          done += await read(id, kind)
        } catch (error) {
          onError(error)
        }
      }
    }
    return done
  }

  async function read(hospitalId: HospitalId, kind: (typeof KINDS)[number]): Promise<number> {
    const region = (await connections.insurance.of(hospitalId))?.admdvs
    if (region === undefined) return 0
    const asOf = clock.now()
    const latest = await registry.latestEdition(region, kind)
    const list = `${region} ${kind}`
    const lastAt = [latest?.loadedAt, askedAt.get(list)].filter((at) => at !== undefined)
    if (lastAt.some((at) => at > addMs(asOf, -DAY_MS))) return 0
    askedAt.set(list, asOf)
    const reading = await insurance.readDirectory(hospitalId, kind, () => undefined)
    if (reading.outcome === 'unread') {
      onError(new Error(`hospital ${hospitalId}: the ${kind} list was not read: ${reading.reason}`))
    }
    // A region that has designated none, and a centre that does not say: neither ends what is known.
    if (reading.outcome !== 'read' || reading.institutions.length === 0) return 0
    const institutions = reading.institutions.map(({ code, name, level }) => ({
      code,
      name,
      area: areaOf(code, region),
      level,
      ...NO_DETAIL,
    }))
    await registry.loadList({ region, kind, source: 'centre', asOf, institutions })
    return 1
  }
}

type Hospitals = {
  registry: Pick<Hub['registry'], 'latestEdition' | 'loadList'>
  insurance: Pick<Hub['insurance'], 'readDirectory'>
  connections: { insurance: { of(id: HospitalId): Promise<{ admdvs: string } | null> } }
  hospitals: { list(): Promise<readonly { id: HospitalId }[]> }
}
