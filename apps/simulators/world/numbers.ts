import { assert } from '../../../kernel/assert.ts'

/**
 * The last character of a Chinese identity number, for its first 17 digits.
 *
 * Errors: asserts on anything but 17 digits.
 * Source: GB 11643, which takes ISO 7064 MOD 11-2.
 *
 * @example idCardCheckCharacter('99010119900307123') // a digit or 'X'
 */
export function idCardCheckCharacter(first17: string): string {
  assert(/^\d{17}$/.test(first17), `"${first17}" is 17 digits`)
  const sum = ID_CARD_WEIGHTS.reduce((s, weight, i) => s + weight * Number(first17[i]), 0)
  return '10X98765432'.charAt(sum % 11)
}

// Powers of two modulo 11, from the seventeenth down to the first.
const ID_CARD_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]

/** The digit that makes a card number right. Source: ISO/IEC 7812-1, annex B (Luhn). */
export function luhnCheckDigit(digits: string): string {
  assert(/^\d+$/.test(digits), `"${digits}" is digits`)
  const sum = Array.from(digits)
    .reverse()
    .reduce((s, digit, i) => s + (i % 2 === 0 ? doubled(Number(digit)) : Number(digit)), 0)
  return String((10 - (sum % 10)) % 10)
}

const doubled = (digit: number) => (digit * 2 > 9 ? digit * 2 - 9 : digit * 2)
