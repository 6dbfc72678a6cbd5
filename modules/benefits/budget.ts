import { sql } from 'kysely'

import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { type Fen, fen, negateFen, subtractFen, ZERO } from '../../kernel/money.ts'
import { businessDateOf } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { Account, HoldId, Transfer } from '../ledger/index.ts'
import type { BenefitsDependencies } from './dependencies.ts'
import type { Budget } from './programme-store.ts'
import type { ProgrammeId } from './programme.ts'

// A budget is an asset of the hospital's book, what a funder put at its disposal, against what it owes the funder an
// account of. A row with the same figures lets the database check that none of it is promised twice.

type Deps = Pick<BenefitsDependencies, 'clock' | 'ledger'>
export type BudgetKey = { hospitalId: HospitalId; programmeId: ProgrammeId }

const budget = (id: ProgrammeId): Account => ({ code: `budget/${id}`, kind: 'asset' })
/** Set aside for vouchers that people have. */
const vouchers = (id: ProgrammeId): Account => ({ code: `vouchers/${id}`, kind: 'asset' })
const allotted = (id: ProgrammeId): Account => ({ code: `allotted/${id}`, kind: 'liability' })

const account = (id: ProgrammeId, fromVouchers: boolean) =>
  fromVouchers ? vouchers(id) : budget(id)

export const freeOfBudget = ({ allottedFen, issuedFen, heldFen, usedFen }: Budget): Fen =>
  fen(allottedFen - issuedFen - heldFen - usedFen)

/** A funder gives more to a budget, or takes back what is free of it: below zero. False when there is not so much. */
export async function allot(
  deps: Deps,
  tx: Tx,
  { hospitalId, programmeId }: BudgetKey,
  { amountFen, cause }: { amountFen: Fen; cause: string },
): Promise<boolean> {
  await openBudget(tx, { hospitalId, programmeId })
  if (!(await moveBudget(tx, { hospitalId, programmeId }, { allotted: amountFen }))) return false
  const gives = { debit: budget(programmeId), credit: allotted(programmeId), amountFen }
  const takes = { debit: gives.credit, credit: gives.debit, amountFen: negateFen(amountFen) }
  const transfer: Transfer = amountFen > 0 ? gives : takes
  await post(deps, tx, hospitalId, { cause, memo: '额度', transfers: [transfer], programmeId })
  return true
}

/** Sets aside what a voucher is worth, or frees what is left of it: below zero. False when the budget has not so much. */
export async function setAside(
  deps: Deps,
  tx: Tx,
  { hospitalId, programmeId }: BudgetKey,
  { amountFen, cause }: { amountFen: Fen; cause: string },
): Promise<boolean> {
  if (amountFen === 0) return true
  if (!(await moveBudget(tx, { hospitalId, programmeId }, { issued: amountFen }))) return false
  const [from, to] = [budget(programmeId), vouchers(programmeId)]
  const transfer: Transfer =
    amountFen > 0
      ? { debit: to, credit: from, amountFen }
      : { debit: from, credit: to, amountFen: negateFen(amountFen) }
  await post(deps, tx, hospitalId, { cause, memo: '券', transfers: [transfer], programmeId })
  return true
}

/** Promises an amount; null when the budget has not so much free. */
export async function holdBudget(
  { ledger }: Deps,
  tx: Tx,
  { hospitalId, programmeId }: BudgetKey,
  { amountFen, cause, fromVouchers }: { amountFen: Fen; cause: string; fromVouchers: boolean },
): Promise<HoldId | null> {
  const issued = fromVouchers ? negateFen(amountFen) : ZERO
  const isFree = await moveBudget(tx, { hospitalId, programmeId }, { held: amountFen, issued })
  if (!isFree) return null
  const held = await ledger.hold(tx, {
    hospitalId,
    cause,
    subject: `benefit:${programmeId}`,
    debit: allotted(programmeId),
    credit: account(programmeId, fromVouchers),
    amountFen,
  })
  assert(held.outcome === 'held', `the ledger has what the budget ${programmeId} says is free`)
  return held.holdId
}

