import { createHash } from 'node:crypto'

import { AppError } from '../../kernel/error.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { addMs, type Clock, MINUTE_MS } from '../../kernel/time.ts'
import type { BillLine } from './explain.ts'
import type { ItemRow } from './item-store.ts'
import type { HospitalItem } from './match.ts'

/** Digests kept in mind, over all hospitals: about 10 MB, and a few years of a region’s items. */
const MOST_KNOWN = 100_000
/** A hospital without a catalogue is not asked about with every bill. */
const ASKED_AGAIN_MS = 5 * MINUTE_MS

/**
 * Learns a hospital's items from the bills that arrive. Bills come all day with the same items: one that this process has
 * seen as it is costs nothing, and one that is new or called otherwise is matched. A hospital for which nobody set a
 * catalogue, or whose catalogue has not come, is left alone.
 */
export function createLearning(
  { clock }: { clock: Clock },
  learnItems: (hospitalId: HospitalId, items: readonly HospitalItem[]) => Promise<ItemRow[]>,
) {
  const known = new Set<string>()
  const notBefore = new Map<HospitalId, Date>()
  return { learnLines }

  /** Returns how many items were new or not as they were. Errors: whatever the database throws. */
  async function learnLines(hospitalId: HospitalId, lines: readonly BillLine[]): Promise<number> {
    const later = notBefore.get(hospitalId)
    if (later && clock.now() < later) return 0
    const digests = new Map<string, HospitalItem>()
    for (const line of lines) {
      const item = itemOf(line)
      const digest = digestOf(hospitalId, item)
      if (!known.has(digest)) digests.set(digest, item)
    }
    if (digests.size === 0) return 0
    try {
      await learnItems(hospitalId, [...digests.values()])
    } catch (error) {
      if (!isNotReady(error)) throw error
      notBefore.set(hospitalId, addMs(clock.now(), ASKED_AGAIN_MS))
      return 0
    }
    for (const digest of digests.keys()) known.add(digest)
    forgetOldest()
    return digests.size
  }

  function forgetOldest(): void {
    for (const digest of known) {
      if (known.size <= MOST_KNOWN) return
      known.delete(digest)
    }
  }
}

const NOT_READY = new Set(['catalogue.hospital_not_set', 'catalogue.version_not_found'])

/** Nobody has set the hospital's catalogue, or it has not come yet: nothing is wrong. */
export const isNotReady = (error: unknown): boolean =>
  error instanceof AppError && NOT_READY.has(error.code)

const itemOf = (line: BillLine): HospitalItem => ({
  code: line.code,
  name: line.name,
  spec: line.spec,
  unit: line.unit,
  unitPriceFen: line.unitPriceFen,
  chargeCategory: line.chargeCategory,
  nationalCode: line.nationalCode,
})

const digestOf = (hospitalId: HospitalId, item: HospitalItem): string =>
  createHash('sha256')
    .update(JSON.stringify([hospitalId, Object.values(item)]))
    .digest('base64')
