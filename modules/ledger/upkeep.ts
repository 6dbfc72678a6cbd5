import { sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import { type Db, inHospital, type Tx } from '../../platform/db.ts'
import { type LedgerDependencies, postBatch } from './batch.ts'
import type { HoldId } from './entry.ts'

// What a worker does now and then. Done twice, or by two at once, it comes to the same.

const FOLD_ROWS = 5_000
const SWEEP_HOLDS = 500

/** Folds what was added beside the totals into them, until no more than was added meanwhile is left. How many rows went. */
export async function foldTotals(db: Db, hospitalId: HospitalId): Promise<number> {
  let all = 0
  for (;;) {
    const folded = await inHospital(db, hospitalId, (tx) => foldSome(tx, hospitalId, FOLD_ROWS))
    all += folded
    if (folded < FOLD_ROWS) return all
  }
}

/** Nothing is read between taking the rows and adding them: a row is in the totals or beside them, and never both. */
async function foldSome(tx: Tx, hospitalId: HospitalId, most: number): Promise<number> {
  const { rows } = await sql<{ folded: number }>`
    with due as materialized (
      select account, batch_id, business_date from ledger.rollup
      where hospital_id = ${hospitalId} order by account, batch_id, business_date limit ${most}
    ), locked as materialized (
      select code from ledger.account
      where hospital_id = ${hospitalId} and code in (select account from due)
      order by code for no key update
    ), gone as (
      delete from ledger.rollup
      where hospital_id = ${hospitalId} and account in (select code from locked)
        and (account, batch_id, business_date) in (select account, batch_id, business_date from due)
      returning account, business_date, posted_hour, debit_fen, credit_fen, in_account
    ), hours as (
      insert into ledger.hour_total as h
        (hospital_id, account, business_date, posted_hour, debit_fen, credit_fen)
      select ${hospitalId}::int, account, business_date, posted_hour, sum(debit_fen), sum(credit_fen)
      from gone group by account, business_date, posted_hour
      on conflict (hospital_id, account, business_date, posted_hour) do update
      set debit_fen = h.debit_fen + excluded.debit_fen, credit_fen = h.credit_fen + excluded.credit_fen
    ), standing as (
      update ledger.account a
      set debit_fen = a.debit_fen + g.debit_fen, credit_fen = a.credit_fen + g.credit_fen,
        version = a.version + 1
      from (select account, sum(debit_fen) as debit_fen, sum(credit_fen) as credit_fen
        from gone where not in_account group by account) g
      where a.hospital_id = ${hospitalId} and a.code = g.account
    )
    select count(*) as folded from gone`.execute(tx)
  return rows[0]?.folded ?? 0
}

/** Ends the holds whose time is over, and returns how many. They count no more before that, too. */
export async function expireHolds(
  deps: LedgerDependencies,
  db: Db,
  hospitalId: HospitalId,
): Promise<number> {
  let all = 0
  for (;;) {
    const [due, ended] = await inHospital(db, hospitalId, async (tx) => {
      const ids = await expiredHolds(tx, hospitalId, deps.clock.now())
      const requests = ids.map((holdId) => ({ kind: 'expire_hold', holdId }) as const)
      const results = await postBatch(deps, tx, hospitalId, requests)
      const endings = results.filter(({ outcome }) => outcome === 'ended_as_expired')
      return [ids.length, endings.length] as const
    })
    all += ended
    if (due < SWEEP_HOLDS) return all
  }
}

async function expiredHolds(tx: Tx, hospitalId: HospitalId, now: Date): Promise<HoldId[]> {
  const { rows } = await sql<{ id: HoldId }>`
    select h.id from ledger.hold h
    where h.hospital_id = ${hospitalId} and h.expires_at <= ${now} and not exists (
      select from ledger.hold_end x where x.hospital_id = h.hospital_id and x.hold_id = h.id)
    order by h.expires_at limit ${SWEEP_HOLDS}`.execute(tx)
  return rows.map(({ id }) => id)
}
