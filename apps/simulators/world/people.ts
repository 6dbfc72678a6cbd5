import type { HospitalId } from '../../../kernel/id.ts'
import { fen, ZERO } from '../../../kernel/money.ts'
import {
  chance,
  pick,
  type Random,
  randomBelow,
  randomHex,
  seededRandom,
} from '../../../kernel/random.ts'
import { addDays, type BusinessDate, businessDate, DAY_MS } from '../../../kernel/time.ts'
import { idCardCheckCharacter, luhnCheckDigit } from './numbers.ts'
import { randomName } from './person-name.ts'
import type { WorldHospital, WorldInsurance, WorldPerson } from './world.ts'

// Numbers must look right to every check and belong to no one: area codes 9901xx are not given out,
// 199 0xxx xxxx numbers are counted up from one, and cards begin with 9990, where 9 asks for a
// country's number in ISO 3166 and 990 is none.
const AREA_CODES = ['990101', '990102', '990103', '990111'] as const
const HOME_REGION = '990100'
const OTHER_REGION = '990200'
const CARD_PREFIX = '999001'

/** Ages are counted on this day, so that a world is the same whenever it is made. */
const REFERENCE_DAY = businessDate('2026-01-01')

/** The first n people of a seed are the same, however many are asked for. */
export function createPeople(
  random: Random,
  count: number,
  hospitals: readonly WorldHospital[],
): WorldPerson[] {
  const taken = new Set<string>()
  const people: WorldPerson[] = []
  while (people.length < count) {
    for (const group of shuffled(random, GROUPS)) {
      people.push(createPerson(random, people.length + 1, group, { hospitals, taken }))
    }
  }
  return people.slice(0, count)
}

function createPerson(
  random: Random,
  no: number,
  group: Group,
  { hospitals, taken }: { hospitals: readonly WorldHospital[]; taken: Set<string> },
): WorldPerson {
  const gender = pick(random, ['female', 'male'] as const)
  const scheme = group === 'suspended' ? pick(random, ['310', '390'] as const) : group
  const retired = scheme === '310' && chance(random, 300_000)
  const birthDate = randomBirthDate(random, ageRange(random, { scheme, gender, retired }))
  return {
    no,
    name: randomName(random, gender),
    gender,
    birthDate,
    idCardNo: newIdCardNo(random, { birthDate, gender, taken }),
    phone: `199${digits(no, 8)}`,
    openid: `o${randomText(random, 27)}`,
    insurance: scheme === 'none' ? null : createInsurance(random, { no, scheme, group, retired }),
    media: {
      socialCardNo: `D${digits(no, 8)}`,
      insuranceVoucher: randomHex(random, 16).toUpperCase(),
      healthCode: `HC${randomHex(random, 15).toUpperCase()}`,
      bankCardNo: newCardNo(random, no),
      hospitalCards: randomHospitals(random, hospitals).map((hospitalId) => ({
        hospitalId,
        cardNo: `K${hospitalId}${digits(no, 8)}`,
      })),
    },
  }
}

function createInsurance(
  random: Random,
  {
    no,
    scheme,
    group,
    retired,
  }: { no: number; scheme: '310' | '390'; group: Group; retired: boolean },
): WorldInsurance {
  // Residents' insurance has no account of one's own. One employee in ten has an empty one.
  const balance = chance(random, 100_000) ? ZERO : fen(randomBelow(random, MAX_BALANCE_FEN + 1))
  return {
    personNo: `${HOME_REGION}${digits(no, 14)}`,
    scheme,
    status: group === 'suspended' ? 'suspended' : 'active',
    admdvs: chance(random, 50_000) ? OTHER_REGION : HOME_REGION,
    accountBalanceFen: scheme === '310' ? balance : ZERO,
    retired,
  }
}

const MAX_BALANCE_FEN = 500_000

