import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { describe, expect, it } from 'vitest'

import { readBarcode, readCard } from './card.ts'
import { folderDayFiles } from './day-folder.ts'
import { momentOf } from './moment.ts'
import { readBankPosParams } from './params.ts'
import { isReversed, meaningOf } from './translation.ts'

const KEY = '0123456789ABCDEFFEDCBA9876543210'
const good = {
  name: 'bank',
  profile: 'cups',
  host: 'pos.bank.example',
  port: 8_000,
  merchantId: '898510180620001',
  operator: '001',
  terminals: [{ terminal: 'T0000001', masterKey: KEY }],
  methods: ['card'],
  macAlgorithm: null,
  prefix: null,
  reversalTries: 3,
  dayFile: { cutOver: '23:00:00', readyAt: '06:00:00' },
}
const [terminal] = good.terminals

describe('params', () => {
  it('are read, with keys or with a security module', () => {
    expect(readBankPosParams(good)).toEqual(good)
    const hsm = { ...good, terminals: [{ terminal: 'T0000001', masterKey: null }] }
    expect(readBankPosParams(hsm)).toEqual(hsm)
  })

  it.each<[string, object]>([
    ['/name', { name: 'Bank' }],
    ['/profile', { profile: 'iso' }],
    ['/host', { host: 'a host' }],
    ['/port', { port: 0 }],
    ['/merchantId', { merchantId: '123' }],
    ['/operator', { operator: '1' }],
    ['/terminals', { terminals: [] }],
    ['/terminals/0/masterKey', { terminals: [{ ...terminal, masterKey: KEY.slice(2) }] }],
    ['/terminals/1/terminal', { terminals: [terminal, terminal] }],
    ['/methods', { methods: ['counter'] }],
    ['/methods', { methods: ['card', 'card'] }],
    ['/prefix', { prefix: '6' }],
    ['/reversalTries', { reversalTries: 0 }],
    ['/dayFile/cutOver', { dayFile: { cutOver: '24:00:00', readyAt: '06:00:00' } }],
    ['/extra', { extra: 1 }],
  ])('with another %s are refused by its name', (field, changes) => {
    const problem = expect.objectContaining({
      code: 'bank_pos.params_invalid',
      params: { field: expect.stringContaining(field), reason: expect.any(String) },
    })
    expect(() => readBankPosParams({ ...good, ...changes })).toThrow(problem)
  })

  it('are refused with what is missing, and never with a key', () => {
    const { host, ...rest } = good
    expect(host).toBeDefined()
    expect(() => readBankPosParams(rest)).toThrow('/host')
    expect(() => readBankPosParams(null)).toThrow('params_invalid')
    const wrong = { ...good, terminals: [{ terminal: 'T0000001', masterKey: `${KEY}Z` }] }
    expect(() => readBankPosParams(wrong)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(KEY) }),
    )
  })
})

describe('what a terminal read', () => {
  const card = { entryMode: '021', pan: '6222021234567890123' }

  it('is a card', () => {
    expect(readCard(JSON.stringify(card))).toEqual(card)
    for (const wrong of ['', 'x', '[]', '{}', JSON.stringify({ ...card, pan: '1' }), '6222']) {
      expect(readCard(wrong)).toBeNull()
    }
    expect(readCard(JSON.stringify({ ...card, cvn2: '123' }))).toBeNull()
    expect(readCard(JSON.stringify(card) + ' '.repeat(3_000))).toBeNull()
  })

  it('is a barcode', () => {
    const barcode = '6220123456789012345'
    expect(readBarcode(barcode)).toEqual({ barcode })
    const named = { terminal: 'T0000002', barcode }
    expect(readBarcode(JSON.stringify(named))).toEqual(named)
    for (const wrong of ['', '123', `${barcode}x`, '{}', '[']) expect(readBarcode(wrong)).toBeNull()
  })
})

describe('F39', () => {
  it.each([
    ['00', { outcome: 'approved' }],
    ['11', { outcome: 'approved' }],
    ['A6', { outcome: 'approved' }],
    ['51', { outcome: 'declined', code: 'insufficient_funds' }],
    ['55', { outcome: 'declined', code: 'pin_wrong' }],
    ['77', { outcome: 'keys_differ' }],
    ['99', { outcome: 'keys_differ' }],
    ['A0', { outcome: 'keys_differ' }],
  ])('%s is %o', (code, meaning) => {
    expect(meaningOf(code)).toEqual(meaning)
  })

  it.each(['06', '09', '19', '20', '22', '68', '94', '95', '96', '98', '', 'ZZ', '0', 'toString'])(
    '"%s" says nothing',
    (code) => {
      expect(meaningOf(code)).toEqual({ outcome: 'unknown' })
    },
  )

  it('of a reversal is an end or none', () => {
    expect(['00', '12', '25'].every(isReversed)).toBe(true)
    expect(['06', '96', '98', 'A0', ''].some(isReversed)).toBe(false)
  })
})

describe("the bank's moment", () => {
  const near = (text: string) => new Date(`${text}+08:00`)

  it.each([
    ['1121', '093000', '2026-11-21T09:30:05', '2026-11-21T09:30:00'],
    ['1231', '235959', '2027-01-01T00:00:03', '2026-12-31T23:59:59'],
    ['0101', '000001', '2026-12-31T23:59:58', '2027-01-01T00:00:01'],
    ['0229', '120000', '2028-02-29T12:00:00', '2028-02-29T12:00:00'],
  ])('%s %s near %s is %s', (date, time, now, expected) => {
    expect(momentOf(date, time, near(now))).toEqual(near(expected))
  })

  it.each([
    ['0229', '120000'],
    ['1301', '120000'],
    ['1121', '240000'],
    ['1121', '12000'],
    ['', ''],
  ])('%s %s does not exist', (date, time) => {
    expect(momentOf(date, time, near('2026-11-21T12:00:00'))).toBeNull()
  })
})

it('a folder of day files gives what lies in it, null for what does not, and nothing beside it', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'day-files-'))
  writeFileSync(join(folder, 'POS_1_20261121.txt'), 'H')
  const dayFile = folderDayFiles(folder)
  expect(String(await dayFile('POS_1_20261121.txt'))).toBe('H')
  expect(await dayFile('POS_1_20261122.txt')).toBeNull()
  await expect(dayFile('../secret')).rejects.toThrow('plain name')
  const noFolder = folderDayFiles(join(folder, 'POS_1_20261121.txt'))
  await expect(noFolder('x')).rejects.toThrow('ENOTDIR')
  rmSync(folder, { recursive: true })
})
