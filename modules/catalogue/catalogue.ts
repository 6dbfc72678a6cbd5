import type { HospitalId, NewId } from '../../kernel/id.ts'
import { type BusinessDate, businessDateOf, type Clock } from '../../kernel/time.ts'
import type { Audit } from '../../platform/audit.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { isInForce } from './entry.ts'
import { catalogueErrors } from './errors.ts'
import { createEstimating, type Ground } from './estimating.ts'
import { createIndexes } from './indexes.ts'
import {
  decisionsOf,
  insertDecision,
  type ItemRow,
  lockItem,
  lockOutdated,
  putItems,
  putSetting,
  type Setting,
  settingOf,
} from './item-store.ts'
import { loadVersion, type VersionSource } from './load.ts'
import type { HospitalItem, MatchRules } from './match.ts'
import { putPolicy } from './policy-store.ts'
import { brokenTerm, type Policy } from './policy.ts'
import { standingOf } from './standing.ts'

export type Catalogue = ReturnType<typeof createCatalogue>

export type Dependencies = { db: Db; clock: Clock; newId: NewId; audit: Audit }

const MOST_ITEMS = 2_000
const REMATCH_BATCH = 200

/** The national medical insurance catalogue, what a hospital's items are in it, and estimates of what is covered. */
export function createCatalogue(deps: Dependencies) {
  const { db, clock, newId, audit } = deps
  const indexOn = createIndexes(db)
  return {
    loadVersion: (source: VersionSource) => loadVersion(deps, source),
    groundOf,
    setHospital,
    putPolicy: addPolicy,
    learnItems,
    rematch,
    decide,
    ...createEstimating(deps, groundOf),
  }

  /** Errors: throws catalogue.hospital_not_set, and version_not_found before the first version is in force. */
  async function groundOf(
    hospitalId: HospitalId,
    on: BusinessDate = businessDateOf(clock.now()),
  ): Promise<Ground> {
    const setting = await inHospital(db, hospitalId, (tx) => settingOf(tx, hospitalId))
    if (!setting) throw catalogueErrors.hospital_not_set({ hospitalId })
    const ready = await indexOn(setting.region, on)
    if (!ready) throw catalogueErrors.version_not_found({ region: setting.region, on })
    return { setting, ...ready, on }
  }

  async function setHospital(hospitalId: HospitalId, setting: Setting, actor: Actor) {
    await inHospital(db, hospitalId, async (tx) => {
      await putSetting(tx, hospitalId, setting, clock.now())
      const detail = { ...setting }
      await audit(tx, hospitalId, actor, {
        action: 'catalogue.set_hospital',
        subject: `hospital:${hospitalId}`,
        detail,
      })
    })
  }

  /** Errors: throws catalogue.policy_invalid for terms that make no sense. */
  async function addPolicy(policy: Policy): Promise<void> {
    const broken = brokenTerm(policy.terms)
    if (broken) throw catalogueErrors.policy_invalid({ rule: broken })
    await putPolicy(db, policy, clock.now())
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

  /**
   * Staff say what an item is; null for none of the catalogue. A later decision takes the place of an earlier one.
   * Errors: throws catalogue.item_not_found, and entry_not_found for an entry that is not in force.
   */
  async function decide(
    hospitalId: HospitalId,
    { itemCode, entryCode }: { itemCode: string; entryCode: string | null },
    actor: Actor,
  ): Promise<ItemRow> {
    const { setting, version, index, on } = await groundOf(hospitalId)
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
        detail: { entryCode },
      })
      return { item, standing }
    })
  }
}