/** Draws for one person anew whether they are insured, and where; null for as they are. */
export function insureAnew(
  person: WorldPerson,
  { seed, insuredPpm, elsewherePpm }: Insured,
): WorldPerson {
  const random = seededRandom(`${seed}/insured/${person.no}`)
  const isInsured = chance(random, insuredPpm ?? 0)
  const isElsewhere = chance(random, elsewherePpm ?? 0)
  const usual = { no: person.no, scheme: '310', group: '310', retired: false } as const
  const kept = person.insurance ?? createInsurance(random, usual)
  const insurance = insuredPpm === null ? person.insurance : isInsured ? kept : null
  if (insurance === null || elsewherePpm === null) return { ...person, insurance }
  const admdvs = isElsewhere ? OTHER_REGION : HOME_REGION
  return { ...person, insurance: { ...insurance, admdvs } }
}

type Insured = { seed: string; insuredPpm: number | null; elsewherePpm: number | null }

/** In years, from the first up to and without the second. */
function ageRange(
  random: Random,
  {
    scheme,
    gender,
    retired,
  }: { scheme: '310' | '390' | 'none'; gender: 'female' | 'male'; retired: boolean },
): readonly [number, number] {
  const retirement = gender === 'female' ? 55 : 60
  if (retired) return [retirement, 92]
  switch (scheme) {
    case '310':
      return [19, retirement]
    case 'none':
      return [18, 70]
    case '390':
      return pick(random, [
        [1, 18],
        [18, 60],
        [60, 92],
      ] as const)
  }
}

/** Younger than `to` and at least `from` years old on the reference day. */
function randomBirthDate(random: Random, [from, to]: readonly [number, number]): BusinessDate {
  const youngest = yearsBefore(from)
  const span = (Date.parse(youngest) - Date.parse(yearsBefore(to))) / DAY_MS
  return addDays(youngest, -randomBelow(random, span))
}

const yearsBefore = (years: number): BusinessDate =>
  businessDate(`${Number(REFERENCE_DAY.slice(0, 4)) - years}${REFERENCE_DAY.slice(4)}`)

/** The sequence of a day's births is odd for men and even for women; a taken number moves on. */
function newIdCardNo(
  random: Random,
  {
    birthDate,
    gender,
    taken,
  }: { birthDate: BusinessDate; gender: 'female' | 'male'; taken: Set<string> },
): string {
  const day = birthDate.replaceAll('-', '')
  let sequence = randomBelow(random, 499) * 2 + (gender === 'male' ? 1 : 2)
  for (;;) {
    const first17 = `${pick(random, AREA_CODES)}${day}${digits(sequence, 3)}`
    if (!taken.has(first17)) {
      taken.add(first17)
      return first17 + idCardCheckCharacter(first17)
    }
    sequence = ((sequence + 1) % 998) + 1
  }
}

function newCardNo(random: Random, no: number): string {
  const body = `${CARD_PREFIX}${digits(no, 8)}${digits(randomBelow(random, 10_000), 4)}`
  return body + luhnCheckDigit(body)
}

/** One to three hospitals, in their own order. */
function randomHospitals(random: Random, hospitals: readonly WorldHospital[]): HospitalId[] {
  const count = 1 + randomBelow(random, hospitals.length)
  return shuffled(
    random,
    hospitals.map((h) => h.id),
  )
    .slice(0, count)
    .sort((a, b) => a - b)
}

function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const rest = [...items]
  return items.map(() => rest.splice(randomBelow(random, rest.length), 1)).flat()
}

// Of 64 letters each byte's lower six bits choose one, all equally likely.
const randomText = (random: Random, length: number): string =>
  Array.from(random.bytes(length), (byte) => LETTERS.charAt(byte & 63)).join('')

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

const digits = (value: number, length: number) => String(value).padStart(length, '0')

type Group = '310' | '390' | 'none' | 'suspended'

// Every twenty people: 60 % employees, 25 % residents, 10 % without insurance, 5 % suspended.
const GROUPS: readonly Group[] = [
  ...Array<Group>(12).fill('310'),
  ...Array<Group>(5).fill('390'),
  'none',
  'none',
  'suspended',
]
