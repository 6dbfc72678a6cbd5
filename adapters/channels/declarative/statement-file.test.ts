import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'

import { zipSync } from 'fflate'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'

import type { StatementFile } from './schema-file.ts'
import { readBill } from './statement-file.ts'
import { matchNumbers } from './statement-table.ts'
import { unpack } from './statement-unpack.ts'
import { descriptorOf } from './testing/bench-kit.ts'

function fileOf(name: string): StatementFile {
  const { statement } = descriptorOf(name)
  if (statement === undefined) throw new Error(`${name} has a statement`)
  return statement.file
}

const DCEP = fileOf('digital-rmb')
const ALIPAY = fileOf('alipay-precreate')
const WALLET = fileOf('cross-border-wallet')

const BILL = [
  '#DCEP STATEMENT 2026-11-21 880100000001',
  'type|orderNo|refundNo|walletNo|amount|fee|time',
  'PAY|T1||W1|123.45|0.25|20261121093000',
  'PAY|T2||W2|0.01|0.00|20261121235959',
  'REFUND|T1|R1|W3|23.45|0.00|20261121101500',
  '#PAY 2 123.46',
  '#REFUND 1 23.45',
  '#END',
  '',
].join('\n')

const outcomeOf = (text: string, file = DCEP) => {
  const bill = readBill(file, text, {})
  return bill.outcome === 'refused' ? bill.code : bill.outcome
}

it('reads charges and returns with their numbers, amounts and moments', () => {
  expect(readBill(DCEP, BILL, {})).toEqual({
    outcome: 'read',
    feeFen: 25,
    lines: [
      {
        kind: 'charge',
        ourNo: 'T1',
        providerNo: 'W1',
        amountFen: 12_345,
        at: new Date('2026-11-21T09:30:00+08:00'),
        feeFen: 25,
      },
      {
        kind: 'charge',
        ourNo: 'T2',
        providerNo: 'W2',
        amountFen: 1,
        at: new Date('2026-11-21T23:59:59+08:00'),
        feeFen: 0,
      },
      {
        kind: 'return',
        ourNo: 'R1',
        providerNo: 'W3',
        amountFen: 2_345,
        at: new Date('2026-11-21T10:15:00+08:00'),
        feeFen: 0,
      },
    ],
  })
})

describe('is refused whole', () => {
  it.each([
    ['without its end', BILL.replace('#END\n', ''), 'truncated'],
    ['without a total', BILL.replace('#REFUND 1 23.45\n', ''), 'truncated'],
    ['with a row taken out', BILL.replace(/PAY\|T2.*\n/, ''), 'truncated'],
    ['with an amount changed', BILL.replace('|0.01|', '|0.02|'), 'sums'],
    [
      'with two amounts exchanged between kinds',
      BILL.replace('#REFUND 1 23.45', '#REFUND 1 23.46'),
      'sums',
    ],
    ['with a third decimal', BILL.replace('|0.01|', '|0.011|'), 'layout'],
    [
      'with an amount of zero',
      BILL.replace('|0.01|', '|0.00|').replace('123.46', '123.45'),
      'layout',
    ],
    ['with a kind nobody knows', BILL.replace('PAY|T2', 'FEE|T2'), 'layout'],
    ['with a column taken out of a row', BILL.replace('PAY|T2||', 'PAY|T2|'), 'layout'],
    ['with a day that does not exist', BILL.replace('20261121235959', '20261131235959'), 'layout'],
    ['without our number', BILL.replace('PAY|T2', 'PAY|'), 'layout'],
    ['with a column that stands twice', BILL.replace('type|orderNo', 'type|type'), 'layout'],
    ['that is empty', '', 'truncated'],
  ])('%s', (_what, text, code) => {
    expect(outcomeOf(text)).toBe(code)
  })
})

it('reads a JSON statement with returns below zero', () => {
  const row = (type: string, reference: string, amount: number) => ({
    type,
    reference,
    walletReference: `W-${reference}`,
    amount,
    fee: 3,
    at: '2026-11-21T09:30:00+08:00',
  })
  const totals = { captures: 1, captured: 500, refunds: 1, refunded: -200, fees: 6 }
  const statement = { rows: [row('CAPTURE', 'T1', 500), row('REFUND', 'R1', -200)], totals }
  expect(readBill(WALLET, JSON.stringify(statement), {})).toMatchObject({
    feeFen: 6,
    lines: [
      { kind: 'charge', amountFen: 500 },
      { kind: 'return', amountFen: 200 },
    ],
  })
  const wrong = { ...statement, rows: [row('CAPTURE', 'T1', 500), row('REFUND', 'R1', 200)] }
  expect(outcomeOf(JSON.stringify(wrong), WALLET)).toBe('sums')
  expect(outcomeOf(JSON.stringify(statement).slice(0, -9), WALLET)).toBe('truncated')
  expect(outcomeOf(JSON.stringify({ rows: statement.rows }), WALLET)).toBe('truncated')
  expect(outcomeOf(JSON.stringify({ ...statement, rows: {} }), WALLET)).toBe('layout')
})

