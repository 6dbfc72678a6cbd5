import type { HospitalId } from '../../kernel/id.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { endCase, giveCaseTo, insertNote, lockCase } from './case-store.ts'
import type { CaseId } from './day.ts'
import type { ReconciliationDependencies } from './dependencies.ts'
import { explainByCase } from './difference-store.ts'
import { reconciliationErrors } from './errors.ts'
import { type Resolution, resolutionsOf, type WorkCase } from './work-case.ts'

/** What people do with cases. Each is written down in the audit and, where it says something, as a note. */
export const createCaseWork = (dependencies: ReconciliationDependencies) => ({
  /** The case is this person's from now on, whoever had it. Errors: throws case_not_found, case_resolved. */
  takeCase: (hospitalId: HospitalId, id: CaseId, actor: Actor) =>
    inHospital(dependencies.db, hospitalId, (tx) => take(tx, dependencies, hospitalId, id, actor)),

  /** Errors: throws case_not_found. */
  noteCase: (hospitalId: HospitalId, id: CaseId, text: string, actor: Actor) =>
    inHospital(dependencies.db, hospitalId, async (tx) => {
      const known = await lockCase(tx, hospitalId, id)
      await addNote(tx, dependencies, hospitalId, id, text, actor)
      await writeDown(tx, dependencies, hospitalId, actor, known, 'note_case', 'done')
    }),

  /**
   * A person says how it ended, and why. The differences it was about are explained by that.
   * Errors: throws case_not_found; case_resolved for one that has ended another way,
   * resolution_wrong for one that a case of its class cannot have.
   */
  resolveCase: (
    hospitalId: HospitalId,
    id: CaseId,
    { resolution, note }: { resolution: Resolution; note: string },
    actor: Actor,
  ) =>
    inHospital(dependencies.db, hospitalId, async (tx) => {
      const known = await lockCase(tx, hospitalId, id)
      if (known.status === 'resolved') {
        if (known.resolution === resolution) return
        throw reconciliationErrors.case_resolved({ id, resolution: known.resolution ?? '' })
      }
      if (!resolutionsOf(known.class).includes(resolution)) {
        throw reconciliationErrors.resolution_wrong({ resolution, class: known.class })
      }
      const now = dependencies.clock.now()
      await endCase(tx, hospitalId, id, resolution, now)
      await explainByCase(tx, hospitalId, id, now)
      await addNote(tx, dependencies, hospitalId, id, note, actor)
      await writeDown(tx, dependencies, hospitalId, actor, known, 'resolve_case', resolution)
    }),
})

async function take(
  tx: Tx,
  dependencies: ReconciliationDependencies,
  hospitalId: HospitalId,
  id: CaseId,
  actor: Actor,
): Promise<void> {
  const known = await lockCase(tx, hospitalId, id)
  if (known.status === 'resolved') {
    throw reconciliationErrors.case_resolved({ id, resolution: known.resolution ?? '' })
  }
  if (known.owner === actor.name) return
  await giveCaseTo(tx, hospitalId, id, actor.name)
  await writeDown(tx, dependencies, hospitalId, actor, known, 'take_case', 'done')
}

async function addNote(
  tx: Tx,
  { clock, newId }: ReconciliationDependencies,
  hospitalId: HospitalId,
  id: CaseId,
  text: string,
  actor: Actor,
): Promise<void> {
  const note = { id: newId<'CaseNote'>(), at: clock.now(), actor: actor.name, text }
  await insertNote(tx, hospitalId, id, note)
}

async function writeDown(
  tx: Tx,
  { audit }: ReconciliationDependencies,
  hospitalId: HospitalId,
  actor: Actor,
  { id, subject, class: cls }: WorkCase,
  action: string,
  outcome: string,
): Promise<void> {
  const detail = { caseId: id, class: cls }
  const fact = { action: `reconciliation.${action}`, subject, outcome, detail }
  await audit(tx, hospitalId, actor, fact)
}
