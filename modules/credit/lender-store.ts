import { createHash } from 'node:crypto'

import type { Selectable } from 'kysely'

import type { Db, Tx } from '../../platform/db.ts'
import type { CreditTables } from './tables.ts'
import type { LenderId, Product, ProductId } from './terms.ts'

// The one place that reads or writes the small directories: lenders, their products and the texts of consent.

const tables = (db: Db | Tx) => db.withTables<CreditTables>()

/** `form`: 'built_in' for a bank that only wants the ledger, 'bank_api' for one with an interface of its own. */
export type LenderEntry = {
  lenderId: LenderId
  name: { zh: string; en: string }
  form: 'built_in' | 'bank_api'
  status: 'active' | 'suspended'
}

/** Adds a lender, or changes its name and status. Its form stays. */
export async function saveLender(db: Db | Tx, lender: LenderEntry, now: Date): Promise<void> {
  const { name, status } = lender
  const changing = { name_zh: name.zh, name_en: name.en, status }
  await tables(db)
    .insertInto('credit.lender')
    .values({ lender_id: lender.lenderId, form: lender.form, created_at: now, ...changing })
    .onConflict((conflict) => conflict.column('lender_id').doUpdateSet(changing))
    .execute()
}

export async function listLenders(db: Db | Tx): Promise<LenderEntry[]> {
  const rows = await tables(db)
    .selectFrom('credit.lender')
    .selectAll()
    .orderBy('lender_id')
    .execute()
  return rows.map(toLender)
}

export async function findLender(db: Db | Tx, lenderId: LenderId): Promise<LenderEntry | null> {
  const row = await tables(db)
    .selectFrom('credit.lender')
    .selectAll()
    .where('lender_id', '=', lenderId)
    .executeTakeFirst()
  return row ? toLender(row) : null
}

/** False when there is one of that name: terms never change. */
export async function insertProduct(db: Db | Tx, product: Product, now: Date): Promise<boolean> {
  const { lenderId, id, status, ...terms } = product
  const { numInsertedOrUpdatedRows } = await tables(db)
    .insertInto('credit.product')
    .values({
      lender_id: lenderId,
      product_id: id,
      status,
      terms: JSON.stringify(terms),
      created_at: now,
    })
    .onConflict((conflict) => conflict.columns(['lender_id', 'product_id']).doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

/** Withdrawn: nobody can apply for it any more; what was agreed by it stands. */
export async function setProductStatus(
  db: Db | Tx,
  { lenderId, id, status }: Pick<Product, 'lenderId' | 'id' | 'status'>,
): Promise<void> {
  await tables(db)
    .updateTable('credit.product')
    .set({ status })
    .where('lender_id', '=', lenderId)
    .where('product_id', '=', id)
    .execute()
}

export async function findProduct(
  db: Db | Tx,
  lenderId: LenderId,
  id: ProductId,
): Promise<Product | null> {
  const row = await tables(db)
    .selectFrom('credit.product')
    .selectAll()
    .where('lender_id', '=', lenderId)
    .where('product_id', '=', id)
    .executeTakeFirst()
  return row ? toProduct(row) : null
}

/** All products that are offered, of all lenders. */
export async function offeredProducts(db: Db | Tx): Promise<Product[]> {
  const rows = await tables(db)
    .selectFrom('credit.product')
    .selectAll()
    .where('status', '=', 'offered')
    .orderBy('lender_id')
    .orderBy('product_id')
    .execute()
  return rows.map(toProduct)
}

export type ConsentText = { version: string; zh: string; en: string; sha256: string }

/** Keeps a text. One of that version that is there already stays as it is. */
export async function insertConsentText(
  db: Db | Tx,
  lenderId: LenderId,
  text: Omit<ConsentText, 'sha256'>,
): Promise<void> {
  const sha256 = createHash('sha256').update(`${text.zh}\n${text.en}`).digest('hex')
  await tables(db)
    .insertInto('credit.consent_text')
    .values({ lender_id: lenderId, ...text, sha256 })
    .onConflict((conflict) => conflict.columns(['lender_id', 'version']).doNothing())
    .execute()
}

export async function findConsentText(
  db: Db | Tx,
  lenderId: LenderId,
  version: string,
): Promise<ConsentText | null> {
  const row = await tables(db)
    .selectFrom('credit.consent_text')
    .select(['version', 'zh', 'en', 'sha256'])
    .where('lender_id', '=', lenderId)
    .where('version', '=', version)
    .executeTakeFirst()
  return row ?? null
}

const toLender = (row: Selectable<CreditTables['credit.lender']>): LenderEntry => ({
  lenderId: row.lender_id,
  name: { zh: row.name_zh, en: row.name_en },
  form: row.form,
  status: row.status,
})

const toProduct = (row: Selectable<CreditTables['credit.product']>): Product => ({
  ...row.terms,
  lenderId: row.lender_id,
  id: row.product_id,
  status: row.status,
})
