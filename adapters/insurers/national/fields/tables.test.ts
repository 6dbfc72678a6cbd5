import { readFileSync } from 'node:fs'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { generateTables } from './generate.ts'
import type { FieldRows } from './supplement.ts'

const baseLine = JSON.parse(
  readFileSync(join(import.meta.dirname, 'base-line.json'), 'utf8'),
) as FieldRows

it('the tables are those of the documents', async () => {
  await expect(generateTables(baseLine)).toMatchFileSnapshot('tables.gen.ts')
})
