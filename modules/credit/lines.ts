import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { type Fen, minFen } from '../../kernel/money.ts'
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
  const isSame = after.limitFen === line.limitFen && after.status === line.status
  if (isSame && !(await outranks(tx, line, change, { actor: actor.name, reason }))) return line
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

/** A line that is suspended already is so by the word of somebody with more to say: that is kept, and theirs to lift. */
async function outranks(
  tx: Tx,
  line: CreditLine,
  { kind }: LineChange,
  by: { actor: string; reason: string },
): Promise<boolean> {
  if (kind !== 'suspended' || line.status !== 'suspended') return false
  const known = suspenderOf(line, await changesOfLine(tx, line.lenderId, line.id))
  const rank = (one: Suspender) => SUSPENDERS.indexOf(one)
  return known !== null && rank(suspenderBy(line.lenderId, by)) > rank(known)
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
    await deps.audit(tx, lenderId, actor, {
      action: 'credit.line_ended',
      subject: `line:${line.id}`,
    })
  })
}

/**
 * Takes over what a bank says of a line by its own interface, as far as it takes away: a limit is never raised above the
 * one that we or the staff set, and what is suspended for another reason stays so whatever the bank says. A bank that
 * does not answer changes nothing.
 */
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
  const by = { actor: { name: bankOf(lenderId), requestId: null }, reason: 'told by the lender' }
  const isActive = signStatus === 'signed' && overdueDays === 0
  await inHospital(deps.db, lenderId, async (tx) => {
    const locked = await lockLine(tx, lenderId, lineId)
    if (!locked || locked.status === 'ended') return
    const changes = await changesOfLine(tx, lenderId, lineId)
    const ours = changes.find(
      ({ kind, actor }) => (kind === 'opened' || kind === 'limit') && actor !== bankOf(lenderId),
    )
    const mostFen = ours?.limit_after_fen ?? locked.limitFen
    const limit = { kind: 'limit', limitFen: minFen(limitFen, mostFen) } as const
    const limited = await applyChange(deps, tx, locked, limit, by)
    if (!isActive) await applyChange(deps, tx, limited, { kind: 'suspended' }, by)
    else if (suspenderOf(limited, changes) === 'lender') {
      await applyChange(deps, tx, limited, { kind: 'resumed' }, by)
    }
  })
}

const bankOf = (lenderId: LenderId): string => `lender:${lenderId}`

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
    const changes = await changesOfLine(tx, lenderId, line.id)
    if (suspenderOf(line, changes) !== 'loans') continue
    await applyChange(deps, tx, line, { kind: 'resumed' }, { actor: SYSTEM, reason: 'not overdue' })
  }
}

const OVERDUE = 'loan overdue: '
const SYSTEM = systemActor('credit')

// Whoever is further to the right has the last word: a bank that says a line is good lifts no suspension of the staff.
const SUSPENDERS = ['lender', 'loans', 'staff'] as const
type Suspender = (typeof SUSPENDERS)[number]

/** Because of whom a line is suspended; null for one that is not. */
function suspenderOf(
  { lenderId, status }: CreditLine,
  changes: Awaited<ReturnType<typeof changesOfLine>>,
): Suspender | null {
  if (status !== 'suspended') return null
  const last = changes.find(({ kind }) => kind === 'suspended')
  return last ? suspenderBy(lenderId, last) : 'staff'
}

function suspenderBy(lenderId: LenderId, by: { actor: string; reason: string }): Suspender {
  if (by.actor === bankOf(lenderId)) return 'lender'
  return by.actor === SYSTEM.name && by.reason.startsWith(OVERDUE) ? 'loans' : 'staff'
}
