import { type Selectable, sql } from 'kysely'

import type { HospitalId } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import type { Tx } from '../../platform/db.ts'
import type { EntryId } from '../ledger/index.ts'
import type { Book, Finding } from './assemble.ts'
import type { AccountingTables, VoucherId } from './tables.ts'

export type DayRow = Selectable<AccountingTables['accounting.day']>
export type VoucherRow = Selectable<AccountingTables['accounting.voucher']>
export type LineRow = Selectable<AccountingTables['accounting.line']>
export type SourceRow = Selectable<AccountingTables['accounting.source']>
export type DayKey = { hospitalId: HospitalId; date: BusinessDate }

/** The day, locked; made if it was not there. */
export async function lockDay(tx: Tx, { hospitalId, date }: DayKey): Promise<DayRow> {
  await tx
    .withTables<AccountingTables>()
    .insertInto('accounting.day')
    .values({
      hospital_id: hospitalId,
      business_date: date,
      status: 'open',
      version: 0,
      findings: '[]',
      transfers: 0,
      made_at: null,
    })
    .onConflict((conflict) => conflict.columns(['hospital_id', 'business_date']).doNothing())
    .execute()
  return tx
    .withTables<AccountingTables>()
    .selectFrom('accounting.day')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('business_date', '=', date)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

export async function updateDay(
  tx: Tx,
  { hospital_id, business_date }: DayRow,
  {
    findings,
    ...change
  }: Pick<DayRow, 'status' | 'version' | 'transfers' | 'made_at'> & {
    findings: readonly Finding[]
  },
): Promise<void> {
  await tx
    .withTables<AccountingTables>()
    .updateTable('accounting.day')
    .set({ ...change, findings: JSON.stringify(findings) })
    .where('hospital_id', '=', hospital_id)
    .where('business_date', '=', business_date)
    .executeTakeFirstOrThrow()
}

const MOST_DAYS = 400

export const daysBetween = (
  tx: Tx,
  hospitalId: HospitalId,
  { from, to }: { from: BusinessDate; to: BusinessDate },
): Promise<DayRow[]> =>
  tx
    .withTables<AccountingTables>()
    .selectFrom('accounting.day')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('business_date', '>=', from)
    .where('business_date', '<=', to)
    .orderBy('business_date')
    .limit(MOST_DAYS)
    .execute()

/** Which transfers of these entries are in a voucher, or left out, already: 'entry/number'. */
export async function handledOf(
  tx: Tx,
  hospitalId: HospitalId,
  entryIds: readonly EntryId[],
): Promise<Set<string>> {
  if (entryIds.length === 0) return new Set()
  const rows = await tx
    .withTables<AccountingTables>()
    .selectFrom('accounting.source')
    .select(['entry_id', 'transfer_no'])
    .where('hospital_id', '=', hospitalId)
    .where('entry_id', 'in', entryIds)
    .execute()
  return new Set(rows.map((row) => `${row.entry_id}/${row.transfer_no}`))
}

/** The next number of a month and type. Nobody else has one until this transaction is over. */
export async function takeNumber(
  tx: Tx,
  hospitalId: HospitalId,
  { month, type }: { month: string; type: string },
): Promise<number> {
  const { rows } = await sql<{ no: number }>`
    insert into accounting.counter as c (hospital_id, month, type, last_no)
    values (${hospitalId}, ${month}, ${type}, 1)
    on conflict (hospital_id, month, type) do update set last_no = c.last_no + 1
    returning last_no as no`.execute(tx)
  const [row] = rows
  if (!row) throw new Error('a counter returns its number')
  return row.no
}

const ROWS_AT_ONCE = 1_000

export async function insertLines(
  tx: Tx,
  rows: readonly (Omit<LineRow, 'aux'> & { aux: LineRow['aux'] })[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += ROWS_AT_ONCE) {
    await tx
      .withTables<AccountingTables>()
      .insertInto('accounting.line')
      .values(
        rows.slice(from, from + ROWS_AT_ONCE).map((row) => ({
          ...row,
          aux: JSON.stringify(row.aux),
        })),
      )
      .execute()
  }
}

export async function insertVoucher(tx: Tx, row: VoucherRow): Promise<void> {
  await tx.withTables<AccountingTables>().insertInto('accounting.voucher').values(row).execute()
}

const SOURCES_AT_ONCE = 5_000

/** All of one voucher, or all of none. As columns: a day has many, and most of the time would go into naming their places. */
export async function insertSources(
  tx: Tx,
  { hospitalId, date }: DayKey,
  voucherId: VoucherId | null,
  rows: readonly NewSource[],
): Promise<void> {
  for (let from = 0; from < rows.length; from += SOURCES_AT_ONCE) {
    const some = rows.slice(from, from + SOURCES_AT_ONCE)
    const column = <Name extends keyof NewSource>(name: Name) => some.map((row) => row[name])
    await sql`
      insert into accounting.source (hospital_id, business_date, voucher_id, entry_id, transfer_no,
        part_no, amount_fen, cause, subject, financial_debit, financial_credit, budget_debit,
        budget_credit)
      select ${hospitalId}, ${date}::date, ${voucherId}::uuid, c.*
      from unnest(${column('entry_id')}::uuid[], ${column('transfer_no')}::int[],
        ${column('part_no')}::int[], ${column('amount_fen')}::bigint[], ${column('cause')}::text[],
        ${column('subject')}::text[], ${column('financial_debit')}::int[],
        ${column('financial_credit')}::int[], ${column('budget_debit')}::int[],
        ${column('budget_credit')}::int[]) c`.execute(tx)
  }
}

export type NewSource = Omit<SourceRow, 'hospital_id' | 'business_date' | 'voucher_id'>

const MOST_VOUCHERS = 2_000

/** In the order of the accounting system: by month, type and number. */
export const vouchersBetween = (
  tx: Tx,
  hospitalId: HospitalId,
  { from, to }: { from: BusinessDate; to: BusinessDate },
): Promise<VoucherRow[]> =>
  tx
    .withTables<AccountingTables>()
    .selectFrom('accounting.voucher')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('business_date', '>=', from)
    .where('business_date', '<=', to)
    .orderBy('month')
    .orderBy('type')
    .orderBy('no')
    .limit(MOST_VOUCHERS)
    .execute()

export type VoucherKey = { hospitalId: HospitalId; id: VoucherId }

export async function findVoucher(
  tx: Tx,
  { hospitalId, id }: VoucherKey,
): Promise<VoucherRow | null> {
  const row = await tx
    .withTables<AccountingTables>()
    .selectFrom('accounting.voucher')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

/** The financial book first, each in its order, after a line of one of them. */
export const linesOf = (
  tx: Tx,
  { hospitalId, id }: VoucherKey,
  { book, after, limit }: { book: Book; after: number; limit: number },
): Promise<LineRow[]> =>
  tx
    .withTables<AccountingTables>()
    .selectFrom('accounting.line')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('voucher_id', '=', id)
    .where('book', '=', book)
    .where('line_no', '>', after)
    .orderBy('line_no')
    .limit(limit)
    .execute()

/** What a line is the sum of, after one of them. */
export async function sourcesOfLine(
  tx: Tx,
  { hospitalId, id }: VoucherKey,
  {
    book,
    lineNo,
    after,
    limit,
  }: {
    book: Book
    lineNo: number
    after: { entryId: EntryId; transferNo: number; partNo: number } | null
    limit: number
  },
): Promise<SourceRow[]> {
  let query = tx
    .withTables<AccountingTables>()
    .selectFrom('accounting.source')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('voucher_id', '=', id)
    .where((eb) =>
      eb.or([
        eb(book === 'financial' ? 'financial_debit' : 'budget_debit', '=', lineNo),
        eb(book === 'financial' ? 'financial_credit' : 'budget_credit', '=', lineNo),
      ]),
    )
  if (after) {
    query = query.where((eb) =>
      eb(
        eb.refTuple('entry_id', 'transfer_no', 'part_no'),
        '>',
        eb.tuple(after.entryId, after.transferNo, after.partNo),
      ),
    )
  }
  return query.orderBy('entry_id').orderBy('transfer_no').orderBy('part_no').limit(limit).execute()
}
