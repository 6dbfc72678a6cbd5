import { createHash } from 'node:crypto'

import type { InsuredPerson } from './order.ts'

/**
 * What WeChat holds against the payer's 医保电子凭证 in place of the number itself: the MD5, in small hexadecimal
 * digits, of the 18 digits with capitals. A number of the older form, of 15 digits, is first made one of 18.
 */
export function idDigestOf({ cardType, cardNo }: Pick<InsuredPerson, 'cardType' | 'cardNo'>) {
  const capitals = cardNo.toUpperCase()
  const isOlder = cardType === 'ID_CARD' && /^\d{15}$/.test(capitals)
  return createHash('md5')
    .update(isOlder ? toEighteen(capitals) : capitals)
    .digest('hex')
}

// GB 11643: each digit by its weight, and the rest by 11 names the last character.
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHECK_CHARACTERS = '10X98765432'

function toEighteen(older: string): string {
  const digits = `${older.slice(0, 6)}19${older.slice(6)}`
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(digits[i]), 0)
  return `${digits}${CHECK_CHARACTERS[sum % 11] ?? ''}`
}
