import { describe, expect, it } from 'vitest'

import { businessDate } from '../../../kernel/time.ts'
import { checkDigitOf } from '../../identity/index.ts'
import { compareNames, compareRecords, isOneEdit } from './compare.ts'
import { countNames } from './frequencies.ts'
import { blockingKeys } from './keys.ts'
import { matchPair } from './match.ts'
import { readName } from './names.ts'
import { type MatchFacts, readRecord } from './records.ts'
import { USUAL_MODEL } from './weights.ts'

const numberOf = (body: string) => body + checkDigitOf(body)

const wang: MatchFacts = {
  name: '王晓峰',
  idNumber: numberOf('99010119840615123'),
  idKind: 'id_card',
  birthDate: businessDate('1984-06-15'),
  gender: 'male',
  phone: '13912345678',
  address: '海岳市和平区建设路12号3-401',
  standing: 'identified',
}
const frequencies = countNames([
  ...Array<string>(900).fill('王伟'),
  ...Array<string>(30).fill('李娜'),
  '王晓峰',
])
const weighing = { model: USUAL_MODEL, frequencies, population: 8_000_000 }
const match = (a: Partial<MatchFacts>, b: Partial<MatchFacts>) =>
  matchPair(readRecord({ ...wang, ...a }), readRecord({ ...wang, ...b }), weighing)
const compare = (b: Partial<MatchFacts>, a: Partial<MatchFacts> = {}) =>
  compareRecords(readRecord({ ...wang, ...a }), readRecord({ ...wang, ...b }))

describe('names', () => {
  it.each([
    ['王晓峰', '王晓峰', 'exact'],
    ['王晓峰', ' 王 晓 峰 ', 'exact'],
    ['王晓峰', '王曉峯', 'variant'],
    ['陈昇', '陳升', 'variant'],
    ['朱镕', '朱熔', 'sound'],
    ['王晓峰', '王小风', 'sound'],
    ['吕绿', '吕律', 'sound'],
    ['李晴', '李睛', 'glyph'],
    ['李建国', '李国建', 'transposed'],
    ['王晓峰', '王晓?', 'hole'],
    ['王晓峰', '王晓\uE123', 'hole'],
    ['王晓峰', '??峰', 'different'],
    ['王晓峰', '王二', 'given'],
    ['王晓峰', '李二', 'different'],
    ['买买提·艾力', '买买提•艾力', 'exact'],
    ['买买提·艾力', '买买提艾力', 'variant'],
    ['买买提·艾力', '买买提．艾力', 'exact'],
    ['买买提·艾力', '买买提·古丽', 'given'],
    ['欧阳修', '欧阳山', 'given'],
    ['单雄信', '善雄信', 'sound'],
    ['王𠮷', '王吉', 'variant'],
    ['王𬭎', '王?', 'hole'],
    ['John Smith', 'JOHN SMITH', 'exact'],
    ['', '王', 'different'],
  ])('[I1] %s and %s: %s', (a, b, level) => {
    const [one, other] = [readName(a), readName(b)]
    expect(compareNames(one, other)).toBe(level)
    expect(compareNames(other, one)).toBe(level)
  })

  it('[I1] a rare letter beyond the basic plane is one letter', () => {
    expect(readName('王𬭎𰻝').letters).toHaveLength(3)
  })
})

describe('numbers, dates, phones', () => {
  it('[I1] 15 and 18 digits are one number, and so is an x in lower case', () => {
    const long = numberOf('99010119840615123')
    expect(compare({ idNumber: `${long.slice(0, 6)}${long.slice(8, 17)}` }).id).toBe('exact')
    expect(compare({ idNumber: '11010519491231002x' }, { idNumber: '11010519491231002X' }).id).toBe(
      'exact',
    )
  })

  it('[I1] a typing error is seen by the check character; twins’ numbers are no typing error', () => {
    const long = numberOf('99010119840615123')
    expect(compare({ idNumber: `${long.slice(0, 15)}9${long.slice(16)}` }).id).toBe('one_typo')
    expect(compare({ idNumber: long.slice(0, 17) }).id).toBe('one_typo')
    expect(compare({ idNumber: numberOf('99010119840615125') }).id).toBe('neighbour')
    expect(compare({ idNumber: numberOf('99010119840715123') }).id).toBe('different')
    expect(compare({ idNumber: 'E12345678', idKind: 'passport' }).id).toBeNull()
  })

  it.each([
    ['1984-06-15', '1984-06-15', 'exact'],
    ['1984-06-05', '1984-05-06', 'swapped'],
    ['1984-06-15', '1984-01-01', 'default'],
    ['2000-02-29', '2000-03-01', 'leap'],
    ['2000-02-28', '2000-02-29', 'leap'],
    ['1984-06-15', '1985-06-15', 'one_part'],
    ['1984-06-15', '1991-11-02', 'different'],
  ])('[I1] born on %s and %s: %s', (a, b, level) => {
    expect(compare({ birthDate: businessDate(b) }, { birthDate: businessDate(a) }).birth).toBe(
      level,
    )
  })

  it('a phone is the same with and without its country, and one edit is one edit', () => {
    expect(compare({ phone: '+86 139-1234-5678' }).phone).toBe('exact')
    expect(compare({ phone: '13912345687' }).phone).toBe('one_typo')
    expect([isOneEdit('ab', 'ba'), isOneEdit('abc', 'ac'), isOneEdit('abcd', 'badc')]).toEqual([
      true,
      true,
      false,
    ])
  })
})

