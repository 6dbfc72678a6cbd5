import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { FileRefused } from '../refusal.ts'
import { cellText } from './cells.ts'
import { createCutter, type CutOptions, SCAN_LIMITS } from './cutter.ts'

const CSV: CutOptions = {
  separator: ',',
  quote: '"',
  cellPrefix: null,
  encoding: 'utf-8',
  limits: SCAN_LIMITS,
}

function cutAll(pieces: readonly Uint8Array[], options: Partial<CutOptions> = {}): string[][] {
  const whole = { ...CSV, ...options }
  const rows: string[][] = []
  const cutter = createCutter(whole, (row) =>
    rows.push(Array.from({ length: row.cells }, (_, i) => cellText(row, i, whole.encoding))),
  )
  for (const piece of pieces) cutter.push(piece)
  cutter.end()
  return rows
}

const cutText = (text: string, options: Partial<CutOptions> = {}) =>
  cutAll([Buffer.from(text)], options)

const refusalOf = (work: () => unknown): string => {
  try {
    work()
    return 'taken'
  } catch (error) {
    if (error instanceof FileRefused) return error.code
    throw error
  }
}

/** Cuts bytes at the given shares of their length. */
function split(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].toSorted(
    (a, b) => a - b,
  )
  return [0, ...at].map((from, i) => bytes.subarray(from, at[i] ?? bytes.length))
}

describe('createCutter', () => {
  it.each<[string, string, Partial<CutOptions>, string[][]]>([
    [
      '\\n',
      'a,b\nc,d\n',
      {},
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      '\\r\\n',
      'a,b\r\nc,d\r\n',
      {},
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      '\\r',
      'a,b\rc,d\r',
      {},
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'no end',
      'a,b\nc,d',
      {},
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
    [
      'empty cells',
      ',\n,,',
      {},
      [
        ['', ''],
        ['', '', ''],
      ],
    ],
    ['spaces at ends', ' a\t, b \n', {}, [['a', 'b']]],
    [
      'quotes',
      '"a,b","c""d"\n"e\nf",g',
      {},
      [
        ['a,b', 'c"d'],
        ['e\nf', 'g'],
      ],
    ],
    ['a quote inside', 'a"b,"c"\n', {}, [['a"b', 'c']]],
    ['two bytes', 'a|#b|c|#\n', { separator: '|#' }, [['a', 'b|c', '']]],
    ['a roof', 'a^b\n', { separator: '^' }, [['a', 'b']]],
    ['tabs', 'a\tb\n', { separator: '\t' }, [['a', 'b']]],
    [
      'backticks',
      'a,b\n`1,2,`3\n',
      { cellPrefix: '`', quote: null },
      [
        ['a', 'b'],
        ['1,2', '3'],
      ],
    ],
    ['one column of backticks', '`1\n', { cellPrefix: '`', quote: null }, [['1']]],
  ])('cuts a list with %s', (_what, text, options, rows) => {
    expect(cutText(text, options)).toEqual(rows)
  })

  it('steps over second bytes of GBK that look like a separator', () => {
    // 0x7c is "|" and 0x5c a backslash; here they are halves of characters.
    const bytes = Buffer.from([0x81, 0x7c, 0x7c, 0x95, 0x5c, 0x0a])
    const rows = cutAll([bytes], { separator: '|', encoding: 'gb18030' })
    expect(rows).toEqual([['亅', '昞']])
  })

  it.each<[string, Buffer, Partial<CutOptions>, string]>([
    ['a NUL', Buffer.from('a,\0b\n'), {}, 'nul'],
    ['a NUL in quotes', Buffer.from('"a\0b"\n'), {}, 'nul'],
    ['bytes that are no UTF-8', Buffer.from([0x61, 0xff, 0x0a]), {}, 'encoding'],
    ['GBK for UTF-8', Buffer.from([0xd6, 0xd0, 0x0a]), {}, 'encoding'],
    ['half a character of GBK', Buffer.from([0xd6]), { encoding: 'gb18030' }, 'encoding'],
    ['a byte GBK has not', Buffer.from([0xff, 0x41]), { encoding: 'gb18030' }, 'encoding'],
    ['quotes that do not end', Buffer.from('"a,b\nc'), {}, 'truncated'],
    ['text behind quotes', Buffer.from('"a"b,c\n'), {}, 'quote'],
    ['a long line', Buffer.alloc(1_048_577, 0x61), {}, 'line_too_long'],
    ['a long cell', Buffer.alloc(65_537, 0x61), {}, 'cell_too_long'],
    ['many columns', Buffer.alloc(513, 0x2c), {}, 'too_many_columns'],
    [
      'many rows',
      Buffer.alloc(12, 0x0a),
      { limits: { ...SCAN_LIMITS, rows: 11 } },
      'too_many_rows',
    ],
  ])('refuses %s', (_what, bytes, options, code) => {
    expect(refusalOf(() => cutAll([bytes], options))).toBe(code)
  })

  it('F-106 refuses a line of two gigabytes at its limit, and takes no memory for the rest', () => {
    const megabyte = Buffer.alloc(1_048_576, 0x61)
    const before = process.memoryUsage().arrayBuffers
    let taken = 0
    const code = refusalOf(() => {
      const cutter = createCutter(CSV, () => undefined)
      for (let i = 0; i < 2_048; i++) {
        cutter.push(megabyte)
        taken++
      }
    })
    expect([code, taken]).toEqual(['line_too_long', 1])
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(16 * 1_048_576)
  })

  it('F-106 gives the same rows wherever the stream is cut', () => {
    const anyCell = fc.stringMatching(/^[a-z0-9 ,"|中文。\n]{0,12}$/)
    const anyRows = fc.array(fc.array(anyCell, { minLength: 1, maxLength: 5 }), { maxLength: 12 })
    const anyEnd = fc.constantFrom('\n', '\r\n')
    fc.assert(
      fc.property(anyRows, anyEnd, fc.array(fc.nat(), { maxLength: 30 }), (rows, eol, places) => {
        const line = (cells: string[]) =>
          cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',') + eol
        const bytes = Buffer.from(rows.map(line).join(''))
        const wanted = rows.map((cells) => cells.map((cell) => cell.trim()))
        const trimmed = (all: string[][]) => all.map((cells) => cells.map((cell) => cell.trim()))
        expect(trimmed(cutAll(split(bytes, places)))).toEqual(trimmed(wanted))
        const everyByte = Array.from(bytes, (_, i) => i)
        expect(trimmed(cutAll(split(bytes, everyByte)))).toEqual(trimmed(wanted))
      }),
      { numRuns: 200 },
    )
  })

  it('gives the same rows or the same refusal for any bytes, wherever they are cut', () => {
    const someBytes = fc.uint8Array({ maxLength: 60 })
    const anyOption = fc.record({
      encoding: fc.constantFrom('utf-8' as const, 'gb18030' as const),
      separator: fc.constantFrom(',', '|#'),
      cellPrefix: fc.constantFrom(null, '`'),
    })
    const told = (pieces: readonly Uint8Array[], options: Partial<CutOptions>) => {
      try {
        return cutAll(pieces, options)
      } catch (error) {
        if (error instanceof FileRefused) return 'refused'
        throw error
      }
    }
    fc.assert(
      fc.property(someBytes, anyOption, fc.array(fc.nat()), (bytes, options, places) => {
        const whole = Buffer.from(bytes)
        expect(told(split(whole, places), options)).toEqual(told([whole], options))
      }),
      { numRuns: 500 },
    )
  })
})
