import type { HospitalId, NewId } from '../../kernel/id.ts'
import { type BusinessDate, businessDateOf, type Clock } from '../../kernel/time.ts'
import type { Audit } from '../../platform/audit.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { catalogueErrors } from './errors.ts'
import { createEstimating, type Ground } from './estimating.ts'
import { createIndexes } from './indexes.ts'
import { putSetting, type Setting, settingOf } from './item-store.ts'
import { createItems } from './items.ts'
import { createLearning } from './learning.ts'
import { loadVersion, type VersionSource } from './load.ts'
import { policiesOf, putPolicy } from './policy-store.ts'
import { brokenTerm, type Policy } from './policy.ts'

export type Catalogue = ReturnType<typeof createCatalogue>

export type Dependencies = { db: Db; clock: Clock; newId: NewId; audit: Audit }

/** Which hospital's staff put a policy; without it, whoever sets up the hub. */
type Putting = { hospitalId: HospitalId; actor: Actor }

/** The national medical insurance catalogue, what a hospital's items are in it, and estimates of what is covered. */
export function createCatalogue(deps: Dependencies) {
  const { db, clock, audit } = deps
  const indexOn = createIndexes(db)
  const items = createItems(deps, groundOf)
  return {
    loadVersion: (source: VersionSource) => loadVersion(deps, source),
    groundOf,
    setHospital,
    settingOf: (hospitalId: HospitalId) =>
      inHospital(db, hospitalId, (tx) => settingOf(tx, hospitalId)),
    putPolicy: addPolicy,
    policiesOf: (region: string) => policiesOf(db, region),
    ...items,
    ...createLearning(deps, items.learnItems),
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
  async function addPolicy(policy: Policy, by?: Putting): Promise<void> {
    const broken = brokenTerm(policy.terms)
    if (broken) throw catalogueErrors.policy_invalid({ rule: broken })
    if (!by) return putPolicy(db, policy, clock.now())
    const { hospitalId, actor } = by
    await inHospital(db, hospitalId, async (tx) => {
      await putPolicy(tx, policy, clock.now())
      const { terms, ...key } = policy
      await audit(tx, hospitalId, actor, {
        action: 'catalogue.put_policy',
        subject: `policy:${key.region}`,
        detail: { ...key, terms: JSON.stringify(terms) },
      })
    })
  }
}
