import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { generate, PostgresDialect } from 'kysely-codegen'
import { format, type FormatConfig } from 'oxfmt'
import { expect, it } from 'vitest'

import { openDb } from '../platform/db.ts'
import { createTestDatabase } from '../platform/testing/database.ts'

// tests/database.gen.ts says which tables and columns the migrations make, and tests/tables.types.ts holds
// every module's tables.ts against it. The file is made anew here, so it cannot fall behind a migration.

const ROOT = join(import.meta.dirname, '..')
const NOT_OURS = 'public.*'
const LONG = '// oxlint-disable max-lines\n'
/** A jsonb column that must not be null reads as if it could be, unless its type leaves null out. */
const JSON_WITHOUT_NULL = { jsonb: 'object' }

it('database.gen.ts names the tables of the migrated database (else: npx vitest run tests/tables.test.ts -u)', async () => {
  await using database = await createTestDatabase()
  const generated = await describeTables(database.url)
  expect(generated).toContain("'ledger.entry': LedgerEntry")
  await expect(generated).toMatchFileSnapshot('./database.gen.ts')
})

it('a column that a migration adds is seen', async () => {
  await using database = await createTestDatabase()
  const owner = openDb({ url: database.url })
  await owner.schema.alterTable('ledger.entry').addColumn('note', 'text').execute()
  await owner.destroy()
  const generated = await describeTables(database.url)
  expect(generated).not.toBe(readFileSync(join(ROOT, 'tests/database.gen.ts'), 'utf8'))
  expect(generated).toContain('note: string | null')
})

async function describeTables(url: string): Promise<string> {
  const dialect = new PostgresDialect()
  const db = await dialect.introspector.connect({ connectionString: url, dialect })
  try {
    const text = await generate({
      db,
      dialect,
      excludePattern: NOT_OURS,
      typeMapping: JSON_WITHOUT_NULL,
    })
    const options = JSON.parse(readFileSync(join(ROOT, '.oxfmtrc.json'), 'utf8')) as FormatConfig
    const { code, errors } = await format('database.gen.ts', LONG + text, options)
    expect(errors).toEqual([])
    return code
  } finally {
    await db.destroy()
  }
}
