import type { HospitalId } from '../../kernel/id.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import type { BenefitsDependencies } from './dependencies.ts'
import { benefitErrors } from './errors.ts'
import {
  budgetsOf,
  type Budget,
  decideProgramme,
  endProgramme,
  findProgramme,
  insertProgramme,
  listProgrammes,
  lockProgramme,
  type ProgrammeFilter,
  type RecordedProgramme,
} from './programme-store.ts'
import { problemsOf, type Programme, type ProgrammeId } from './programme.ts'

export type ProgrammeKey = { hospitalId: HospitalId; programmeId: ProgrammeId }

export type ProgrammeWithBudget = { programme: RecordedProgramme; budget: Budget | null }

/** Programmes and their budgets: what a hospital's finance does with them. */
export const createProgrammes = (deps: BenefitsDependencies) => ({
  create: (programme: Omit<Programme, 'status'>, actor: Actor) => create(deps, programme, actor),
  decide: (key: ProgrammeKey, decision: Decision, actor: Actor) =>
    decide(deps, key, { ...decision, actor }),
  end: (key: ProgrammeKey, reason: string, actor: Actor) => end(deps, key, { reason, actor }),
  ...readsOf(deps),
})

function readsOf({ db }: BenefitsDependencies) {
  return { get, list }

  /** Errors: programme_not_found. */
  function get({ hospitalId, programmeId }: ProgrammeKey): Promise<ProgrammeWithBudget> {
    return inHospital(db, hospitalId, async (tx) => {
      const programme = await mustFind(tx, { hospitalId, programmeId })
      const budgets = await budgetsOf(tx, hospitalId, [programmeId])
      return { programme, budget: budgets.get(programmeId) ?? null }
    })
  }

  /** Newest first. */
  function list(hospitalId: HospitalId, filter: ProgrammeFilter): Promise<ProgrammeWithBudget[]> {
    return inHospital(db, hospitalId, async (tx) => {
      const programmes = await listProgrammes(tx, hospitalId, filter)
      const ids = programmes.map(({ id }) => id)
      const budgets = await budgetsOf(tx, hospitalId, ids)
      return programmes.map((programme) => ({
        programme,
        budget: budgets.get(programme.id) ?? null,
      }))
    })
  }
}

/** Errors: programme_not_found. */
export async function mustFind(
  tx: Tx,
  { hospitalId, programmeId }: ProgrammeKey,
): Promise<RecordedProgramme> {
  const programme = await findProgramme(tx, hospitalId, programmeId)
  if (!programme) throw benefitErrors.programme_not_found({ id: programmeId })
  return programme
}

/** Proposes a programme; it runs once another person agrees. Errors: programme_wrong with the fields that contradict themselves. */
async function create(
  deps: BenefitsDependencies,
  programme: Omit<Programme, 'status'>,
  actor: Actor,
): Promise<void> {
  const problems = problemsOf(programme)
  if (problems.length > 0) throw benefitErrors.programme_wrong({ fields: problems.join(', ') })
  await inHospital(deps.db, programme.hospitalId, async (tx) => {
    const by = { by: actor.name, at: deps.clock.now() }
    await insertProgramme(tx, { ...programme, status: 'proposed' }, by)
    const subject = `benefit:${programme.id}`
    await deps.audit(tx, programme.hospitalId, actor, {
      action: 'benefits.create_programme',
      subject,
    })
  })
}

/**
 * The second person agrees or does not. Errors: programme_not_found, programme_decided, decided_by_same_person.
 */
async function decide(
  deps: BenefitsDependencies,
  { hospitalId, programmeId }: ProgrammeKey,
  { agrees, reason, actor }: Decision & { actor: Actor },
): Promise<void> {
  await inHospital(deps.db, hospitalId, async (tx) => {
    const key = { hospitalId, id: programmeId }
    const proposed = await lockProgramme(tx, key)
    if (!proposed) throw benefitErrors.programme_not_found({ id: programmeId })
    if (proposed.status !== 'proposed') throw benefitErrors.programme_decided({ id: programmeId })
    if (proposed.createdBy === actor.name) throw benefitErrors.decided_by_same_person()
    const by = { by: actor.name, at: deps.clock.now() }
    await decideProgramme(tx, key, { agrees, reason, ...by })
    const action = agrees ? 'benefits.agree_programme' : 'benefits.refuse_programme'
    const subject = `benefit:${programmeId}`
    await deps.audit(tx, hospitalId, actor, { action, subject, detail: { reason } })
  })
}

type Decision = { agrees: boolean; reason: string }

/** Nothing new is promised of it from now on; what is promised stays so. Errors: programme_ended when it had. */
async function end(
  deps: BenefitsDependencies,
  { hospitalId, programmeId }: ProgrammeKey,
  { reason, actor }: { reason: string; actor: Actor },
): Promise<void> {
  await inHospital(deps.db, hospitalId, async (tx) => {
    await mustFind(tx, { hospitalId, programmeId })
    const by = { by: actor.name, at: deps.clock.now(), reason }
    const key = { hospitalId, id: programmeId }
    if (!(await endProgramme(tx, key, by))) throw benefitErrors.programme_ended({ id: programmeId })
    const subject = `benefit:${programmeId}`
    await deps.audit(tx, hospitalId, actor, {
      action: 'benefits.end_programme',
      subject,
      detail: { reason },
    })
  })
}
