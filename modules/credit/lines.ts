import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import type { Fen } from '../../kernel/money.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import { type Actor, systemActor } from '../../platform/principal.ts'
import type { CreditDependencies } from './dependencies.ts'
import { creditErrors } from './errors.ts'
import type { LenderCall } from './lender.ts'
import {
  changesOfLine,
  findLine,
  insertLineChange,
  lockLine,
  setHospitalLimit,
  setLineLimit,
  setLineStatus,
} from './line-store.ts'
import type { CreditLine } from './line.ts'
import type { StageMove } from './loan/dependencies.ts'
import { loansOf } from './loan/store.ts'
import { isLenderId, type LenderId, type LineId, type PersonId } from './terms.ts'

export type LineChange = { kind: 'limit'; limitFen: Fen } | { kind: 'suspended' | 'resumed' }

/**
 * Changes a line, and keeps who did it and why. A limit below what is in use takes nothing back: what is promised to a
 * visit can still be drawn, and nothing more is promised. Errors: line_not_found, line_not_active for one that has ended.
 */
export const changeLine = (
  deps: CreditDependencies,
  { lenderId, lineId }: { lenderId: LenderId; lineId: LineId },
  change: LineChange,
  by: { actor: Actor; reason: string },
): Promise<CreditLine> =>
  inHospital(deps.db, lenderId, async (tx) => {
    const line = await lockLine(tx, lenderId, lineId)
    if (!line) throw creditErrors.line_not_found({ id: lineId })
    if (line.status === 'ended') throw creditErrors.line_not_active({ id: lineId })
    return applyChange(deps, tx, line, change, by)
  })

async function applyChange(
  { clock, newId, audit }: CreditDependencies,
  tx: Tx,
  line: CreditLine,
  change: LineChange,
  { actor, reason }: { actor: Actor; reason: string },
): Promise<CreditLine> {
  const now = clock.now()
  const { lenderId, id: lineId } = line
  const key = { lenderId, lineId }
  const after: CreditLine =
    change.kind === 'limit'
      ? { ...line, limitFen: change.limitFen }
      : { ...line, status: change.kind === 'suspended' ? 'suspended' : 'active' }
  if (after.limitFen === line.limitFen && after.status === line.status) return line
  if (change.kind === 'limit') await setLineLimit(tx, key, change.limitFen, now)
  else await setLineStatus(tx, key, after.status, now)
  await insertLineChange(tx, {
    hospital_id: lenderId,
    id: newId<'CreditLineChange'>(),
    line_id: lineId,
    kind: change.kind,
    limit_before_fen: line.limitFen,
    limit_after_fen: after.limitFen,
    reason,
    actor: actor.name,
    at: now,
  })
  await audit(tx, lenderId, actor, {
    action: `credit.line_${change.kind}`,
    subject: `line:${lineId}`,
    detail: { limitFen: after.limitFen },
  })
  return after
}

/**
 * Ends a line of which nothing is promised or lent, at the lender first. Errors: line_not_found, line_in_use,
 * lender_unavailable.
 */
export async function endLine(
  deps: CreditDependencies,
  { lenderId, personId }: { lenderId: LenderId; personId: PersonId },
  actor: Actor,
): Promise<void> {
  const line = await inHospital(deps.db, lenderId, (tx) => findLine(tx, lenderId, { personId }))
  if (!line || line.status === 'ended') throw creditErrors.line_not_found()
  if (line.reservedFen + line.drawnFen > 0) throw creditErrors.line_in_use({ id: line.id })
  const lender = await deps.lenderOf(lenderId)
  const holder = { personId, accountNo: line.accountNo }
  const answer = await lender?.end({ trace: () => undefined }, holder)
  if (answer?.outcome === 'refused') throw creditErrors.line_in_use({ id: line.id })
  if (answer?.outcome !== 'ok') throw creditErrors.lender_unavailable({ lenderId })
  await inHospital(deps.db, lenderId, async (tx) => {
    const locked = await lockLine(tx, lenderId, line.id)
    assert(locked, 'a line is never taken out')
    if (locked.reservedFen + locked.drawnFen > 0) throw creditErrors.line_in_use({ id: line.id })
    if (locked.status === 'ended') return
    await setLineStatus(tx, { lenderId, lineId: line.id }, 'ended', deps.clock.now())
    await insertLineChange(tx, {
      hospital_id: lenderId,
      id: deps.newId<'CreditLineChange'>(),
      line_id: line.id,
      kind: 'ended',
      limit_before_fen: line.limitFen,
      limit_after_fen: line.limitFen,
      reason: 'ended by the person',
      actor: actor.name,
      at: deps.clock.now(),
    })
  })
}

