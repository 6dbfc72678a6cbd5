import { assert } from './assert.ts'
import { type HospitalId, type Id, isId } from './id.ts'

// A provider's notice carries our number and nothing else of ours, so the number itself says which
// hospital's rows to look in: no search across hospitals, on one database or on many.

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const HOSPITAL_DIGITS = 4 // base 36: 1,679,615 hospitals
const ID_DIGITS = 26 // base 32: 128 bits

/**
 * Our number for a thing at a provider: the hospital in base 36 and the id in Crockford base 32.
 *
 * Shape: 30 capitals and digits, so it fits WeChat's 32 and a bank's 30.
 * Errors: asserts on a hospital number past four digits of base 36.
 */
export function tradeNoOf(hospitalId: HospitalId, id: Id<string>): string {
  const hospital = hospitalId.toString(36).toUpperCase().padStart(HOSPITAL_DIGITS, '0')
  assert(hospital.length === HOSPITAL_DIGITS, `hospital ${hospitalId} fits a trade number`)
  let rest = BigInt(`0x${id.replaceAll('-', '')}`)
  let digits = ''
  for (let i = 0; i < ID_DIGITS; i++) {
    digits = CROCKFORD.charAt(Number(rest & 31n)) + digits
    rest >>= 5n
  }
  return hospital + digits
}

/** The hospital and id a trade number carries; null for a number that is not one of ours. */
export function readTradeNo(tradeNo: string): { hospitalId: HospitalId; id: Id<string> } | null {
  if (!/^[0-9A-Z]{4}[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(tradeNo)) return null
  const hospitalId = Number.parseInt(tradeNo.slice(0, HOSPITAL_DIGITS), 36) as HospitalId
  let value = 0n
  for (const digit of tradeNo.slice(HOSPITAL_DIGITS)) {
    value = (value << 5n) | BigInt(CROCKFORD.indexOf(digit))
  }
  const hex = value.toString(16).padStart(32, '0')
  const id = [8, 4, 4, 4, 12].reduce<{ parts: string[]; at: number }>(
    ({ parts, at }, length) => ({ parts: [...parts, hex.slice(at, at + length)], at: at + length }),
    { parts: [], at: 0 },
  )
  const text = id.parts.join('-')
  return hospitalId > 0 && isId(text) ? { hospitalId, id: text as Id<string> } : null
}
