import { XMLParser } from 'fast-xml-parser'
import { strFromU8, unzipSync } from 'fflate'
import { expect, it } from 'vitest'

import { fen } from '../kernel/money.ts'
import { workbookBytes, type WorkbookCell } from './workbook.ts'

async function written(rows: readonly (readonly WorkbookCell[])[]) {
  async function* all() {
    yield* rows
  }
  const chunks: Uint8Array[] = []
  const sheet = { name: '账 & 簿', heads: ['摘要', '金额'], widths: [20, 12], rows: all() }
  for await (const chunk of workbookBytes(sheet)) chunks.push(chunk)
  const files = unzipSync(Buffer.concat(chunks))
  return { chunks, read: (path: string) => strFromU8(files[path] ?? new Uint8Array()) }
}

it('writes texts as texts, whatever they begin with, and amounts as numbers', async () => {
  const { read } = await written([
    [{ text: '=1+1 <b>&"' }, { fen: fen(-123_405) }],
    [{ text: `a\u0000\uFFFF\u{1F600}` }, null],
  ])
  const xml = read('xl/worksheets/sheet1.xml')
  const parser = new XMLParser({ ignoreAttributes: false, parseTagValue: false, trimValues: false })
  const [head, first, second] = parser.parse(xml).worksheet.sheetData.row
  expect(head.c.map((cell: never) => cell['is']['t']['#text'])).toEqual(['摘要', '金额'])
  expect(first.c[0]).toMatchObject({ '@_t': 'inlineStr', is: { t: { '#text': '=1+1 <b>&"' } } })
  expect(first.c[1]).toEqual({ '@_s': '1', v: '-1234.05' })
  expect(second.c[0].is.t['#text']).toBe('a\u{1F600}')
  expect(xml).not.toContain('<f>')
  expect(read('xl/workbook.xml')).toContain('name="账 &amp; 簿"')
})

it('gives its bytes while rows still come', async () => {
  const { chunks, read } = await written(
    Array.from({ length: 3_000 }, (_, i) => [
      { text: `${(i * 7_919) % 1_000_003}` },
      { fen: fen(i) },
    ]),
  )
  expect(chunks.length).toBeGreaterThan(5)
  expect(read('xl/worksheets/sheet1.xml').match(/<row>/g)).toHaveLength(3_001)
})
