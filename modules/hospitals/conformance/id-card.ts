// Source: GB 11643-1999, the check character of ISO 7064 MOD 11-2.

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const CHARACTERS = '10X98765432'

/** The identity number of a made-up person: six digits of place, eight of birth, three of order. */
export function idCardNoOf(area: string, birth: string, order: string): string {
  const digits = `${area}${birth}${order}`
  const sum = WEIGHTS.reduce((total, weight, i) => total + weight * Number(digits[i]), 0)
  return `${digits}${CHARACTERS[sum % 11] ?? ''}`
}

/** As it was written before 1999: without the century and the check character. */
export const shortIdCardNo = (idCardNo: string): string =>
  `${idCardNo.slice(0, 6)}${idCardNo.slice(8, 17)}`
