import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { businessDate } from '../../kernel/time.ts'
import { indexCatalogue } from './catalogue-index.ts'
import { matchItem, type MatchRules } from './match.ts'
import { normaliseName, normaliseSpec } from './normalise.ts'
import { alikePermille } from './similarity.ts'
import { entry, item } from './testing/entries.ts'

const RULES: MatchRules = { level: '3', acceptFrom: 900, on: businessDate('2026-11-23') }
const codesOf = (reasons: readonly { code: string }[]) => reasons.map(({ code }) => code)

describe('a name and a specification', () => {
  it.each([
    ['阿莫西林胶囊(集采)', { base: '阿莫西林', form: 'capsule' }],
    ['★阿莫西林 胶囊', { base: '阿莫西林', form: 'capsule' }],
    ['注射用头孢曲松钠', { base: '头孢曲松钠', form: 'powder_injection' }],
    ['硝苯地平控释片', { base: '硝苯地平', form: 'sustained_tablet' }],
    ['硝苯地平缓释片（Ⅱ）', { base: '硝苯地平缓释片ii', form: '' }],
    ['片', { base: '片', form: '' }],
  ])('%s is compared without signs, and its form apart', (name, expected) => {
    expect(normaliseName(name, 'drug', null)).toEqual(expected)
  })

  it.each([
    ['0.25g×24粒', '250mg*24粒/盒'],
    ['０．５ｇ＊２４', '500mgx24'],
    ['100ml', '0.1L'],
    ['0.1μg x 7片', '0.1ug×7'],
  ])('%s and %s are one', (a, b) => {
    expect(normaliseSpec(a)).toEqual(normaliseSpec(b))
  })

  it.each([
    ['0.25g×24', '0.5g×24'],
    ['0.25g×24', '0.25g×12'],
    ['10ml', '10mg'],
  ])('%s and %s are two', (a, b) => {
    expect(normaliseSpec(a)).not.toEqual(normaliseSpec(b))
  })
})

describe('[N4] an item is matched', () => {
  it('by its own national code, when the name does not speak against it', () => {
    const index = indexCatalogue([entry('X1'), entry('X2', { name: '奥美拉唑胶囊' })])
    const right = matchItem(index, item('1', { nationalCode: 'X1' }), RULES)
    expect(right).toMatchObject({ entryCode: 'X1', confidence: 1_000 })
    const contradicted = matchItem(index, item('1', { nationalCode: 'X2' }), RULES)
    expect(contradicted.entryCode).toBeNull()
    expect(codesOf(contradicted.reasons)).toContain('code_equal_name_differs')
    expect(contradicted.candidates.map(({ code }) => code)).toEqual(['X1', 'X2'])
    const unknown = matchItem(index, item('1', { nationalCode: 'X9' }), RULES)
    expect(unknown).toMatchObject({ entryCode: null, candidates: [{ code: 'X1' }] })
    expect(codesOf(unknown.reasons)).toEqual(['code_unknown', 'name_form_spec_equal'])
  })

  it('by name, form and specification, and not when several are the same', () => {
    const one = indexCatalogue([entry('X1'), entry('X2', { spec: '0.5g×24粒' })])
    expect(matchItem(one, item('1'), RULES)).toMatchObject({ entryCode: 'X1', confidence: 950 })
    const two = matchItem(indexCatalogue([entry('X1'), entry('X2')]), item('1'), RULES)
    expect(two).toMatchObject({ entryCode: null, confidence: 850 })
    expect(two.reasons).toContainEqual({ code: 'several_equal', params: { count: 2 } })
  })

  it('by likeness only for a person to decide, and says what differs', () => {
    const index = indexCatalogue([
      entry('X1', { name: '阿莫西林克拉维酸钾胶囊' }),
      entry('X2', { name: '阿莫西林片', form: '片剂' }),
      entry('X3', { name: '奥美拉唑胶囊' }),
    ])
    const match = matchItem(index, item('1', { name: '阿莫西林胶襄', spec: '0.5g' }), RULES)
    expect(match.entryCode).toBeNull()
    expect(match.candidates[0]?.code).toBe('X2')
    expect(match.confidence).toBeLessThan(900)
    expect(codesOf(match.reasons)).toContain('spec_differs')
    const lower = { ...RULES, acceptFrom: match.confidence }
    expect(
      matchItem(index, item('1', { name: '阿莫西林胶襄', spec: '0.5g' }), lower),
    ).toMatchObject({
      entryCode: 'X2',
    })
  })

  it('only with what is in force, of its own kind; a price above the limit is told', () => {
    const index = indexCatalogue([
      entry('X1', { validTo: businessDate('2026-11-22') }),
      entry('X2', { kind: 'service' }),
    ])
    expect(matchItem(index, item('1'), RULES)).toMatchObject({ entryCode: null, candidates: [] })
    const ended = matchItem(index, item('1', { nationalCode: 'X1' }), RULES)
    expect(codesOf(ended.reasons)).toEqual(['code_not_in_force', 'nothing_similar'])
    const limited = indexCatalogue([
      entry('X1', { priceLimits: { any: 9_000_000, 3: 11_000_000 } }),
    ])
    expect(matchItem(limited, item('1'), RULES).reasons).toContainEqual({
      code: 'price_above_limit',
      params: { priceFen: 1_200, limitMicroYuan: 11_000_000 },
    })
  })
})

