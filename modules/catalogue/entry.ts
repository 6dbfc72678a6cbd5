import type { BusinessDate } from '../../kernel/time.ts'

/** drug: western and patent Chinese medicine; herb: decoction pieces; service: what staff does; material: consumables. */
export const ITEM_KINDS = ['drug', 'service', 'material', 'herb'] as const
export type ItemKind = (typeof ITEM_KINDS)[number]

/** A 甲: covered in full; B 乙: after a first share; C 丙: not covered. */
export const COVER_CLASSES = ['A', 'B', 'C'] as const
export type CoverClass = (typeof COVER_CLASSES)[number]

/** As price limits and policies tell hospitals apart: 1 primary, 2 secondary, 3 tertiary. */
export const HOSPITAL_LEVELS = ['1', '2', '3'] as const
export type HospitalLevel = (typeof HOSPITAL_LEVELS)[number]

/** In millionths of a yuan per unit, as the wire has six decimals; `any` holds where a level has none of its own. */
export type PriceLimits = Partial<Record<HospitalLevel | 'any', number>>

/** One line of a region's catalogue of the national medical insurance. */
export type CatalogueEntry = {
  code: string // the national code
  name: string
  kind: ItemKind
  substance: string | null // the generic name, of drugs
  atc: string | null
  form: string | null
  spec: string
  unit: string
  /** Null where the region has not classified it: nobody may take it for covered. */
  coverClass: CoverClass | null
  priceLimits: PriceLimits
  firstSharePpm: number // of class B, borne by the person before anything is shared
  isLimited: boolean // covered for some indications only
  validFrom: BusinessDate
  validTo: BusinessDate | null // the last day
}

/** The limit of a hospital of this level, in millionths of a yuan per unit; null for none. */
export const limitOf = ({ priceLimits }: CatalogueEntry, level: HospitalLevel): number | null =>
  priceLimits[level] ?? priceLimits.any ?? null

export const isInForce = (entry: CatalogueEntry, on: BusinessDate): boolean =>
  entry.validFrom <= on && (entry.validTo === null || on <= entry.validTo)

/** The first rule that an entry breaks, in words; null for a sound one. */
export function brokenRule(entry: CatalogueEntry): string | null {
  if (entry.code === '' || entry.code.length > 50) return 'the code has 1 to 50 characters'
  if (entry.name === '') return 'the name is empty'
  if (!isWholeUpTo(entry.firstSharePpm, 1_000_000)) return 'the first share is 0 to 1000000 ppm'
  const limits = Object.values(entry.priceLimits)
  if (!limits.every((limit) => isWholeUpTo(limit, Number.MAX_SAFE_INTEGER))) {
    return 'a price limit is whole millionths of a yuan, not below zero'
  }
  return entry.validTo !== null && entry.validTo < entry.validFrom
    ? 'it ends before it begins'
    : null
}

const isWholeUpTo = (value: number, most: number) =>
  Number.isSafeInteger(value) && value >= 0 && value <= most
