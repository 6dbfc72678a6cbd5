import { sql } from 'kysely'

import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { type Fen, negateFen, ZERO } from '../../kernel/money.ts'
import { businessDateOf } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { Account, HoldId } from '../ledger/index.ts'
import type { DepositAccountId } from './account.ts'
import type { DepositsDependencies } from './dependencies.ts'

// A deposit is money of the payer that a bank keeps in custody: an asset of the hospital's book for each account,
// against what the hospital owes depositors. The account's row has the same figures, so that the database checks them.

type Deps = Pick<DepositsDependencies, 'clock' | 'ledger'>
export type AccountKey = { hospitalId: HospitalId; accountId: DepositAccountId }

const custody = (id: DepositAccountId): Account => ({ code: `custody/${id}`, kind: 'asset' })
const OWED: Account = { code: 'owed/depositors', kind: 'liability' }

/** Money came into the account, or back into it. */
export async function putIn(
  { ledger, clock }: Deps,
  tx: Tx,
  { hospitalId, accountId }: AccountKey,
  { amountFen, cause, memo }: { amountFen: Fen; cause: string; memo: string },
): Promise<void> {
  assert(
    await move(tx, { hospitalId, accountId }, { balance: amountFen }),
    `account ${accountId} is there`,
  )
  const posted = await ledger.post(tx, {
    hospitalId,
    businessDate: businessDateOf(clock.now()),
    cause,
    subject: `deposit:${accountId}`,
    memo,
    transfers: [{ debit: custody(accountId), credit: OWED, amountFen }],
  })
  assert(posted.outcome === 'posted', `${cause} is posted once, with the row that says so`)
}

/** Promises an amount; null when the account has not so much free. */
export async function holdIn(
  { ledger }: Deps,
  tx: Tx,
  { hospitalId, accountId }: AccountKey,
  { amountFen, cause }: { amountFen: Fen; cause: string },
): Promise<HoldId | null> {
  if (!(await move(tx, { hospitalId, accountId }, { held: amountFen }))) return null
  const subject = `deposit:${accountId}`
  const transfer = { debit: OWED, credit: custody(accountId), amountFen }
  const held = await ledger.hold(tx, { hospitalId, cause, subject, ...transfer })
  assert(held.outcome === 'held', `the ledger has what account ${accountId} says is free`)
  return held.holdId
}

/** What was promised has gone out. */
export async function payOut(
  { ledger, clock }: Deps,
  tx: Tx,
  { hospitalId, accountId }: AccountKey,
  held: { holdId: HoldId; amountFen: Fen; cause: string; memo: string },
): Promise<void> {
  const out = negateFen(held.amountFen)
  assert(
    await move(tx, { hospitalId, accountId }, { held: out, balance: out }),
    'what is held is there',
  )
  const { cause, memo } = held
  const fact = { businessDate: businessDateOf(clock.now()), cause, memo }
  const ended = await ledger.postHold(tx, hospitalId, held.holdId, fact)
  assert(ended.outcome === 'ended', `the hold of ${cause} stands`)
}

/** What was promised is free again. */
export async function freeIn(
  { ledger }: Deps,
  tx: Tx,
  { hospitalId, accountId }: AccountKey,
  { holdId, amountFen }: { holdId: HoldId; amountFen: Fen },
): Promise<void> {
  const freed = await move(tx, { hospitalId, accountId }, { held: negateFen(amountFen) })
  assert(freed, 'what is held is there')
  const ended = await ledger.voidHold(tx, hospitalId, holdId)
  assert(ended.outcome === 'ended', `the hold ${holdId} stands`)
}

/** The condition and the change are one statement, so that two of them cannot share a fen. */
async function move(
  tx: Tx,
  { hospitalId, accountId }: AccountKey,
  { balance = ZERO, held = ZERO }: { balance?: Fen; held?: Fen },
): Promise<boolean> {
  const { numAffectedRows } = await sql`update deposits.account
    set balance_fen = balance_fen + ${balance}, held_fen = held_fen + ${held}
    where hospital_id = ${hospitalId} and id = ${accountId}
      and balance_fen + ${balance} >= held_fen + ${held} and held_fen + ${held} >= 0`.execute(tx)
  return numAffectedRows === 1n
}
