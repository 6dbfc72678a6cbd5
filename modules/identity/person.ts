import type { HospitalId, Id } from '../../kernel/id.ts'
import { type BusinessDate, isBusinessDate } from '../../kernel/time.ts'
import { identityErrors } from './errors.ts'
import { canonicalIdText, inLongForm } from './id-number.ts'

export type PersonId = Id<'Person'>

export const MEDIUM_KINDS = [
  'id_card', // 身份证
  'passport', // 护照
  'hk_macao_permit', // 港澳居民来往内地通行证 or 居住证
  'taiwan_permit', // 台湾居民来往大陆通行证 or 居住证
  'foreign_residence', // 外国人永久居留身份证
  'social_card', // 社保卡
  'insurance_voucher', // 医保电子凭证
  'health_code', // 电子健康码, the one that does not change
  'health_code_dynamic', // 电子健康码, good for minutes
  'hospital_card', // 就诊卡, one hospital's
  'bank_card', // a token for one, or its number
  'face_token', // what a terminal gives for a face; the face itself never leaves it
  'wechat_openid',
  'alipay_openid',
  'newborn', // the mother, the birth and the order in it
  'emergency', // a wristband of somebody not known yet, one hospital's
] as const

export type MediumKind = (typeof MEDIUM_KINDS)[number]

/** The kinds that a state gives out, each with a number that is one person's. */
export const ID_KINDS = [
  'id_card',
  'passport',
  'hk_macao_permit',
  'taiwan_permit',
  'foreign_residence',
] as const satisfies readonly MediumKind[]

export type IdKind = (typeof ID_KINDS)[number]

/** newborn: known by the mother. unidentified: somebody in an emergency room who could not say. */
export type Standing = 'identified' | 'newborn' | 'unidentified'

export type Gender = 'male' | 'female' | 'unknown'

export type NewPerson = {
  name: string
  /** An identity number of any kind: 18 or 15 digits, a passport, 港澳台. Becomes the first medium. */
  idCardNo: string
  /** What the number is of; an identity card unless said. */
  idKind?: IdKind
  phone: string | null
  gender: Gender
  birthDate: BusinessDate
  /** Where the person lives, as it is written; used to tell people apart. */
  address?: string | null
  /** Besides the identity number. */
  media: readonly NewMedium[]
  /** The name to sign in by; the phone number unless said. Only with a password. */
  login?: string
  password?: string
  /** In place of a password: its argon2id hash, made before. Many demo people share one. */
  passwordHash?: string
}

export type NewMedium = {
  kind: MediumKind
  value: string
  /** Whose card it is; for hospital_card and emergency, and nothing else. */
  hospitalId?: HospitalId | null
}

/** The person with everything in the one form it is stored and compared in. Errors: throws identity.person_invalid. */
export function canonicalPerson(person: NewPerson): NewPerson {
  const idCardNo = canonicalIdCardNo(person.idCardNo)
  check(/^[0-9A-Z]{6,20}$/.test(idCardNo), 'idCardNo')
  const phone = person.phone?.trim() ?? null
  check(phone === null || /^\+?\d{5,20}$/.test(phone), 'phone')
  check(isBusinessDate(person.birthDate), 'birthDate')
  const name = person.name.trim()
  check(isPlainText(name, 50), 'name')
  const address = person.address?.trim() || null
  check(address === null || isPlainText(address, 200), 'address')
  check(person.media.length <= 50, 'media')
  // One made for minutes is bound with its end, by bindMedium.
  check(
    !person.media.some((medium) => canonicalMedium(medium).kind === 'health_code_dynamic'),
    'media',
  )
  return { ...person, name, address, idCardNo, phone, media: person.media.map(canonicalMedium) }
}

/** A medium as it is stored and looked for. Errors: throws identity.person_invalid. */
export function canonicalMedium(medium: NewMedium) {
  const { kind, hospitalId = null } = medium
  check(
    (OF_HOSPITAL as readonly MediumKind[]).includes(kind) === (hospitalId !== null),
    `media.${kind}.hospitalId`,
  )
  const value = canonicalValue(kind, medium.value)
  check(isPlainText(value.value, 200), `media.${kind}`)
  return { ...value, hospitalId }
}

const OF_HOSPITAL = ['hospital_card', 'emergency'] as const

function canonicalValue(kind: MediumKind, text: string): { kind: MediumKind; value: string } {
  if (kind === 'health_code' || kind === 'health_code_dynamic')
    return canonicalHealthCode(kind, text)
  if (kind === 'bank_card') return { kind, value: text.trim().replace(/(?<=\d)[ -](?=\d)/g, '') }
  const isNumber = (ID_KINDS as readonly MediumKind[]).includes(kind)
  return { kind, value: isNumber ? canonicalIdCardNo(text) : text.trim() }
}

/**
 * What a scanner reads of an electronic health code is 64 hex digits and a flag: "…:0" does not change, "…:1" is made
 * for minutes. The flag says the kind; without one, the caller does.
 */
function canonicalHealthCode(kind: MediumKind, text: string): { kind: MediumKind; value: string } {
  const typed = text.trim()
  const [, digits, flag] = /^([0-9a-f]{64})(?::([01]))?$/i.exec(typed) ?? []
  if (digits === undefined) return { kind, value: typed }
  const value = digits.toUpperCase()
  if (flag === undefined) return { kind, value }
  return { kind: flag === '1' ? 'health_code_dynamic' : 'health_code', value }
}

/** A number of 15 digits in the form that has 18, as both are one person's. */
const canonicalIdCardNo = (text: string): string => inLongForm(canonicalIdText(text))

// No control characters, and none that are not seen, as those make two names look the same.
const isPlainText = (text: string, most: number) =>
  text.length >= 1 && text.length <= most && !/[\p{Cc}\p{Cf}]/u.test(text)

function check(condition: boolean, field: string): void {
  if (!condition) throw identityErrors.person_invalid({ field })
}
