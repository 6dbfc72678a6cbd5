import { assert } from '../../kernel/assert.ts'
import type { HospitalId, NewId } from '../../kernel/id.ts'
import type { BusinessDate, Clock } from '../../kernel/time.ts'
import type { Canaries } from '../../platform/canary.ts'
import type { Tx } from '../../platform/db.ts'
import {
  type EndHoldResult,
  type HoldId,
  type HoldResult,
  type NewEntry,
  type NewHold,
  type PostResult,
  sameTransfers,
  type Transfer,
} from './entry.ts'
import {
  availableFen,
  endOfHold,
  entryWithCause,
  findAccount,
  findHold,
  holdById,
  insertEntry,
  insertHold,
  insertHoldEnd,
  insertTransfers,
  reserve,
  unreserve,
} from './store.ts'

export type Ledger = ReturnType<typeof createLedger>

const MAX_TRANSFERS = 100

/** Everything here joins the caller's transaction: money is posted with the fact that moved it, or not at all. */
export function createLedger({ clock, newId, canaries }: Dependencies) {
  return { post, hold, postHold, voidHold, findHold }

  async function post(tx: Tx, entry: NewEntry): Promise<PostResult> {
    const { transfers } = entry
    assert(
      transfers.length > 0 && transfers.length <= MAX_TRANSFERS,
      'an entry has 1 to 100 transfers',
    )
    assert(
      transfers.every((t) => t.amountFen > 0),
      'a transfer moves more than nothing',
    )
    const entryId = newId<'Entry'>()
    if (await insertEntry(tx, entryId, entry, clock.now())) {
      await insertTransfers(tx, entry.hospitalId, entryId, transfers)
      if (canaries.has('double_posting') && !entry.cause.endsWith(':again')) {
        await post(tx, { ...entry, cause: `${entry.cause}:again` })
      }
      return { outcome: 'posted', entryId }
    }
    const known = await entryWithCause(tx, entry.hospitalId, entry.cause)
    const same = sameTransfers(transfers, known.transfers)
    return { outcome: same ? 'exists' : 'exists_with_different', entryId: known.id }
  }

  async function hold(tx: Tx, request: NewHold): Promise<HoldResult> {
    assert(request.amountFen > 0, 'a hold is of more than nothing')
    assert(request.credit.kind === 'asset', 'money is promised out of an asset')
    const { hospitalId, credit, amountFen } = request
    const known = await findHold(tx, hospitalId, request.cause)
    if (known) {
      const same = sameTransfers(
        [request],
        [{ debit: known.debit_account, credit: known.credit_account, amountFen: known.amount_fen }],
      )
      return { outcome: same ? 'exists' : 'exists_with_different', holdId: known.id }
    }
    const oversell = canaries.has('oversold_hold')
    if (!oversell && !(await reserve(tx, hospitalId, credit, amountFen))) {
      return {
        outcome: 'insufficient',
        availableFen: await availableFen(tx, hospitalId, credit.code),
      }
    }
    const holdId = newId<'Hold'>()
    await insertHold(tx, holdId, request, clock.now())
    return { outcome: 'held', holdId }
  }

  /** The promised amount has gone: posts it, once. */
  async function postHold(
    tx: Tx,
    hospitalId: HospitalId,
    holdId: HoldId,
    fact: { businessDate: BusinessDate; cause: string; memo: string },
  ): Promise<EndHoldResult> {
    const held = await holdById(tx, hospitalId, holdId)
    if (!held) return { outcome: 'hold_not_found' }
    const credit = await findAccount(tx, hospitalId, held.credit_account)
    const debit = await findAccount(tx, hospitalId, held.debit_account)
    assert(credit && debit, 'the accounts of a hold are open')
    const transfer: Transfer = {
      debit: { code: debit.code, kind: debit.kind },
      credit: { code: credit.code, kind: credit.kind },
      amountFen: held.amount_fen,
    }
    const posted = await post(tx, {
      hospitalId,
      ...fact,
      subject: held.subject,
      transfers: [transfer],
    })
    return end(tx, hospitalId, held, { outcome: 'posted', entryId: posted.entryId })
  }

  /** The promised amount will not go: it is free again. */
  async function voidHold(tx: Tx, hospitalId: HospitalId, holdId: HoldId): Promise<EndHoldResult> {
    const held = await holdById(tx, hospitalId, holdId)
    if (!held) return { outcome: 'hold_not_found' }
    return end(tx, hospitalId, held, { outcome: 'voided', entryId: null })
  }

  async function end(
    tx: Tx,
    hospitalId: HospitalId,
    held: NonNullable<Awaited<ReturnType<typeof holdById>>>,
    { outcome, entryId }: { outcome: 'posted' | 'voided'; entryId: PostResult['entryId'] | null },
  ): Promise<EndHoldResult> {
    const ended = await insertHoldEnd(tx, {
      hospital_id: hospitalId,
      hold_id: held.id,
      outcome,
      entry_id: entryId,
      at: clock.now(),
    })
    if (!ended) return { outcome: 'already', end: await endOfHold(tx, hospitalId, held.id) }
    if (!canaries.has('oversold_hold')) {
      await unreserve(tx, hospitalId, held.credit_account, held.amount_fen)
    }
    return { outcome: 'ended', entryId }
  }
}

type Dependencies = { clock: Clock; newId: NewId; canaries: Canaries }