const NAMES = ['阿莫西林', '阿莫西林钠', '头孢克肟', '头孢呋辛酯', '奥美拉唑', '硝苯地平']
const drug = fc.record({
  name: fc.constantFrom(...NAMES),
  form: fc.constantFrom('片剂', '胶囊剂', '颗粒剂'),
  spec: fc.constantFrom('0.25g×12', '0.5g×24', '10mg'),
})

it('any order of the catalogue, and any items asked before, give the same answer', () => {
  fc.assert(
    fc.property(fc.array(drug, { minLength: 1, maxLength: 40 }), drug, (all, ask) => {
      const entries = all.map((one, i) => entry(`X${i}`, one))
      const turned = entries.toSorted((a, b) => (a.spec + a.code < b.spec + b.code ? 1 : -1))
      const asked = item('1', { name: ask.name, spec: ask.spec })
      const [first, second] = [indexCatalogue(entries), indexCatalogue(turned)]
      const answer = matchItem(first, asked, RULES)
      for (const name of NAMES) matchItem(second, item('2', { name }), RULES)
      expect(matchItem(second, asked, RULES)).toEqual(answer)
      expect(matchItem(first, asked, RULES)).toEqual(answer)
      expect(answer.confidence).toBeGreaterThanOrEqual(0)
      expect(answer.confidence).toBeLessThanOrEqual(1_000)
    }),
  )
})

it('a drop of the pen does not lose the entry among a thousand others', () => {
  const entries = Array.from({ length: 1_000 }, (_, i) =>
    entry(`X${String(i).padStart(4, '0')}`, {
      name: `${'甲乙丙丁戊己庚辛壬癸'[i % 10]}基${i}酸钠胶囊`,
    }),
  )
  const index = indexCatalogue([...entries, entry('T', { name: '盐酸左氧氟沙星胶囊' })])
  for (const name of ['盐酸左氧氟沙量胶囊', '左氧氟沙星胶囊', '盐酸左氟氧沙星胶囊']) {
    expect(matchItem(index, item('1', { name }), RULES).candidates[0]?.code, name).toBe('T')
  }
})

it('likeness is the same from both sides, whole, and 1000 only for what is equal', () => {
  const text = fc.string({
    unit: fc.constantFrom('阿', '莫', '西', '林', '钠', '头', '孢'),
    maxLength: 8,
  })
  fc.assert(
    fc.property(text, text, (a, b) => {
      const alike = alikePermille(a, b)
      expect(alike).toBe(alikePermille(b, a))
      expect(Number.isInteger(alike) && alike >= 0 && alike <= 1_000).toBe(true)
      expect(alikePermille(a, a)).toBe(1_000)
    }),
  )
})
