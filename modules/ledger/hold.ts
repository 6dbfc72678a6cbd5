import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import {
  type EndHoldResult,
  type EntryId,
  type HoldEnd,
  type HoldId,
  type HoldResult,
  type NewHold,
  sameTransfers,
  type Transfer,
} from './entry.ts'
import { type LedgerDependencies, post } from './post.ts'
import {
  availableFen,
  endOfHold,
  findAccount,
  findEntry,
  findHold,
  holdById,
  type HoldRow,
  insertHold,
  insertHoldEnd,
  openAccount,
  reserve,
  unreserve,
} from './store.ts'

/** Promises an amount out of an asset, once for its cause, and only if the account has it free. */
export async function hold(
  deps: LedgerDependencies,
  tx: Tx,
  request: NewHold,
): Promise<HoldResult> {
  const { hospitalId, credit, amountFen } = request
  assert(amountFen > 0, 'a hold is of more than nothing')
  assert(credit.kind === 'asset', 'money is promised out of an asset')
  const known = await heldBefore(tx, request)
  if (known) return known
  await openAccount(tx, hospitalId, request.debit) // its kind is known here, and not to who posts the hold
  const oversell = deps.canaries.has('oversold_hold')
  const reserved = oversell || (await reserve(tx, hospitalId, credit, amountFen))
  // Whoever had the account's row before us may have been this very hold, asked for a second time.
  const raced = await heldBefore(tx, request)
  if (raced) {
    if (reserved && !oversell) await unreserve(tx, hospitalId, credit.code, amountFen)
    return raced
  }
  if (!reserved) {
    const free = await availableFen(tx, hospitalId, credit.code)
    return { outcome: 'insufficient', availableFen: free }
  }
  const holdId = deps.newId<'Hold'>()
  await insertHold(tx, holdId, request, deps.clock.now())
  return { outcome: 'held', holdId }
}

/** The promised amount has gone: posts it, once. A hold that has ended before posts nothing. */
export async function postHold(
  deps: LedgerDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  holdId: HoldId,
  fact: { businessDate: BusinessDate; cause: string; memo: string },
): Promise<EndHoldResult> {
  const held = await holdById(tx, hospitalId, holdId)
  if (!held) return { outcome: 'hold_not_found' }
  const transfers = [await transferOf(tx, held)]
  const known = await findEntry(tx, hospitalId, fact.cause)
  const entryId = known?.id ?? deps.newId<'Entry'>()
  const ended = await insertHoldEnd(tx, endOf(deps, held, { outcome: 'posted', entryId }))
  if (!ended) return { outcome: 'already', end: await endOfHold(tx, hospitalId, holdId) }
  const entry = { hospitalId, ...fact, subject: held.subject, transfers }
  const posted = await post(deps, tx, entry, entryId)
  assert(
    posted.outcome !== 'exists_with_different' && posted.entryId === entryId,
    `"${fact.cause}" posts what was held and nothing else`,
  )
  await free(deps, tx, held)
  return { outcome: 'ended', entryId }
}

/** The promised amount will not go: it is free again. */
export async function voidHold(
  deps: LedgerDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  holdId: HoldId,
): Promise<EndHoldResult> {
  const held = await holdById(tx, hospitalId, holdId)
  if (!held) return { outcome: 'hold_not_found' }
  const ended = await insertHoldEnd(tx, endOf(deps, held, { outcome: 'voided', entryId: null }))
  if (!ended) return { outcome: 'already', end: await endOfHold(tx, hospitalId, holdId) }
  await free(deps, tx, held)
  return { outcome: 'ended', entryId: null }
}

async function heldBefore(tx: Tx, request: NewHold): Promise<HoldResult | null> {
  const known = await findHold(tx, request.hospitalId, request.cause)
  if (!known) return null
  const same = sameTransfers(
    [request],
    [{ debit: known.debit_account, credit: known.credit_account, amountFen: known.amount_fen }],
  )
  return { outcome: same ? 'exists' : 'exists_with_different', holdId: known.id }
}

async function transferOf(tx: Tx, held: HoldRow): Promise<Transfer> {
  const credit = await findAccount(tx, held.hospital_id, held.credit_account)
  const debit = await findAccount(tx, held.hospital_id, held.debit_account)
  assert(credit && debit, 'the accounts of a hold are open')
  return {
    debit: { code: debit.code, kind: debit.kind },
    credit: { code: credit.code, kind: credit.kind },
    amountFen: held.amount_fen,
  }
}

const endOf = (
  { clock }: LedgerDependencies,
  { hospital_id, id: hold_id }: HoldRow,
  { outcome, entryId }: { outcome: HoldEnd; entryId: EntryId | null },
) => ({ hospital_id, hold_id, outcome, entry_id: entryId, at: clock.now() })

async function free({ canaries }: LedgerDependencies, tx: Tx, held: HoldRow): Promise<void> {
  if (canaries.has('oversold_hold')) return
  await unreserve(tx, held.hospital_id, held.credit_account, held.amount_fen)
}
