import type { Place } from '../../kernel/place.ts'
import type { BusinessDate } from '../../kernel/time.ts'

/** 定点医疗机构, 定点零售药店, 医保经办机构 */
export const INSTITUTION_KINDS = ['hospital', 'pharmacy', 'agency'] as const
export type InstitutionKind = (typeof INSTITUTION_KINDS)[number]

/** What it settles directly for people who are insured elsewhere: 门诊, 住院, 门诊慢特病, 药店购药. */
export const SETTLED = ['outpatient', 'inpatient', 'chronic', 'drugs'] as const
export type Settled = (typeof SETTLED)[number]

/** A designated institution, as a list names it. */
export type Institution = {
  code: string // the national code of the institution
  name: string
  /** GB/T 2260: where it stands; not always the region that designated it. */
  area: string
  level: string | null
} & InstitutionDetail

/** What 1201 does not tell, and a published list does. */
export type InstitutionDetail = {
  address: string | null
  phone: string | null
  place: Place | null
  settles: readonly Settled[]
  /** Null where nobody has said. */
  validFrom: BusinessDate | null
  validTo: BusinessDate | null // the last day
}

export const NO_DETAIL: InstitutionDetail = {
  address: null,
  phone: null,
  place: null,
  settles: [],
  validFrom: null,
  validTo: null,
}

/**
 * Where the national code says an institution stands: H or P, six digits of GB/T 2260, five more. A code of another form says
 * nothing, and the region that designated it is taken.
 */
export const areaOf = (code: string, region: string): string =>
  /^[A-Z](\d{6})\d{5}$/.exec(code)?.[1] ?? region

/** The first rule that an institution breaks, in words; null for a sound one. */
export function brokenRule(one: Institution): string | null {
  if (!/^[A-Za-z0-9]{1,30}$/.test(one.code)) return 'the code has 1 to 30 letters and digits'
  if (!isTextUpTo(one.name, 200)) return 'the name has 1 to 200 characters'
  if (!/^\d{6}$/.test(one.area)) return 'the area has six digits'
  if (one.level !== null && !isTextUpTo(one.level, 6)) return 'the level has 1 to 6 characters'
  if (one.address !== null && !isTextUpTo(one.address, 300)) {
    return 'the address has 1 to 300 characters'
  }
  if (one.phone !== null && !PHONE.test(one.phone)) return 'the phone number is none'
  if (one.place !== null && !isPlace(one.place)) return 'the place is none'
  if (one.settles.some((what) => !SETTLED.includes(what))) return 'it settles what is unknown'
  return one.validFrom !== null && one.validTo !== null && one.validTo < one.validFrom
    ? 'it ends before it begins'
    : null
}

/** Digits, with a country, an area and an extension: what a phone can call. */
const PHONE = /^\+?\d[\d -]{2,30}(转\d{1,6})?$/

const isTextUpTo = (text: string, most: number) =>
  text.trim() !== '' && text.length <= most && !text.includes('\u0000')

/** Mercator's map ends at 85 degrees, and so does what is searched. */
export const isPlace = ({ latitude, longitude }: Place): boolean =>
  Math.abs(latitude) <= 85 && Math.abs(longitude) <= 180
