import type { HospitalId, Id } from '../../kernel/id.ts'
import { type BusinessDate, isBusinessDate } from '../../kernel/time.ts'
import { identityErrors } from './errors.ts'

export type PersonId = Id<'Person'>

export const MEDIUM_KINDS = [
  'id_card', // 身份证
  'social_card', // 社保卡
  'insurance_voucher', // 医保电子凭证
  'health_code', // 电子健康码
  'hospital_card', // 就诊卡, one hospital's
  'bank_card',
  'wechat_openid',
] as const

export type MediumKind = (typeof MEDIUM_KINDS)[number]

export type Gender = 'male' | 'female' | 'unknown'

export type NewPerson = {
  name: string
  /** An identity number of any kind: 18 or 15 digits, a passport, 港澳台. Becomes the first medium. */
  idCardNo: string
  phone: string | null
  gender: Gender
  birthDate: BusinessDate
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
  /** Whose card it is; for hospital_card and nothing else. */
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
  check(person.media.length <= 50, 'media')
  return { ...person, name, idCardNo, phone, media: person.media.map(canonicalMedium) }
}

/** A medium as it is stored and looked for. Errors: throws identity.person_invalid. */
export function canonicalMedium({ kind, value, hospitalId = null }: NewMedium) {
  const canonical = kind === 'id_card' ? canonicalIdCardNo(value) : value.trim()
  check(isPlainText(canonical, 200), `media.${kind}`)
  check((kind === 'hospital_card') === (hospitalId !== null), `media.${kind}.hospitalId`)
  return { kind, value: canonical, hospitalId }
}

const canonicalIdCardNo = (text: string): string => text.normalize('NFKC').trim().toUpperCase()

// No control characters, and none that are not seen, as those make two names look the same.
const isPlainText = (text: string, most: number) =>
  text.length >= 1 && text.length <= most && !/[\p{Cc}\p{Cf}]/u.test(text)

function check(condition: boolean, field: string): void {
  if (!condition) throw identityErrors.person_invalid({ field })
}
