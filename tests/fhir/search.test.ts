import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { idOf, lineIdOf, lineOf, listIdOf, listOf, numberOf } from '../../modules/fhir/ids.ts'
import { collect, type Placed } from '../../modules/fhir/search/collect.ts'
import {
  type DateWish,
  dateFits,
  readDateWish,
  readInstants,
} from '../../modules/fhir/search/dates.ts'
import { written } from '../../modules/fhir/search/dates.ts'
import { fits } from '../../modules/fhir/search/fits.ts'
import { date, type Parameter, reference, token } from '../../modules/fhir/search/parameter.ts'
import { readQuery } from '../../modules/fhir/search/query.ts'

const wish = (text: string): DateWish => {
  const read = readDateWish(text)
  if (!read) throw new Error(`${text} is a date`)
  return read
}

describe('dates', () => {
  it.each<[string, string, boolean]>([
    ['2026-11-23T10:00:00+08:00', '2026-11-23', true],
    ['2026-11-23T10:00:00+08:00', 'eq2026-11', true],
    ['2026-11-22T23:59:59Z', '2026-11-23', true], // the day is Shanghai's
    ['2026-11-22T15:59:59Z', '2026-11-23', false],
    ['2026-11-23T10:00:00+08:00', 'ne2026-11-23', false],
    ['2026-11-23T10:00:00+08:00', 'ge2026-11-23', true],
    ['2026-11-23T10:00:00+08:00', 'gt2026-11-23', false],
    ['2026-11-24T00:00:00+08:00', 'gt2026-11-23', true],
    ['2026-11-24T00:00:00+08:00', 'le2026-11-23', false],
    ['2026-11-23T23:59:59+08:00', 'le2026-11-23', true],
    ['2026-11-22T10:00:00+08:00', 'lt2026-11-23', true],
    ['2026-11-24T00:00:00+08:00', 'sa2026-11-23', true],
    ['2026-11-22T10:00:00+08:00', 'eb2026-11-23', true],
    ['2026-12-31T10:00:00+08:00', '2026', true],
    ['1984', 'lt1985-02', true], // a birth date of which the year alone is told
  ])('%s fits %s: %s', (value, asked, expected) => {
    const [instants] = written(value)
    expect(instants && dateFits(instants, wish(asked))).toBe(expected)
  })

  it.each([
    '',
    'tomorrow',
    '2026-13',
    '2026-02-30',
    '2026-11-23T25:00:00Z',
    'xx2026',
    '0000-01-01',
    '9999',
    '2026-1-1',
    '26',
  ])('%j is no date', (text) => {
    expect(readDateWish(text)).toBeNull()
  })

  it('a month ends where the next one begins, in December too', () => {
    expect(readInstants('2026-12')?.to).toEqual(new Date('2027-01-01T00:00:00+08:00'))
  })
})

describe('ids', () => {
  it('any number that fits is found again by its id, which FHIR takes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }), (number) => {
        const id = idOf(number)
        fc.pre(id !== null)
        expect(id).toMatch(/^[A-Za-z0-9.-]{1,64}$/)
        expect(numberOf(id)).toBe(number)
      }),
    )
  })

  it('a line and a list are told from their parts', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 15 }), fc.nat(9_999), (number, lineNo) => {
        const id = lineIdOf(number, lineNo)
        fc.pre(id !== null)
        expect(lineOf(id)).toEqual({ billNo: number, lineNo })
      }),
    )
    const id = listIdOf('2026-11-20', 'bank_01') ?? ''
    expect(listOf(id)).toEqual({ date: '2026-11-20', source: 'bank_01' })
  })

  it.each(['A_1', 'A.5f', 'A.41', 'A.', '.FF', ''])('%j is the id of no number', (id) => {
    expect(numberOf(id)).toBeNull()
  })

  it('a number too long for an id has none', () => {
    expect(idOf('病'.repeat(30))).toBeNull()
  })
})

type Thing = {
  resourceType: 'Thing'
  id: string
  status: string
  code: { coding: { system: string; code: string }[] }
  at: string
  subject: { reference: string }
}

const thing = (id: string, changes: Partial<Thing> = {}): Thing => ({
  resourceType: 'Thing',
  id,
  status: 'active',
  code: { coding: [{ system: 'urn:a', code: '1' }] },
  at: '2026-11-23T10:00:00+08:00',
  subject: { reference: 'Patient/p1' },
  ...changes,
})

