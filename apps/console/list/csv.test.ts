import fc from 'fast-check'
import { expect, it } from 'vitest'

import { fen, parseYuan } from '../../../kernel/money.ts'
import { csvRow } from './csv.ts'
import { everyRow } from './pages.ts'

it('keeps long and zero-led numbers as texts', () => {
  expect(csvRow([{ id: '4200002312202611210000000001' }, { id: '0231' }, { id: 'B-7' }])).toBe(
    '"\t4200002312202611210000000001","\t0231",B-7\r\n',
  )
  expect(csvRow([{ id: '12E5' }, { id: null }])).toBe('"\t12E5",\r\n')
})

it('quotes what would break the row, and disarms what would be run', () => {
  expect(csvRow([{ text: 'a,"b"\nc' }, { text: '=1+1' }, { text: '@SUM(A1)' }])).toBe(
    '"a,""b""\nc",\'=1+1,\'@SUM(A1)\r\n',
  )
  for (const start of ['=', '+', '-', '@', '\t', '\r']) {
    fc.assert(
      fc.property(fc.string(), (rest) => {
        expect(csvRow([{ text: start + rest }])).toMatch(/^"?'/)
      }),
    )
  }
})

it('writes amounts as yuan that read back to the fen, negative ones too', () => {
  fc.assert(
    fc.property(fc.integer({ min: -1e12, max: 1e12 }), (amount) => {
      expect(parseYuan(csvRow([{ fen: amount }]).trim())).toBe(fen(amount))
    }),
  )
  expect(csvRow([{ fen: null }])).toBe('\r\n')
})

it('reads a list to its end, asking for each page once', async () => {
  const source = Array.from({ length: 25 }, (_, i) => i + 1)
  const asked: (number | undefined)[] = []
  const list = {
    page: async (after: number | undefined, limit: number) => {
      asked.push(after)
      return source.filter((n) => n > (after ?? 0)).slice(0, limit)
    },
    cursorOf: (n: number) => n,
    limit: 10,
    most: 100,
    onLimit: () => expect.unreachable(),
  }
  expect(await collect(everyRow(list))).toEqual(source)
  expect(asked).toEqual([undefined, 10, 20])

  let limited = 0
  const few = await collect(everyRow({ ...list, most: 12, onLimit: () => void limited++ }))
  expect([few.length, limited]).toEqual([12, 1])
})

async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = []
  for await (const row of rows) collected.push(row)
  return collected
}
