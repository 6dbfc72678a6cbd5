import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { businessDate } from '../../../kernel/time.ts'
import { bankDayOf, dayFileName, readDayFile } from './day-file.ts'

const MERCHANT = '898510180620001'
const DATE = businessDate('2026-11-21')

const SALE = 'DT000000100000100000220261121093000112100000001' + '01000000012345000000000047'
const REFUND = 'DT000000100000200000320261121235959112100000002' + '03000000002345000000000000'
const CARD = '622202******0123   '
const HEAD = `H${MERCHANT}20261121`
const FOOT = 'T00000002000000000123450000000000234500000000000047'
const good = [HEAD, SALE + CARD, REFUND + CARD, FOOT].map((line) => `${line}\r\n`).join('')

const read = (text: string) => readDayFile(Buffer.from(text, 'latin1'), MERCHANT, DATE)
const changed = (from: string, to: string) => good.replace(from, to)

it('reads every row, with line ends of either kind', () => {
  const rows = [
    {
      terminal: 'T0000001',
      batch: '000001',
      trace: '000002',
      at: new Date('2026-11-21T09:30:00+08:00'),
      providerNo: '112100000001',
      kind: 'charge',
      amountFen: 12_345,
      feeFen: 47,
    },
    {
      terminal: 'T0000001',
      batch: '000002',
      trace: '000003',
      at: new Date('2026-11-21T23:59:59+08:00'),
      providerNo: '112100000002',
      kind: 'return',
      amountFen: 2_345,
      feeFen: 0,
    },
  ]
  expect(read(good)).toMatchObject({ outcome: 'read', rows, content: good })
  expect(read(good.replaceAll('\r\n', '\n'))).toMatchObject({ outcome: 'read', rows })
})

it('reads a day of nothing, and a fee that was given back', () => {
  const empty = `${HEAD}\nT${'0'.repeat(50)}\n`
  expect(read(empty)).toMatchObject({ outcome: 'read', rows: [] })
  const given = changed('000000000000622202', '-00000000040622202').replace(
    '00000000000047\r',
    '00000000000007\r',
  )
  expect(read(given)).toMatchObject({ rows: [{ feeFen: 47 }, { feeFen: -40 }] })
})

describe('is refused whole', () => {
  it.each<[string, string, string]>([
    ['of nothing at all', '', 'layout'],
    ['that is a page of HTML', '<html>\n</html>\n', 'layout'],
    ['without totals', good.slice(0, good.indexOf(FOOT)), 'truncated'],
    ['with its last line cut', good.slice(0, -2), 'truncated'],
    ['with a row less', changed(`${SALE}${CARD}\r\n`, ''), 'truncated'],
    ['with a row twice', changed(REFUND, `${SALE}${CARD}\r\n${REFUND}`), 'truncated'],
    ['of another merchant', changed(MERCHANT, '898510180620002'), 'layout'],
    ['of another day', changed('20261121', '20261122'), 'layout'],
    ['with a changed amount', changed('000000012345', '000000012346'), 'sums'],
    ['with another sum of charges', changed('00000000012345', '00000000012346'), 'sums'],
    ['with another sum of returns', changed('00000000002345', '00000000002340'), 'sums'],
    ['with another sum of fees', changed('00000000000047', '00000000000048'), 'sums'],
    ['with a charge turned into a return', changed('00000101', '00000103'), 'sums'],
    ['with a kind that is new', changed('00000101', '00000109'), 'layout'],
    ['with an amount that is none', changed('000000012345', '0000000123.5'), 'layout'],
    ['with an amount of nothing', changed('000000012345', '000000000000'), 'layout'],
    ['with an hour that is none', changed('20261121093000', '20261121243000'), 'layout'],
    ['with a day that is none', changed('20261121093000', '20261131093000'), 'layout'],
    ['with a wider row', changed(CARD, `${CARD} `), 'layout'],
    ['with a mark that is none', changed('DT', 'XT'), 'layout'],
  ])('a file %s', (_what, text, code) => {
    expect(read(text)).toMatchObject({
      outcome: 'refused',
      code,
      reason: expect.stringMatching(/./),
    })
  })

  it('a file that is no text, and any file that was cut anywhere', () => {
    expect(readDayFile(Buffer.from([0xff, 0xff]), MERCHANT, DATE)).toMatchObject({
      code: 'encoding',
    })
    fc.assert(
      fc.property(fc.nat({ max: good.length - 2 }), (length) => {
        expect(read(good.slice(0, length)).outcome).toBe('refused')
      }),
    )
  })
})

it('names the file and the day in which a moment counts', () => {
  expect(dayFileName(MERCHANT, DATE)).toBe('POS_898510180620001_20261121.txt')
  const at = new Date('2026-11-21T23:00:00+08:00')
  expect(bankDayOf(DATE, at, '00:00:00')).toBe('2026-11-21')
  expect(bankDayOf(DATE, at, '23:00:00')).toBe('2026-11-22')
  expect(bankDayOf(DATE, new Date('2026-11-21T22:59:59+08:00'), '23:00:00')).toBe('2026-11-21')
})