/** What was promised is spent. */
export async function spendHeld(
  { ledger, clock }: Deps,
  tx: Tx,
  { hospitalId, programmeId }: BudgetKey,
  { holdId, amountFen, cause }: { holdId: HoldId; amountFen: Fen; cause: string },
): Promise<void> {
  await mustMove(tx, { hospitalId, programmeId }, { held: negateFen(amountFen), used: amountFen })
  const fact = { businessDate: businessDateOf(clock.now()), cause, memo: '补助' }
  const ended = await ledger.postHold(tx, hospitalId, holdId, fact)
  assert(ended.outcome === 'ended', `the hold of ${cause} stands`)
}

/** What was promised is free again. */
export async function freeHeld(
  { ledger }: Deps,
  tx: Tx,
  { hospitalId, programmeId }: BudgetKey,
  { holdId, amountFen, fromVouchers }: { holdId: HoldId; amountFen: Fen; fromVouchers: boolean },
): Promise<void> {
  const issued = fromVouchers ? amountFen : ZERO
  await mustMove(tx, { hospitalId, programmeId }, { held: negateFen(amountFen), issued })
  const ended = await ledger.voidHold(tx, hospitalId, holdId)
  assert(ended.outcome === 'ended', `the hold ${holdId} stands`)
}

/** What was spent comes back. */
export async function takeBack(
  deps: Deps,
  tx: Tx,
  { hospitalId, programmeId }: BudgetKey,
  { amountFen, cause, fromVouchers }: { amountFen: Fen; cause: string; fromVouchers: boolean },
): Promise<void> {
  const issued = fromVouchers ? amountFen : ZERO
  await mustMove(tx, { hospitalId, programmeId }, { used: negateFen(amountFen), issued })
  const debit = account(programmeId, fromVouchers)
  const transfers = [{ debit, credit: allotted(programmeId), amountFen }]
  await post(deps, tx, hospitalId, { cause, memo: '退回', transfers, programmeId })
}

async function post(
  { ledger, clock }: Deps,
  tx: Tx,
  hospitalId: HospitalId,
  entry: { cause: string; memo: string; transfers: readonly Transfer[]; programmeId: ProgrammeId },
): Promise<void> {
  const posted = await ledger.post(tx, {
    hospitalId,
    businessDate: businessDateOf(clock.now()),
    cause: entry.cause,
    subject: `benefit:${entry.programmeId}`,
    memo: entry.memo,
    transfers: entry.transfers,
  })
  assert(posted.outcome === 'posted', `${entry.cause} is posted once, with the row that says so`)
}

async function openBudget(tx: Tx, { hospitalId, programmeId }: BudgetKey): Promise<void> {
  await sql`insert into benefits.budget
    (hospital_id, programme_id, allotted_fen, issued_fen, held_fen, used_fen)
    values (${hospitalId}, ${programmeId}, 0, 0, 0, 0)
    on conflict (hospital_id, programme_id) do nothing`.execute(tx)
}

type Change = { allotted?: Fen; issued?: Fen; held?: Fen; used?: Fen }

/** The condition and the change are one statement, so that two of them cannot share a fen. */
async function moveBudget(
  tx: Tx,
  { hospitalId, programmeId }: BudgetKey,
  { allotted: more = ZERO, issued = ZERO, held = ZERO, used = ZERO }: Change,
): Promise<boolean> {
  const needed = subtractFen(fen(issued + held + used), more)
  const { numAffectedRows } = await sql`update benefits.budget
    set allotted_fen = allotted_fen + ${more}, issued_fen = issued_fen + ${issued},
      held_fen = held_fen + ${held}, used_fen = used_fen + ${used}
    where hospital_id = ${hospitalId} and programme_id = ${programmeId}
      and allotted_fen - issued_fen - held_fen - used_fen >= ${needed}`.execute(tx)
  return numAffectedRows === 1n
}

async function mustMove(tx: Tx, key: BudgetKey, change: Change): Promise<void> {
  assert(await moveBudget(tx, key, change), `the budget ${key.programmeId} is there`)
}
