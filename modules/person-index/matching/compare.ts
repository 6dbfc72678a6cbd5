import { looksLike } from './glyphs.ts'
import { HOLE, type Name } from './names.ts'
import type { MatchRecord } from './records.ts'

// How two records agree, field by field, in a few levels each. What is missing on either side says nothing.

export const LEVELS = {
  name: [
    'exact', // the same letters
    'variant', // letters in other forms, or dots elsewhere
    'hole', // but for letters that a system could not write
    'sound', // the same toneless pinyin
    'glyph', // one letter taken for another by eye
    'transposed', // two letters changed over
    'given', // the surname, and not the given name
    'different',
  ],
  id: [
    'exact', // 15 and 18 digits are the same
    'one_typo', // one digit, or two neighbours changed over, and the check character is wrong
    'neighbour', // both right, of one county and birth date, and close in order: as twins have them
    'different',
  ],
  birth: [
    'exact',
    'swapped', // day and month
    'default', // the same year, and 1 January for one of them
    'leap', // 29 February and a day beside it
    'one_part', // one of year, month and day differs
    'different',
  ],
  gender: ['exact', 'different'],
  phone: ['exact', 'one_typo', 'different'],
  address: ['exact', 'prefix', 'different'],
} as const

export type Field = keyof typeof LEVELS
export const FIELDS = Object.keys(LEVELS) as Field[]

export type Comparison = { [F in Field]: (typeof LEVELS)[F][number] | null }

export const compareRecords = (a: MatchRecord, b: MatchRecord): Comparison => ({
  name: compareNames(a.name, b.name),
  id: a.id && b.id && a.id.kind === b.id.kind ? compareIds(a.id, b.id) : null,
  birth: compareBirths(a.birthDate, b.birthDate),
  gender: a.gender && b.gender && (a.gender === b.gender ? 'exact' : 'different'),
  phone: a.phone && b.phone ? comparePhones(a.phone, b.phone) : null,
  address: a.address && b.address ? compareAddresses(a.address, b.address) : null,
})

export function compareNames(a: Name, b: Name): Comparison['name'] {
  const hasHole = a.hasHole || b.hasHole
  if (!hasHole && a.folded === b.folded) return a.written === b.written ? 'exact' : 'variant'
  if (a.letters.length !== b.letters.length) {
    return isSame(a.sound, b.sound) ? 'sound' : surnameLevel(a, b)
  }
  if (hasHole) return holeLevel(a, b)
  if (isSame(a.sound, b.sound)) return 'sound'
  const differing = a.letters.flatMap((letter, i) => (letter === b.letters[i] ? [] : [i]))
  if (differing.length > 2) return surnameLevel(a, b)
  const [first = 0, second] = differing
  if (differing.length === 1 && looksLike(a.letters[first] ?? '', b.letters[first] ?? ''))
    return 'glyph'
  if (second !== undefined) {
    const isTurned =
      a.letters[first] === b.letters[second] && a.letters[second] === b.letters[first]
    if (isTurned) return 'transposed'
  }
  return surnameLevel(a, b)
}

/** Enough of a name must be written that what is not could only be one thing. */
function holeLevel(a: Name, b: Name): Comparison['name'] {
  const written = a.letters.filter((letter, i) => letter !== HOLE && b.letters[i] !== HOLE)
  const fits = a.letters.every((letter, i) => {
    const other = b.letters[i]
    return letter === other || letter === HOLE || other === HOLE
  })
  return fits && written.length * 2 >= a.letters.length ? 'hole' : surnameLevel(a, b)
}

const surnameLevel = (a: Name, b: Name): 'given' | 'different' =>
  isSame(a.surnameSound, b.surnameSound) ? 'given' : 'different'

const isSame = (a: string | null, b: string | null): boolean => a !== null && a === b

type IdOf = NonNullable<MatchRecord['id']>

const CLOSE_ORDERS = 40

function compareIds(a: IdOf, b: IdOf): Comparison['id'] {
  if (a.number === b.number) return 'exact'
  // Two right numbers are never one typing error apart: the check character sees to it.
  if (!(a.isValid && b.isValid)) return isOneEdit(a.number, b.number) ? 'one_typo' : 'different'
  const isBeside =
    a.number.slice(0, 14) === b.number.slice(0, 14) &&
    Math.abs(Number(a.number.slice(14, 17)) - Number(b.number.slice(14, 17))) <= CLOSE_ORDERS
  return a.kind === 'id_card' && isBeside ? 'neighbour' : 'different'
}

/** One letter changed, left out, added, or two neighbours changed over. */
export function isOneEdit(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start += 1
  let [endA, endB] = [a.length, b.length]
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1
    endB -= 1
  }
  const [middleA, middleB] = [a.slice(start, endA), b.slice(start, endB)]
  if (middleA.length <= 1 && middleB.length <= 1) return true
  return middleA.length === 2 && middleB === `${middleA[1]}${middleA[0]}`
}

function compareBirths(a: string, b: string): Comparison['birth'] {
  if (a === b) return 'exact'
  const isYear = a.startsWith(b.slice(0, 4))
  const [monthA, dayA, monthB, dayB] = [a.slice(5, 7), a.slice(8), b.slice(5, 7), b.slice(8)]
  if (isYear && monthA === dayB && dayA === monthB) return 'swapped'
  if (isYear && (a.endsWith('-01-01') || b.endsWith('-01-01'))) return 'default'
  if (isYear && isBesideLeapDay(a.slice(5), b.slice(5))) return 'leap'
  const same = Number(isYear) + Number(monthA === monthB) + Number(dayA === dayB)
  return same === 2 ? 'one_part' : 'different'
}

const isBesideLeapDay = (a: string, b: string): boolean => {
  const [leap, other] = a === '02-29' ? [a, b] : [b, a]
  return leap === '02-29' && (other === '02-28' || other === '03-01')
}

const comparePhones = (a: string, b: string): Comparison['phone'] => {
  if (a === b) return 'exact'
  return isOneEdit(a, b) ? 'one_typo' : 'different'
}

const SHARED_LETTERS = 8

function compareAddresses(a: string, b: string): Comparison['address'] {
  if (a === b) return 'exact'
  return a.slice(0, SHARED_LETTERS) === b.slice(0, SHARED_LETTERS) ? 'prefix' : 'different'
}
