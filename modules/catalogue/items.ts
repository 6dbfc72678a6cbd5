import type { HospitalId, NewId } from '../../kernel/id.ts'
import { businessDateOf, type Clock } from '../../kernel/time.ts'
import type { Audit } from '../../platform/audit.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { isInForce } from './entry.ts'
import { catalogueErrors } from './errors.ts'
import type { Ground } from './estimating.ts'
import {
  decisionsOf,
  hasOutdated,
  insertDecision,
  type ItemRow,
  lockItem,
  lockOutdated,
  putItems,
  settingOf,
} from './item-store.ts'
import type { HospitalItem, MatchRules } from './match.ts'
import { standingOf } from './standing.ts'
import { versionOn } from './version-store.ts'

type Dependencies = { db: Db; clock: Clock; newId: NewId; audit: Audit }

const MOST_ITEMS = 2_000
const REMATCH_BATCH = 200

/** What a hospital's items are in the catalogue: matched, decided by staff, and placed anew when a version comes. */
export function createItems(
  deps: Dependencies,
  groundOf: (hospitalId: HospitalId) => Promise<Ground>,
) {
  const { db, clock } = deps
  return {
    learnItems,
    rematch,
    decide: async (hospitalId: HospitalId, choice: Choice, actor: Actor) =>
      decide(deps, await groundOf(hospitalId), { hospitalId, ...choice }, actor),
  }

  /**
   * Adds items of a hospital, or describes them anew, and says what each is in the catalogue. Safe to repeat.
   * Errors: throws catalogue.too_many_items for more than 2,000 at once; of two with one code the latter counts.
   */
  async function learnItems(
    hospitalId: HospitalId,
    items: readonly HospitalItem[],
  ): Promise<ItemRow[]> {
    if (items.length > MOST_ITEMS) throw catalogueErrors.too_many_items({ most: MOST_ITEMS })
    const ground = await groundOf(hospitalId)
    const once = [...new Map(items.map((item) => [item.code, item])).values()]
    // In one order for all, so that two who bring the same items do not wait for each other.
    const sorted = once.toSorted((a, b) => (a.code < b.code ? -1 : 1))
    return place(hospitalId, ground, async () => sorted)
  }

  /**
   * Says anew what items are after a version or a setting has changed; decisions hold where they can. In small transactions,
   * and to be called again at any point. Answers how many were looked at.
   */
  async function rematch(hospitalId: HospitalId): Promise<number> {
    if (!(await isOutdated(deps, hospitalId))) return 0
    const ground = await groundOf(hospitalId)
    const { region, seq } = ground.version
    for (let count = 0; ;) {
      const placed = await place(hospitalId, ground, async (tx) => {
        const rows = await lockOutdated(tx, hospitalId, { region, seq }, REMATCH_BATCH)
        return rows.map(({ item }) => item)
      })
      count += placed.length
      if (placed.length < REMATCH_BATCH) return count
    }
  }

  function place(
    hospitalId: HospitalId,
    { setting, version, index, on }: Ground,
    itemsIn: (tx: Parameters<typeof putItems>[0]) => Promise<readonly HospitalItem[]>,
  ): Promise<ItemRow[]> {
    const rules: MatchRules = { level: setting.level, acceptFrom: setting.acceptFrom, on }
    return inHospital(db, hospitalId, async (tx) => {
      const items = await itemsIn(tx)
      const codes = items.map(({ code }) => code)
      const decisions = await decisionsOf(tx, hospitalId, codes)
      const rows = items.map((item) => ({
        item,
        standing: standingOf(index, item, decisions.get(item.code) ?? null, rules),
      }))
      const { region, seq } = version
      await putItems(tx, hospitalId, rows, { region, seq, now: clock.now() })
      return rows
    })
  }
}

/** Asked often, and then mostly without the catalogue in memory. */
async function isOutdated({ db, clock }: Dependencies, hospitalId: HospitalId): Promise<boolean> {
  const setting = await inHospital(db, hospitalId, (tx) => settingOf(tx, hospitalId))
  if (!setting) return false
  const version = await versionOn(db, setting.region, businessDateOf(clock.now()))
  return (
    version !== null &&
    (await inHospital(db, hospitalId, (tx) => hasOutdated(tx, hospitalId, version)))
  )
}

/** A null entry: none of the catalogue. The reason is kept with the audit. */
type Choice = { itemCode: string; entryCode: string | null; reason?: string }

/**
 * Staff say what an item is; null for none of the catalogue. A later decision takes the place of an earlier one.
 * Errors: throws catalogue.item_not_found, and entry_not_found for an entry that is not in force.
 */
async function decide(
  { db, clock, newId, audit }: Dependencies,
  { setting, version, index, on }: Ground,
  { hospitalId, itemCode, entryCode, reason }: Choice & { hospitalId: HospitalId },
  actor: Actor,
): Promise<ItemRow> {
  const chosen = entryCode === null ? null : index.byCode(entryCode)
  if (entryCode !== null && !(chosen && isInForce(chosen.entry, on))) {
    throw catalogueErrors.entry_not_found({ entryCode })
  }
  return inHospital(db, hospitalId, async (tx) => {
    const found = await lockItem(tx, hospitalId, itemCode)
    if (!found) throw catalogueErrors.item_not_found({ itemCode })
    const { item } = found
    const now = clock.now()
    const decision = { entryCode, itemName: item.name, itemSpec: item.spec }
    await insertDecision(tx, hospitalId, {
      ...decision,
      id: newId(),
      itemCode,
      decidedBy: actor.name,
      decidedAt: now,
    })
    const standing = standingOf(index, item, decision, { ...setting, on })
    const { region, seq } = version
    await putItems(tx, hospitalId, [{ item, standing }], { region, seq, now })
    await audit(tx, hospitalId, actor, {
      action: 'catalogue.decide',
      subject: `item:${itemCode}`,
      detail: { entryCode, ...(reason === undefined ? {} : { reason }) },
    })
    return { item, standing }
  })
}