it('finds the numbers in a line of totals, and no line that only looks like it', () => {
  const pattern = '#交易合计：{payments}笔，商家实收共{received}元，商家优惠共{}元'
  expect(matchNumbers(pattern, '#交易合计：6笔，商家实收共0.06元，商家优惠共0.00元')).toEqual([
    ['payments', '6'],
    ['received', '0.06'],
  ])
  expect(matchNumbers(pattern, '#交易合计：6笔，商家实收共0.06元')).toBeNull()
  expect(matchNumbers(pattern, '#交易合计：六笔，商家实收共0.06元，商家优惠共0.00元')).toBeNull()
})

describe('unpacking', () => {
  const bytes = Buffer.from(BILL)
  const gzip = gzipSync(bytes)
  const hash = createHash('sm3').update(gzip).digest('hex')

  it('proves the hash, unpacks and reads', () => {
    expect(unpack(DCEP, gzip, hash.toUpperCase())).toEqual({ outcome: 'unpacked', content: BILL })
    expect(unpack(DCEP, gzip, hash.replace(/^./, 'x'))).toMatchObject({ code: 'hash' })
    expect(unpack(DCEP, gzip, null)).toMatchObject({ code: 'hash' })
  })

  it('refuses what was cut, and what would become endless', () => {
    const { hash: _hash, ...file } = DCEP
    expect(unpack(file, gzip.subarray(0, -9), null)).toMatchObject({ code: 'truncated' })
    expect(unpack(file, Buffer.from('<html>'), null)).toMatchObject({ code: 'truncated' })
    const bomb = gzipSync(Buffer.alloc(300 * 1024 * 1024))
    expect(unpack(file, bomb, null)).toMatchObject({ code: 'truncated' })
  })

  it('finds one file in a zip whose names are in GBK, and its text', () => {
    const zip = zipOfGbk({ '业务明细.csv': '明细', '业务明细(汇总).csv': '汇总' })
    expect(unpack(ALIPAY, zip, null)).toEqual({ outcome: 'unpacked', content: '明细' })
    expect(unpack(ALIPAY, zipOfGbk({ 'other.csv': 'x' }), null)).toMatchObject({ code: 'layout' })
    const two = zipOfGbk({ '业务明细1.csv': 'a', '业务明细2.csv': 'b' })
    expect(unpack(ALIPAY, two, null)).toMatchObject({ code: 'layout' })
    expect(unpack(ALIPAY, zip.subarray(0, -30), null)).toMatchObject({ code: 'truncated' })
  })

  it('takes no text of another encoding', () => {
    const { hash: _hash, compression: _compression, ...plain } = DCEP
    expect(unpack(plain, iconv.encode(BILL.replace('T1', '编'), 'gbk'), null)).toMatchObject({
      code: 'encoding',
    })
    expect(unpack(plain, Buffer.from('a\0b'), null)).toMatchObject({ code: 'encoding' })
    expect(unpack({ ...plain, encoding: 'gbk' }, Buffer.from([0x81]), null)).toMatchObject({
      code: 'encoding',
    })
  })
})

/** The library writes names in UTF-8 and says so; Alipay writes GBK and says nothing: so each name is put in by its bytes. */
function zipOfGbk(files: Record<string, string>): Buffer {
  const entries = Object.entries(files).map(([name, text]) => [
    iconv.encode(name, 'gbk').toString('latin1'),
    new Uint8Array(iconv.encode(text, 'gbk')),
  ])
  const zip = Buffer.from(zipSync(Object.fromEntries(entries) as Record<string, Uint8Array>))
  let text = zip.toString('latin1')
  for (const name of Object.keys(files)) {
    const gbk = iconv.encode(name, 'gbk')
    const utf8 = Buffer.from(gbk.toString('latin1'), 'utf8')
    // The same length is kept by a tail of dots, which the name's test does not look at.
    const padded = Buffer.concat([gbk, Buffer.alloc(Math.max(0, utf8.length - gbk.length), '.')])
    text = text.replaceAll(utf8.toString('latin1'), padded.toString('latin1'))
  }
  const bytes = Buffer.from(text, 'latin1')
  for (let at = 0; (at = bytes.indexOf('PK\x03\x04', at, 'latin1')) >= 0; at += 4) bytes[at + 7] = 0
  for (let at = 0; (at = bytes.indexOf('PK\x01\x02', at, 'latin1')) >= 0; at += 4) bytes[at + 9] = 0
  return bytes
}
