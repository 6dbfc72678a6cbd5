import { type BusinessDate, isBusinessDate } from '../../kernel/time.ts'

// 居民身份证号: six digits of a county, a birth date, three digits that end with the gender, and a check character.
// Source: GB 11643-1999; numbers of 15 digits are of GB 11643-1989 and name people born from 1900 to 1999.

/** What is wrong with a number; null for nothing. */
export type IdNumberFault = 'length' | 'letters' | 'birth_date' | 'check_digit'

export type IdNumber = {
  /** In its one form: 18 characters, X in upper case. */
  number: string
  birthDate: BusinessDate
  gender: 'male' | 'female'
}

/** Reads a number of 18 or 15 digits, however it is typed. Never throws: the fault is the answer. */
export function readIdNumber(text: string): IdNumber | { fault: IdNumberFault } {
  const typed = canonicalIdText(text)
  if (typed.length !== 18 && typed.length !== 15) return { fault: 'length' }
  if (!/^(\d{15}|\d{17}[\dX])$/.test(typed)) return { fault: 'letters' }
  const number = typed.length === 15 ? longFormOf(typed) : typed
  const birthDate = `${number.slice(6, 10)}-${number.slice(10, 12)}-${number.slice(12, 14)}`
  if (!isBusinessDate(birthDate)) return { fault: 'birth_date' }
  if (checkDigitOf(number) !== number.charAt(17)) return { fault: 'check_digit' }
  const gender = Number(number.charAt(16)) % 2 === 1 ? 'male' : 'female'
  return { number, birthDate, gender }
}

/** Full-width digits and letters are made plain, x is made X, and spaces at the ends go. */
export const canonicalIdText = (text: string): string => text.normalize('NFKC').trim().toUpperCase()

/** The 18 characters of a number of 15; any other text as it is. The same person is found by both. */
export function inLongForm(text: string): string {
  if (!/^\d{15}$/.test(text)) return text
  const long = longFormOf(text)
  return 'fault' in readIdNumber(long) ? text : long
}

/** The 18th character for the first seventeen. Source: GB 11643, ISO 7064 MOD 11-2. */
export const checkDigitOf = (body: string): string =>
  '10X98765432'.charAt(
    WEIGHTS.reduce((sum, weight, i) => sum + weight * Number(body.charAt(i)), 0) % 11,
  )

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

function longFormOf(short: string): string {
  const body = `${short.slice(0, 6)}19${short.slice(6)}`
  return body + checkDigitOf(body)
}