/** Takes over what a bank says of a line by its own interface. A bank that does not answer changes nothing. */
export async function followAuthority(
  deps: CreditDependencies,
  call: LenderCall,
  line: CreditLine,
): Promise<void> {
  const lender = await deps.lenderOf(line.lenderId)
  if (!lender) return
  const { lenderId, id: lineId, personId, accountNo } = line
  const answer = await lender.authority(call, { personId, accountNo })
  if (answer.outcome !== 'ok') return
  const { limitFen, signStatus, overdueDays } = answer.data
  const by = {
    actor: { name: `lender:${lenderId}`, requestId: null },
    reason: 'told by the lender',
  }
  const key = { lenderId, lineId }
  await changeLine(deps, key, { kind: 'limit', limitFen }, by)
  const isActive = signStatus === 'signed' && overdueDays === 0
  await changeLine(deps, key, { kind: isActive ? 'resumed' : 'suspended' }, by)
}

/** How much may be in use at a hospital of all people together, and why. Errors: lender_not_found. */
export const changeHospitalLimit = (
  { db, clock, audit }: CreditDependencies,
  { lenderId, careHospitalId, limitFen, reason = null }: NewHospitalLimit,
  actor: Actor,
): Promise<void> => {
  if (!isLenderId(lenderId)) throw creditErrors.lender_not_found({ lenderId })
  return inHospital(db, lenderId, async (tx) => {
    await setHospitalLimit(tx, lenderId, { careHospitalId, limitFen }, clock.now())
    await audit(tx, lenderId, actor, {
      action: 'credit.hospital_limit',
      subject: `hospital:${careHospitalId}`,
      detail: { limitFen, reason },
    })
  })
}

type NewHospitalLimit = {
  lenderId: LenderId
  careHospitalId: HospitalId
  limitFen: Fen
  reason?: string | null
}

/**
 * Loans came into another stage: one that is overdue suspends the line, and the line is used again when none of the
 * person's loans is overdue any more. A line that staff suspended stays so.
 */
export async function followStages(
  deps: CreditDependencies,
  tx: Tx,
  moves: readonly StageMove[],
): Promise<void> {
  for (const { lenderId, personId, loanId, stage, suspends } of moves) {
    const line = await findLine(tx, lenderId, { personId })
    if (!line || line.status === 'ended') continue
    if (suspends) {
      const reason = `${OVERDUE}${stage}`
      await applyChange(deps, tx, line, { kind: 'suspended' }, { actor: SYSTEM, reason })
      continue
    }
    const open = await loansOf(tx, lenderId, personId, true)
    if (open.some((loan) => loan.id !== loanId && loan.overdue_since !== null)) continue
    if (!(await isSuspendedByLoans(tx, line))) continue
    await applyChange(deps, tx, line, { kind: 'resumed' }, { actor: SYSTEM, reason: 'not overdue' })
  }
}

const OVERDUE = 'loan overdue: '
const SYSTEM = systemActor('credit')

async function isSuspendedByLoans(tx: Tx, { lenderId, id, status }: CreditLine): Promise<boolean> {
  if (status !== 'suspended') return false
  const changes = await changesOfLine(tx, lenderId, id)
  return changes.find(({ kind }) => kind === 'suspended')?.reason.startsWith(OVERDUE) ?? false
}
