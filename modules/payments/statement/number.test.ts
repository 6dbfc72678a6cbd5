import { createHash } from 'node:crypto'

import fc from 'fast-check'
import { expect, it } from 'vitest'

import { fen } from '../../../kernel/money.ts'
import { addDays, businessDate } from '../../../kernel/time.ts'
import { checkCodeOf, isCheckCode, readStatementNo, statementNoOf } from './number.ts'

const digest = (text: string) => createHash('sha256').update(`key ${text}`).digest('hex')

/** The code that the paper of this name has. */
const ownOf = (statementNo: string, name = '张三') => ({
  code: checkCodeOf(digest, statementNo, name),
  name,
})

const amount = fc.integer({ min: -1e11, max: 1e13 }).map(fen)
const facts = fc
  .record({
    start: fc.integer({ min: 0, max: 300_000 }),
    days: fc.integer({ min: 0, max: 365 }),
    seconds: fc.integer({ min: 0, max: 4_000_000_000 }),
    paidFen: amount,
    netFen: amount,
    selfPaidFen: amount,
    idEnds: fc.constantFrom(undefined, '31', '3X'),
  })
  .map(({ start, days, seconds, idEnds, ...amounts }) => {
    const from = addDays(businessDate('2000-01-01'), start)
    const made = {
      from,
      to: addDays(from, days),
      generatedAt: new Date(seconds * 1_000),
      ...amounts,
    }
    return idEnds === undefined ? made : { ...made, idEnds }
  })

it('a number says what it was made of, and is read back as it was written', () => {
  fc.assert(
    fc.property(facts, (made) => {
      const statementNo = statementNoOf(made)
      expect(readStatementNo(statementNo)).toEqual(made)
      expect(isCheckCode(digest, statementNo, ownOf(statementNo))).toBe(true)
    }),
  )
})

it('a number of which one sign is changed has another code', () => {
  fc.assert(
    fc.property(
      facts,
      fc.nat(),
      fc.constantFrom('0', '1', '5', '9', 'M', '-', ' '),
      (made, at, sign) => {
        const statementNo = statementNoOf(made)
        const place = at % statementNo.length
        const forged = statementNo.slice(0, place) + sign + statementNo.slice(place + 1)
        fc.pre(forged !== statementNo)
        expect(isCheckCode(digest, forged, ownOf(statementNo))).toBe(false)
      },
    ),
  )
})

const NO = '20260101-20261231-1795312200-123456-120000-28500'

it('a code is typed from paper in any way', () => {
  const { code, name } = ownOf(NO)
  expect(code).toMatch(/^([0-9A-F]{4}-){3}[0-9A-F]{4}$/)
  for (const typed of [
    code.toLowerCase(),
    code.replaceAll('-', ''),
    ` ${code.replaceAll('-', ' ')} `,
  ]) {
    expect(isCheckCode(digest, NO, { code: typed, name })).toBe(true)
  }
  for (const wrong of ['', '-', code.slice(1), `${code}0`, ownOf(`${NO}0`).code]) {
    expect(isCheckCode(digest, NO, { code: wrong, name })).toBe(false)
  }
})

it.each([
  '',
  '1',
  '20260230-20261231-1795312200-1-1-1',
  '20260101-20261231-1795312200-1-1',
  '20260101-20261231-1795312200-1-1-1-1',
  '20260101-20261231-17953122001-1-1-1',
  '20260101-20261231-1795312200-9999999999999999-1-1',
  '20260101-20261231-1795312200--1-1-1',
  '20260101-20261231-1795312200-1.5-1-1',
  '20260101-20261231-1795312200-1-1-1-1X1',
  '20260101-20261231-1795312200-1-1-1-XX',
])('nothing is read from "%s"', (text) => {
  expect(readStatementNo(text)).toBeNull()
})

it('the code vouches for the name on the paper, and does not of a number from before', () => {
  const named = `${NO}-3X`
  const { code } = ownOf(named, '欧阳·明月')
  for (const name of ['欧阳·明月', ' 欧阳 明月 ', '欧阳•明月']) {
    expect(isCheckCode(digest, named, { code, name })).toBe(true)
  }
  for (const name of ['', '欧阳明', '张三']) {
    expect(isCheckCode(digest, named, { code, name })).toBe(false)
  }
  expect(isCheckCode(digest, NO, { code: ownOf(NO).code, name: '' })).toBe(true)
  // Nobody makes one from before out of one that names somebody.
  expect(isCheckCode(digest, NO, { code, name: '欧阳·明月' })).toBe(false)
  expect(isCheckCode(digest, named, { code: ownOf(NO).code, name: '张三' })).toBe(false)
})