const PARAMETERS = [
  token<Thing>('status', '', ({ status }) => [status]),
  token<Thing>('code', '', ({ code }) => [code]),
  date<Thing>('date', '', ({ at }) => written(at)),
  reference<Thing>('subject', '', ({ subject }) => [subject]),
  { name: 'secret', type: 'token', documentation: '', values: null, isSecret: true } as const,
] as unknown as Parameter[]

const byUrl = { isPost: false, isStrict: false }
const ask = (text: string, by = byUrl) => readQuery(PARAMETERS, [...new URLSearchParams(text)], by)

describe('a query', () => {
  it.each<[string, boolean]>([
    ['status=active', true],
    ['status=old', false],
    ['status=old,active', true],
    ['status=old&status=active', false],
    ['code=1', true],
    ['code=urn:a|1', true],
    ['code=urn:b|1', false],
    ['code=|1', false],
    ['code=urn:a|', true],
    ['date=2026-11-23', true],
    ['date=ge2026-11-01&date=lt2026-11-23', false],
    ['subject=Patient/p1', true],
    ['subject=p1', true],
    ['subject=https://hub.example/v1/fhir/1/Patient/p1', true],
    ['subject=Patient/p2', false],
    ['subject=Group/p1', false],
    ['_id=t1,t2', true],
    ['_id=t3', false],
    ['unheard-of=1', true],
  ])('%s is fitted: %s', (text, expected) => {
    expect(fits(PARAMETERS, thing('t1'), ask(text))).toBe(expected)
  })

  it.each<[string, string]>([
    ['date=never', 'fhir.parameter_wrong'],
    ['_count=0', 'fhir.parameter_wrong'],
    ['_count=-1', 'fhir.parameter_wrong'],
    ['_count=many', 'fhir.parameter_wrong'],
    ['_count=9999999999', 'fhir.parameter_wrong'],
    ['_id=a_b', 'fhir.parameter_wrong'],
    ['_cursor=a%20b', 'fhir.parameter_wrong'],
    ['status:not=active', 'fhir.modifier_unknown'],
    ['status=', 'fhir.parameter_wrong'],
    ['status=a%00b', 'fhir.parameter_wrong'],
    ['subject=', 'fhir.parameter_wrong'],
    ['secret=x', 'fhir.parameter_secret'],
    [`status=${'x'.repeat(501)}`, 'fhir.parameter_wrong'],
  ])('%s is refused', (text, code) => {
    expect(() => ask(text)).toThrow(expect.objectContaining({ code }))
  })

  it('a count above the most is the most', () => {
    expect(ask('_count=100000').count).toBe(100)
  })

  it('names what it did not use, and refuses it where strictness is asked for', () => {
    const { ignored, used } = ask('unheard-of=1&status=active')
    expect({ ignored, used }).toEqual({ ignored: ['unheard-of'], used: [['status', 'active']] })
    const strictly = { ...byUrl, isStrict: true }
    expect(() => ask('unheard-of=1', strictly)).toThrow(/fhir.parameter_unknown/)
  })

  it('keeps what names a person out of its links', () => {
    expect(ask('secret=3701&status=a', { ...byUrl, isPost: true }).used).toEqual([['status', 'a']])
  })
})

describe('paging', () => {
  const source = (all: readonly Thing[]) => async (after: string | null, limit: number) => {
    const from = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1
    return all.slice(from, from + limit).map((one): Placed => ({ resource: one, cursor: one.id }))
  }

  it('every resource that fits comes once, in order, whatever the page', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom('active', 'old'), { maxLength: 120 }),
        fc.integer({ min: 1, max: 30 }),
        async (statuses, count) => {
          const all = statuses.map((status, i) => thing(`t${i}`, { status }))
          const seen: string[] = []
          let cursor: string | null = null
          do {
            const text: string = cursor === null ? '' : `&_cursor=${cursor}`
            const page = await collect(
              PARAMETERS,
              ask(`status=active&_count=${count}${text}`),
              source(all),
            )
            expect(page.found.length).toBeLessThanOrEqual(count)
            seen.push(...page.found.map(({ id }) => id ?? ''))
            cursor = page.next
          } while (cursor !== null)
          expect(seen).toEqual(all.filter(({ status }) => status === 'active').map(({ id }) => id))
        },
      ),
      { numRuns: 60 },
    )
  })

  it('stops after a thousand that do not fit, and says where to go on', async () => {
    const all = Array.from({ length: 1_500 }, (_, i) => thing(`t${i}`, { status: 'old' }))
    const page = await collect(PARAMETERS, ask('status=active&_count=100'), source(all))
    expect(page.found).toEqual([])
    expect(page.next).toMatch(/^t1\d\d\d$/)
  })
})
