import { type Comparison, type Field, FIELDS } from './compare.ts'
import type { Frequencies } from './frequencies.ts'
import { levelIndex, type Model } from './model.ts'
import type { MatchRecord } from './records.ts'

/** How sure it is that two records are of one person, and what says so. */
export type Score = {
  /** log2 of the odds that they are, after all that is known. */
  bits: number
  /** From 0 to 1. */
  probability: number
  fields: FieldScore[]
}

/** bits above 0 speak for one person, below 0 for two. */
export type FieldScore = { field: Field; level: string | null; bits: number }

export type Weighing = {
  model: Model
  frequencies: Frequencies
  /** Among how many people somebody is looked for. */
  population: number
}

/** How many of those that are entered anew were there before, at a guess: it moves every score by the same. */
const SHARE_KNOWN = 0.5
/** As many names sound alike as are written alike, four times over. */
const SAME_SOUND = 4

export function scorePair(
  a: MatchRecord,
  comparison: Comparison,
  { model, frequencies, population }: Weighing,
): Score {
  const share = frequencies.shareOf(a.name.folded)
  const weights = FIELDS.map((field): FieldScore => {
    const index = levelIndex(field, comparison)
    const level = comparison[field]
    const [m, u] = [model.m[field][index], model.u[field][index]]
    if (m === undefined || u === undefined) return { field, level, bits: 0 }
    const byChance =
      field === 'name' ? nameU(level, share, u) : sharedU(field, level, population, u)
    return { field, level, bits: Math.log2(m / byChance) }
  })
  const fields = weights.map((weight) => ({ ...weight, bits: explained(weight, comparison) }))
  const prior = Math.log2(SHARE_KNOWN / Math.max(1, population))
  const bits = fields.reduce((sum, field) => sum + field.bits, prior)
  return { bits, probability: 1 / (1 + 2 ** -bits), fields }
}

const nameU = (level: string | null, share: number, u: number): number => {
  if (level === 'exact' || level === 'variant') return share
  return level === 'sound' ? Math.min(1, share * SAME_SOUND) : u
}

/** A phone and an address are shared by those who live together, however many others there are. */
function sharedU(field: Field, level: string | null, population: number, u: number): number {
  const isShared = (field === 'phone' || field === 'address') && level === 'exact'
  return isShared ? Math.min(u, HOUSEHOLD / Math.max(HOUSEHOLD, population)) : u
}

const HOUSEHOLD = 3

/** What agrees only because something else does speaks for nothing; what differs all the same speaks against. */
function explained({ field, bits }: FieldScore, { id, name }: Comparison): number {
  if (bits <= 0) return bits
  // A number holds birth date and gender.
  const isInNumber = field === 'birth' || field === 'gender'
  if (isInNumber && (id === 'exact' || id === 'one_typo')) return 0
  // A family has one address, and often one phone.
  const isOfFamily = field === 'phone' || field === 'address'
  if (isOfFamily && (name === 'given' || name === 'different')) return 0
  return bits
}
