import type { HospitalId, Id } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { allot } from './budget.ts'
import type { BenefitsDependencies } from './dependencies.ts'
import { benefitErrors } from './errors.ts'
import {
  budgetsOf,
  endProgramme,
  findProgramme,
  insertAllotment,
  insertProgramme,
  listAllotments,
  listProgrammes,
  type Budget,
  type Page,
} from './programme-store.ts'
import { problemsOf, type Programme, type ProgrammeId } from './programme.ts'

export type ProgrammeKey = { hospitalId: HospitalId; programmeId: ProgrammeId }

export type ProgrammeWithBudget = { programme: Programme; budget: Budget | null }

/** Programmes and their budgets: what a hospital's finance does with them. */
export const createProgrammes = (deps: BenefitsDependencies) => ({
  create: (programme: Omit<Programme, 'status'>, actor: Actor) => create(deps, programme, actor),
  end: (key: ProgrammeKey, reason: string, actor: Actor) => end(deps, key, { reason, actor }),
  allotTo: (key: ProgrammeKey, given: { amountFen: Fen; document: string }, actor: Actor) =>
    allotTo(deps, key, { ...given, actor }),
  ...readsOf(deps),
})

function readsOf({ db }: BenefitsDependencies) {
  return { get, list, allotments }

  /** Errors: programme_not_found. */
  function get({ hospitalId, programmeId }: ProgrammeKey): Promise<ProgrammeWithBudget> {
    return inHospital(db, hospitalId, async (tx) => {
      const programme = await mustFind(tx, { hospitalId, programmeId })
      const budgets = await budgetsOf(tx, hospitalId, [programmeId])
      return { programme, budget: budgets.get(programmeId) ?? null }
    })
  }

  /** Newest first. */
  function list(
    hospitalId: HospitalId,
    filter: Parameters<typeof listProgrammes>[2],
  ): Promise<ProgrammeWithBudget[]> {
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

  function allotments({ hospitalId, programmeId }: ProgrammeKey, page: Page<Id<'Allotment'>>) {
    return inHospital(db, hospitalId, (tx) => listAllotments(tx, hospitalId, programmeId, page))
  }
}

/** Errors: programme_not_found. */
export async function mustFind(
  tx: Tx,
  { hospitalId, programmeId }: ProgrammeKey,
): Promise<Programme> {
  const programme = await findProgramme(tx, hospitalId, programmeId)
  if (!programme) throw benefitErrors.programme_not_found({ id: programmeId })
  return programme
}

/** Errors: programme_wrong with the fields that contradict themselves. */
async function create(
  deps: BenefitsDependencies,
  programme: Omit<Programme, 'status'>,
  actor: Actor,
): Promise<void> {
  const problems = problemsOf(programme)
  if (problems.length > 0) throw benefitErrors.programme_wrong({ fields: problems.join(', ') })
  await inHospital(deps.db, programme.hospitalId, async (tx) => {
    const by = { by: actor.name, at: deps.clock.now() }
    await insertProgramme(tx, { ...programme, status: 'active' }, by)
    const subject = `benefit:${programme.id}`
    await deps.audit(tx, programme.hospitalId, actor, {
      action: 'benefits.create_programme',
      subject,
    })
  })
}

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

/**
 * The funder gives to the budget, or takes back what is free of it, below zero. Errors: document_used when this was
 * done before, budget_used_up when not so much is free.
 */
async function allotTo(
  deps: BenefitsDependencies,
  { hospitalId, programmeId }: ProgrammeKey,
  { amountFen, document, actor }: { amountFen: Fen; document: string; actor: Actor },
): Promise<void> {
  await inHospital(deps.db, hospitalId, async (tx) => {
    await mustFind(tx, { hospitalId, programmeId })
    const allotment = { id: deps.newId<'Allotment'>(), programmeId, amountFen, document }
    const by = { decidedBy: actor.name, at: deps.clock.now() }
    if (!(await insertAllotment(tx, hospitalId, { ...allotment, ...by }))) {
      throw benefitErrors.document_used({ document })
    }
    const change = { amountFen, cause: `benefits:allot:${allotment.id}` }
    const isThere = await allot(deps, tx, { hospitalId, programmeId }, change)
    if (!isThere) throw benefitErrors.budget_used_up({ id: programmeId })
    const subject = `benefit:${programmeId}`
    const detail = { amountFen, document }
    await deps.audit(tx, hospitalId, actor, { action: 'benefits.allot', subject, detail })
  })
}
