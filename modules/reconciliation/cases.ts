import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'
import { systemActor } from '../../platform/principal.ts'
import { endCase, findOpenCase, lockCase, openOnce } from './case-store.ts'
import type { CaseId } from './day.ts'
import type { ReconciliationDependencies } from './dependencies.ts'
import { differencesOfCase } from './difference-store.ts'
import { caseDeadline } from './timetable.ts'
import type { CaseClass, NewCase, OwnEnd } from './work-case.ts'

const SYSTEM = systemActor('reconciliation')

/** Opens a case; the same subject and class has one at a time. */
export async function openCase(
  tx: Tx,
  { clock, newId, audit }: ReconciliationDependencies,
  hospitalId: HospitalId,
  wanted: NewCase,
): Promise<CaseId> {
  const openedAt = clock.now()
  const { id, isNew } = await openOnce(tx, hospitalId, {
    ...wanted,
    id: newId<'Case'>(),
    status: 'open',
    owner: null,
    dueAt: caseDeadline(openedAt),
    resolution: null,
    openedAt,
    resolvedAt: null,
  })
  if (isNew) {
    await audit(tx, hospitalId, SYSTEM, {
      action: 'reconciliation.open_case',
      subject: wanted.subject,
      detail: { caseId: id, class: wanted.class, reason: wanted.reason },
    })
  }
  return id
}

/** Ends the open case of a subject and class whose ground is gone; without one, does nothing. */
export async function endCaseOf(
  tx: Tx,
  dependencies: ReconciliationDependencies,
  hospitalId: HospitalId,
  { subject, class: cls }: { subject: string; class: CaseClass },
  end: OwnEnd,
): Promise<void> {
  const known = await findOpenCase(tx, hospitalId, subject, cls)
  if (known) await endByItself(tx, dependencies, hospitalId, known.id, end)
}

/** Ends the case when nothing it was about is left to be done. */
export async function endCaseWithoutGround(
  tx: Tx,
  dependencies: ReconciliationDependencies,
  hospitalId: HospitalId,
  id: CaseId,
): Promise<void> {
  const about = await differencesOfCase(tx, hospitalId, id)
  const isLeft = about.some(({ status }) => status !== 'repaired' && status !== 'explained')
  if (!isLeft) await endByItself(tx, dependencies, hospitalId, id, 'counterpart_arrived')
}

async function endByItself(
  tx: Tx,
  { clock, audit }: ReconciliationDependencies,
  hospitalId: HospitalId,
  id: CaseId,
  end: OwnEnd,
): Promise<void> {
  const { status, subject } = await lockCase(tx, hospitalId, id)
  if (status === 'resolved') return
  await endCase(tx, hospitalId, id, end, clock.now())
  const fact = { action: 'reconciliation.end_case', subject, outcome: end, detail: { caseId: id } }
  await audit(tx, hospitalId, SYSTEM, fact)
}
