import type { HospitalId, NewId } from '../../../kernel/id.ts'
import { type Clock, SECOND_MS } from '../../../kernel/time.ts'
import { type Audit, createAudit } from '../../../platform/audit.ts'
import { type Db, inHospital, type Tx } from '../../../platform/db.ts'
import type { Actor } from '../../../platform/principal.ts'
import { hospitalErrors } from '../errors.ts'
import { listDepartments } from '../store.ts'
import { addRollout, listRollouts, newestRollout } from './rollout-store.ts'
import type { Rollout, RolloutTerms, Scene } from './terms.ts'

export type Rollouts = ReturnType<typeof createRollouts>

// How long a change may go unnoticed by a process that asks.
const RECHECK_MS = 5 * SECOND_MS

/** Switches departments and scenes of a hospital on, step by step, and back again. */
export function createRollouts({ db, clock, newId }: { db: Db; clock: Clock; newId: NewId }) {
  const audit = createAudit({ clock, newId })
  const remembered = createRemembered(clock, newest)
  return { isOn, list, version, check, change, forget: remembered.forget }

  /** Whether a scene is on there. `departmentCode` is null for what belongs to none. Everything is, without a rollout. */
  async function isOn(
    hospitalId: HospitalId,
    scene: Scene,
    departmentCode: string | null,
  ): Promise<boolean> {
    const rollout = await remembered.of(hospitalId)
    return rollout === null || covers(rollout, scene, departmentCode)
  }

  function newest(hospitalId: HospitalId): Promise<Rollout | null> {
    return inHospital(db, hospitalId, (tx) => newestRollout(tx, hospitalId))
  }

  /** All there were, newest first, a hundred at most. */
  function list(hospitalId: HospitalId): Promise<Rollout[]> {
    return inHospital(db, hospitalId, (tx) => listRollouts(tx, hospitalId))
  }

  /** Errors: throws hospitals.rollout_not_found. */
  async function version(hospitalId: HospitalId, wanted: number): Promise<Rollout> {
    const found = (await list(hospitalId)).find((one) => one.version === wanted)
    if (!found) throw hospitalErrors.rollout_not_found({ version: wanted })
    return found
  }

  /** Errors: throws hospitals.rollout_overtaken, department_not_listed, as change would. */
  function check(hospitalId: HospitalId, terms: RolloutTerms, after: number): Promise<void> {
    return inHospital(db, hospitalId, (tx) => mustFit(tx, hospitalId, { ...terms, after }))
  }

  /**
   * Adds a version after `after` (0 before the first). Errors: hospitals.rollout_overtaken when another came in between;
   * hospitals.department_not_listed for a code that the hospital does not list.
   */
  async function change(
    hospitalId: HospitalId,
    terms: RolloutTerms,
    after: number,
    actor: Actor,
  ): Promise<Rollout> {
    const wish = { ...terms, after }
    const rollout = await inHospital(db, hospitalId, (tx) =>
      changeIn({ clock, audit }, tx, hospitalId, wish, actor),
    )
    remembered.forget(hospitalId)
    return rollout
  }
}

/** As Rollouts.change, within a transaction of the hospital; `forget` is called after it. */
export async function changeIn(
  { clock, audit }: { clock: Clock; audit: Audit },
  tx: Tx,
  hospitalId: HospitalId,
  { stage, scenes, departments, note, after }: RolloutTerms & { after: number },
  actor: Actor,
): Promise<Rollout> {
  const terms = { stage, scenes, departments, note }
  await mustFit(tx, hospitalId, { ...terms, after })
  const rollout = { ...terms, version: after + 1, actor: actor.name, at: clock.now() }
  if (!(await addRollout(tx, hospitalId, rollout))) {
    throw hospitalErrors.rollout_overtaken({ after })
  }
  await audit(tx, hospitalId, actor, {
    action: 'hospitals.change_rollout',
    subject: `hospital:${hospitalId}`,
    detail: {
      version: rollout.version,
      stage,
      scenes: scenes.join(' '),
      departments: departments?.join(' ') ?? null,
    },
  })
  return rollout
}

async function mustFit(
  tx: Tx,
  hospitalId: HospitalId,
  { departments, after }: RolloutTerms & { after: number },
): Promise<void> {
  const listed = new Set((await listDepartments(tx, hospitalId)).map(({ code }) => code))
  const strange = departments?.find((code) => !listed.has(code))
  if (strange !== undefined) throw hospitalErrors.department_not_listed({ code: strange })
  const last = await newestRollout(tx, hospitalId)
  if ((last?.version ?? 0) !== after) throw hospitalErrors.rollout_overtaken({ after })
}

const covers = ({ scenes, departments }: Rollout, scene: Scene, departmentCode: string | null) =>
  scenes.includes(scene) &&
  (departments === null || (departmentCode !== null && departments.includes(departmentCode)))

/** The newest of each hospital, asked for anew after five seconds. */
function createRemembered(clock: Clock, ask: (hospitalId: HospitalId) => Promise<Rollout | null>) {
  const known = new Map<HospitalId, { rollout: Rollout | null; checkedAt: Date }>()
  return { of, forget: (hospitalId: HospitalId) => void known.delete(hospitalId) }

  async function of(hospitalId: HospitalId): Promise<Rollout | null> {
    const now = clock.now()
    const last = known.get(hospitalId)
    const ageMs = last ? now.getTime() - last.checkedAt.getTime() : RECHECK_MS
    // A clock that was set back must not keep an old answer for as long as it was set back by.
    if (last && ageMs >= 0 && ageMs < RECHECK_MS) return last.rollout
    const rollout = await ask(hospitalId)
    known.set(hospitalId, { rollout, checkedAt: now })
    return rollout
  }
}
