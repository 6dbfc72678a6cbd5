import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { isBusinessDate } from '../../../kernel/time.ts'
import { createWorld, type World, type WorldPerson } from './index.ts'
import { GIVEN_NAME_CHARACTERS, RARE_CHARACTERS, SURNAMES } from './names.ts'
import { idCardCheckCharacter, luhnCheckDigit } from './numbers.ts'

const seeds = fc.tuple(fc.string({ maxLength: 12 }), fc.integer({ min: 1, max: 120 }))
const eachWorld = (check: (world: World, seed: string, people: number) => void) =>
  fc.assert(
    fc.property(seeds, ([seed, people]) => check(createWorld(seed, { people }), seed, people)),
    { numRuns: 40 },
  )
const distinct = (values: string[]) => new Set(values).size === values.length

describe('check digits', () => {
  // Published examples: GB 11643's annex and ISO/IEC 7812-1's.
  it.each([
    ['11010519491231002', 'X'],
    ['44052418800101001', '4'],
  ])('of identity number %s is %s', (first17, check) => {
    expect(idCardCheckCharacter(first17)).toBe(check)
  })

  it.each([
    ['7992739871', '3'],
    ['424242424242424', '2'],
    ['1', '8'],
  ])('of card %s is %s', (body, check) => {
    expect(luhnCheckDigit(body)).toBe(check)
  })

  it('asserts on anything but digits', () => {
    expect(() => idCardCheckCharacter('1234')).toThrow('17 digits')
    expect(() => luhnCheckDigit('12x')).toThrow('digits')
  })
})

describe('a world', () => {
  it('is the same for the same seed, and another for another', () => {
    eachWorld((world, seed, people) => {
      expect(createWorld(seed, { people })).toEqual(world)
      expect(createWorld(`${seed}'`, { people }).people).not.toEqual(world.people)
    })
  })

  it('only grows with the number of people', () => {
    eachWorld((world, seed, people) => {
      expect(createWorld(seed, { people: people + 33 }).people.slice(0, people)).toEqual(
        world.people,
      )
    })
  })

  it('gives no number to two people', () => {
    eachWorld(({ people }) => {
      const numbersOf: ((person: WorldPerson) => string[])[] = [
        (p) => [p.idCardNo],
        (p) => [p.phone],
        (p) => [p.openid],
        (p) => (p.insurance ? [p.insurance.personNo] : []),
        (p) => [p.media.socialCardNo],
        (p) => [p.media.insuranceVoucher],
        (p) => [p.media.healthCode],
        (p) => [p.media.bankCardNo],
        (p) => p.media.hospitalCards.map((card) => card.cardNo),
      ]
      for (const numbers of numbersOf) expect(distinct(people.flatMap(numbers))).toBe(true)
    })
  })

  it('gives numbers that pass every check and belong to no one', () => {
    eachWorld(({ people }) => {
      for (const { idCardNo, birthDate, gender, phone, openid, media } of people) {
        expect(idCardNo).toMatch(/^9901\d{13}[\dX]$/)
        expect(idCardNo.slice(6, 14)).toBe(birthDate.replaceAll('-', ''))
        expect(isBusinessDate(birthDate)).toBe(true)
        expect(Number(idCardNo[16]) % 2).toBe(gender === 'male' ? 1 : 0)
        expect(idCardNo[17]).toBe(idCardCheckCharacter(idCardNo.slice(0, 17)))
        expect(phone).toMatch(/^199\d{8}$/)
        expect(openid).toMatch(/^o[\w-]{27}$/)
        expect(media.bankCardNo).toMatch(/^999001\d{13}$/)
        expect(media.bankCardNo.at(-1)).toBe(luhnCheckDigit(media.bankCardNo.slice(0, -1)))
      }
    })
  })

  it('gives cards at one to three of its hospitals', () => {
    eachWorld(({ people, hospitals }) => {
      for (const { media } of people) {
        const ids = media.hospitalCards.map((card) => card.hospitalId)
        expect(ids.length).toBeGreaterThanOrEqual(1)
        expect(distinct(ids.map(String))).toBe(true)
        for (const id of ids) expect(hospitals.map((h) => h.id)).toContain(id)
      }
    })
  })

  it('asserts on no people and on too many', () => {
    expect(() => createWorld('s', { people: 0 })).toThrow('0 people')
    expect(() => createWorld('s', { people: 100_001 })).toThrow('100001 people')
  })
})

