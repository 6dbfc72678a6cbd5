import { sql } from 'kysely'

import { assert } from '../../kernel/assert.ts'
import { addFen, type Fen, minFen, subtractFen, ZERO } from '../../kernel/money.ts'
import { type BusinessDate, businessDateOf } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { Actor } from '../../platform/principal.ts'
import { freeOf } from './account.ts'
import { type AccountKey, holdIn, payOut } from './book.ts'
import type { DepositsDependencies } from './dependencies.ts'
import { depositErrors } from './errors.ts'
import { tellIfLow } from './low.ts'
import { lockAccount } from './store.ts'
import type { DepositTables } from './tables.ts'

export type DayCharge = DepositTables['deposits.day_charge']

/**
 * What a stay cost on one day is taken from its deposit, as far as that goes; the rest is drawn when it is topped up.
 * Told again the same, nothing happens. Errors: account_not_found, account_closed, day_not_over for a day to come,
 * day_differs for a day that was told with another amount, not_of_a_stay for what is left of a prepayment.
 */
export const chargeDay = (
  deps: DepositsDependencies,
  { day, totalFen, ...key }: AccountKey & { day: BusinessDate; totalFen: Fen },
  actor: Actor,
): Promise<DayCharge> =>
  inHospital(deps.db, key.hospitalId, async (tx) => {
    const account = await lockAccount(tx, key)
    if (!account) throw depositErrors.account_not_found({ id: key.accountId })
    const known = await findDay(tx, key, day)
    if (known) {
      if (known.total_fen === totalFen) return known
      throw depositErrors.day_differs({ day })
    }
    if (account.kind !== 'inpatient') throw depositErrors.not_of_a_stay({ id: account.id })
    if (account.status === 'closed') throw depositErrors.account_closed({ id: account.id })
    const now = deps.clock.now()
    if (day > businessDateOf(now)) throw depositErrors.day_not_over({ day })
    const told = { told_by: actor.name, told_at: now, updated_at: now }
    await insertDay(tx, key, { day, total_fen: totalFen, drawn_fen: ZERO, ...told })
    await drawOpenDays(deps, tx, key)
    await tellIfLow(deps, tx, key)
    const charged = await findDay(tx, key, day)
    assert(charged, 'the day was written down')
    return charged
  })

/** What days cost that the deposit had not, the oldest first, as far as it goes now. With the account locked. */
export async function drawOpenDays(
  deps: DepositsDependencies,
  tx: Tx,
  key: AccountKey,
): Promise<void> {
  const account = await lockAccount(tx, key)
  let freeFen = account ? freeOf(account) : ZERO
  for (const { day, total_fen, drawn_fen } of await openDays(tx, key)) {
    const amountFen = minFen(freeFen, subtractFen(total_fen, drawn_fen))
    if (amountFen <= 0) return
    const cause = `deposits:day:${key.accountId}:${day}:${drawn_fen}`
    const holdId = await holdIn(deps, tx, key, { amountFen, cause: `${cause}:hold` })
    assert(holdId !== null, 'what is free can be held')
    await payOut(deps, tx, key, { holdId, amountFen, cause, memo: '住院日费用' })
    await addDrawn(tx, key, { day, drawnFen: addFen(drawn_fen, amountFen) }, deps.clock.now())
    freeFen = subtractFen(freeFen, amountFen)
  }
}

/** The days of a stay, the newest first. */
export const daysOf = (tx: Tx, { hospitalId, accountId }: AccountKey): Promise<DayCharge[]> =>
  days(tx, { hospitalId, accountId }).orderBy('day', 'desc').limit(MOST_DAYS).execute()

const MOST_DAYS = 400

const openDays = (tx: Tx, key: AccountKey): Promise<DayCharge[]> =>
  days(tx, key)
    .where(sql<boolean>`drawn_fen < total_fen`)
    .orderBy('day')
    .execute()

const days = (tx: Tx, { hospitalId, accountId }: AccountKey) =>
  tx
    .withTables<DepositTables>()
    .selectFrom('deposits.day_charge')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('account_id', '=', accountId)

async function findDay(tx: Tx, key: AccountKey, day: BusinessDate): Promise<DayCharge | null> {
  const row = await days(tx, key).where('day', '=', day).executeTakeFirst()
  return row ?? null
}

async function insertDay(
  tx: Tx,
  { hospitalId, accountId }: AccountKey,
  row: Omit<DayCharge, 'hospital_id' | 'account_id'>,
): Promise<void> {
  await tx
    .withTables<DepositTables>()
    .insertInto('deposits.day_charge')
    .values({ hospital_id: hospitalId, account_id: accountId, ...row })
    .execute()
}

async function addDrawn(
  tx: Tx,
  { hospitalId, accountId }: AccountKey,
  { day, drawnFen }: { day: BusinessDate; drawnFen: Fen },
  now: Date,
): Promise<void> {
  await tx
    .withTables<DepositTables>()
    .updateTable('deposits.day_charge')
    .set({ drawn_fen: drawnFen, updated_at: now })
    .where('hospital_id', '=', hospitalId)
    .where('account_id', '=', accountId)
    .where('day', '=', day)
    .executeTakeFirstOrThrow()
}
