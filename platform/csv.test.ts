import { expect, it } from 'vitest'

import { fen } from '../kernel/money.ts'
import { csvLine, csvRow } from './csv.ts'

it.each([
  ['a formula', { text: '=1+1' }, `'=1+1`],
  ['a wide formula', { text: '＝1+1' }, `'＝1+1`],
  ['a formula after a blank', { text: ' =1' }, `' =1`],
  ['what is no amount of ours', { text: '-12.50' }, `'-12.50`],
  ['a link in quotes', { text: '=HYPERLINK("x")' }, `"'=HYPERLINK(""x"")"`],
  ['a tab', { text: '\t=1' }, `"'\t=1"`],
  ['two lines', { text: 'a\nb' }, '"a\nb"'],
  ['a long number', { id: '4200002312202611210000000001' }, '"\t4200002312202611210000000001"'],
  ['an id that is a formula', { id: '@x' }, `'@x`],
  ['no id', { id: null }, ''],
  ['an amount', { fen: fen(-1_205) }, '-12.05'],
])('a cell with %s is harmless and whole', (_what, cell, text) => {
  expect(csvRow([cell])).toBe(`${text}\r\n`)
})

it('a line of texts keeps its numbers', () => {
  expect(csvLine(['-12.50', '-1+1', '12'])).toBe(`-12.50,'-1+1,12\r\n`)
})