describe('two thousand people', () => {
  const { people } = createWorld('figures', { people: 2_000 })
  const share = (test: (person: WorldPerson) => boolean) => people.filter(test).length / 2_000
  const ageOf = (person: WorldPerson) => 2026 - Number(person.birthDate.slice(0, 4))
  const active = (scheme: string) => (p: WorldPerson) =>
    p.insurance?.scheme === scheme && p.insurance.status === 'active'

  it('are insured as in the region: 60, 25, 10 and 5 in a hundred', () => {
    expect(share(active('310'))).toBe(0.6)
    expect(share(active('390'))).toBe(0.25)
    expect(share((p) => p.insurance === null)).toBe(0.1)
    expect(share((p) => p.insurance?.status === 'suspended')).toBe(0.05)
  })

  it('are retired in about three of ten employees, and never when young', () => {
    const employees = people.filter((p) => p.insurance?.scheme === '310')
    const retired = employees.filter((p) => p.insurance?.retired)
    expect(retired.length / employees.length).toBeGreaterThan(0.27)
    expect(retired.length / employees.length).toBeLessThan(0.33)
    for (const p of retired) expect(ageOf(p)).toBeGreaterThanOrEqual(p.gender === 'male' ? 60 : 55)
    for (const p of people.filter((q) => ageOf(q) < 18)) expect(p.insurance?.scheme).not.toBe('310')
  })

  it('have 0 to 5,000 yuan on their accounts, and some of them nothing', () => {
    const balances = people.flatMap((p) => (p.insurance ? [p.insurance.accountBalanceFen] : []))
    expect(Math.max(...balances)).toBeLessThanOrEqual(500_000)
    expect(Math.max(...balances)).toBeGreaterThan(450_000)
    expect(balances).toContain(0)
  })

  it('bear common names, and some of them rare characters', () => {
    const wangs = share((p) => p.name.startsWith('王'))
    expect(wangs).toBeGreaterThan(0.06)
    expect(wangs).toBeLessThan(0.15)
    for (const rare of RARE_CHARACTERS) {
      expect(people.some((p) => p.name.includes(rare))).toBe(true)
    }
    for (const p of people) expect(Array.from(p.name).length).toBeLessThanOrEqual(4)
  })
})

describe('the data', () => {
  const { hospitals, catalogue } = createWorld('data', { people: 1 })

  it('has 120 or more surnames and about 150 characters a gender, none twice', () => {
    expect(SURNAMES.length).toBeGreaterThanOrEqual(120)
    expect(distinct(SURNAMES.map((s) => s.surname))).toBe(true)
    for (const s of SURNAMES) expect(s.weight).toBeGreaterThan(0)
    for (const characters of Object.values(GIVEN_NAME_CHARACTERS)) {
      expect(characters.length).toBeGreaterThanOrEqual(140)
      expect(distinct([...characters])).toBe(true)
      for (const character of characters) expect(Array.from(character)).toHaveLength(1)
    }
  })

  it('has three hospitals of twelve departments with two to four doctors', () => {
    expect(hospitals.map((h) => [h.id, h.level])).toEqual([
      [1, 3],
      [2, 3],
      [3, 2],
    ])
    for (const hospital of hospitals) {
      expect(hospital.insuranceCode).toMatch(/^H\d{11}$/)
      expect(hospital.departments).toHaveLength(12)
      expect(distinct(hospital.departments.map((d) => d.subjectCode))).toBe(true)
      for (const { doctors } of hospital.departments) {
        expect(doctors.length).toBeGreaterThanOrEqual(2)
        expect(doctors.length).toBeLessThanOrEqual(4)
      }
    }
    const departments = hospitals.flatMap((h) => h.departments)
    expect(distinct(departments.map((d) => d.code))).toBe(true)
    expect(distinct(departments.flatMap((d) => d.doctors.map((doctor) => doctor.code)))).toBe(true)
  })

  it('prices every registration fee by a consultation of the catalogue', () => {
    const prices = catalogue.filter((i) => i.chargeCategory === '02').map((i) => i.priceFen)
    const doctors = hospitals.flatMap((h) => h.departments.flatMap((d) => d.doctors))
    for (const doctor of doctors) expect(prices).toContain(doctor.registrationFeeFen)
  })

  it('has 60 or more drugs and 40 or more services of all classes, some with a limit', () => {
    const drugs = catalogue.filter((i) => ['09', '10', '11'].includes(i.chargeCategory))
    const services = catalogue.filter((i) => !drugs.includes(i))
    expect(drugs.length).toBeGreaterThanOrEqual(60)
    expect(services.length).toBeGreaterThanOrEqual(40)
    for (const list of [drugs, services]) {
      expect(new Set(list.map((i) => i.insuranceClass))).toEqual(new Set(['A', 'B', 'C']))
      expect(list.some((i) => i.priceLimitFen !== null && i.priceLimitFen < i.priceFen)).toBe(true)
    }
  })

  it('has items with codes of their own and shares by their class', () => {
    const shares = { A: [0], B: [100_000, 150_000, 200_000], C: [1_000_000] }
    for (const key of ['code', 'nationalCode', 'name'] as const) {
      expect(distinct(catalogue.map((i) => i[key]))).toBe(true)
    }
    for (const item of catalogue) {
      expect(item.priceFen).toBeGreaterThan(0)
      expect(item.chargeCategory).toMatch(/^(0[1-9]|1[0-4])$/)
      expect(shares[item.insuranceClass]).toContain(item.firstSharePpm)
    }
  })
})