describe('a match', () => {
  it('[I1] of one number and one name is certain, however the number is written', () => {
    const short = `${wang.idNumber?.slice(0, 6)}${wang.idNumber?.slice(8, 17)}`
    expect(match({}, { idNumber: short, phone: null, address: null }).grade).toBe('certain')
    expect(match({}, { name: '王曉峯', phone: '18800001111' }).grade).toBe('certain')
  })

  it('[I1] of a number with somebody else’s name is for a person to look at', () => {
    const found = match({}, { name: '李雷' })
    expect([found.grade, found.doubts]).toEqual(['possible', ['name_differs']])
  })

  it('[I1] twins are never linked, with numbers and without', () => {
    const twin = { name: '王晓明', idNumber: numberOf('99010119840615125') }
    expect(match({}, twin).grade).not.toBe('certain')
    expect(match({}, twin).doubts).toEqual(expect.arrayContaining(['ids_differ', 'twins']))
    for (const name of ['王晓明', '王小峰', '王晓烽', '王峰晓']) {
      const found = match({ idNumber: null }, { name, idNumber: null })
      expect([name, found.grade === 'certain']).toEqual([name, false])
      expect([name, match({}, { ...twin, name }).grade === 'certain']).toEqual([name, false])
    }
    // Even two of one name: two right numbers are two people.
    expect(match({}, { idNumber: twin.idNumber }).grade).not.toBe('certain')
  })

  it('[I1] a family has one phone and one address, and is not one person', () => {
    const child = { birthDate: businessDate('2012-03-04'), idNumber: null }
    expect(match({}, { ...child, name: '王一诺' }).grade).toBe('certainly-not')
    expect(match({}, { ...child, name: '王晓峰' }).grade).not.toBe('certain')
    const wife = { name: '刘芳', gender: 'female', idNumber: null } as const
    expect(match({}, { ...wife, birthDate: businessDate('1985-02-01') }).grade).toBe(
      'certainly-not',
    )
  })

  it('[I1] a namesake of one day is not certain without a phone or an address', () => {
    const namesake = { idNumber: null, phone: null, address: null }
    expect(match({}, namesake).doubts).toEqual(['too_little_known'])
    expect(match({}, namesake).grade).not.toBe('certain')
    expect(match({}, { idNumber: null, address: null }).grade).toBe('certain')
  })

  it('[I1] somebody who is not identified is never linked by itself', () => {
    expect(match({}, { standing: 'unidentified' }).doubts).toEqual(['not_identified'])
    expect(match({ standing: 'newborn' }, {}).grade).not.toBe('certain')
  })

  it('a rare name says more than a common one', () => {
    const bits = (name: string) => match({ name }, { name }).bits
    expect(bits('王伟')).toBeLessThan(bits('李娜'))
    expect(bits('李娜')).toBeLessThan(bits('爨宝'))
  })
})

describe('keys', () => {
  it('[I1] are shared by records of one person that differ in any one thing', () => {
    const keys = (change: Partial<MatchFacts>) => blockingKeys(readRecord({ ...wang, ...change }))
    const changes: Partial<MatchFacts>[] = [
      { name: '王?峰' },
      { name: '李雷' },
      { idNumber: null },
      { birthDate: businessDate('1984-01-01') },
      { phone: null },
      { idNumber: null, phone: null },
      { birthDate: businessDate('1984-06-15'), name: '王小风', phone: null, idNumber: null },
    ]
    for (const change of changes) {
      const shared = keys(change).filter((key) => keys({}).includes(key))
      expect([change, shared.length > 0]).toEqual([change, true])
    }
  })

  it('hold no name alone', () => {
    for (const key of blockingKeys(readRecord(wang))) expect(key).toMatch(/\d{4}/)
  })
})
