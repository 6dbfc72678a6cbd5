import { expect, it } from 'vitest'

import { csvOf, xlsxOf } from './files.ts'
import type { Table } from './tables.ts'

const TABLE: Table<number> = {
  name: 'n',
  heads: ['n'],
  widths: [8],
  cellsOf: (count) => [{ text: String(count) }],
}
const ROWS = 50_000

async function* pages(rows: number) {
  for (let from = 0; from < rows; from += 500) {
    yield Array.from({ length: Math.min(500, rows - from) }, (_, i) => from + i)
  }
}

it('a workbook has a limit that is said, and CSV has none', async () => {
  await expect(xlsxOf(TABLE, pages(ROWS + 1))).rejects.toMatchObject({
    code: 'reconciliation.export_too_long',
    params: { most: ROWS },
  })
  let bytes = 0
  for await (const piece of await xlsxOf(TABLE, pages(ROWS))) bytes += piece.length
  expect(bytes).toBeGreaterThan(ROWS)
  let lines = 0
  for await (const text of csvOf(TABLE, pages(ROWS + 1))) lines += text.split('\r\n').length - 1
  expect(lines).toBe(ROWS + 2)
})
