// A FHIR id is 1 to 64 letters, digits, hyphens and points. Numbers of hospitals may have other characters in them,
// so that whatever is no letter, digit or hyphen is written as a point and two hex digits for each of its bytes.

const MOST_CHARACTERS = 64
const [ZERO_DIGIT, NINE_DIGIT, HYPHEN] = [0x30, 0x39, 0x2d]

/** 'A_1' is 'A.5F1'. Null for a number too long to be an id: what has it is not shown. */
export function idOf(number: string, suffix = ''): string | null {
  const id = `${Array.from(Buffer.from(number), wordOf).join('')}${suffix}`
  return number !== '' && id.length <= MOST_CHARACTERS ? id : null
}

/** The number an id was made of; null for an id that was made of none. */
export function numberOf(id: string): string | null {
  if (!/^(?:[A-Za-z0-9-]|\.[0-9A-F]{2})+$/.test(id)) return null
  const bytes = [...id.matchAll(/\.([0-9A-F]{2})|(.)/g)].map(([, hex, plain = '']) =>
    hex === undefined ? plain.charCodeAt(0) : Number.parseInt(hex, 16),
  )
  const number = Buffer.from(bytes).toString('utf8')
  return idOf(number) === id ? number : null
}

/** A line of a bill. 'L' is no hex digit, so that no number ends like this. */
export const lineIdOf = (billNo: string, lineNo: number): string | null =>
  idOf(billNo, `.L${lineNo}`)

export function lineOf(id: string): { billNo: string; lineNo: number } | null {
  const [, bill = '', line = ''] = /^(.+)\.L(\d{1,5})$/.exec(id) ?? []
  const billNo = numberOf(bill)
  return billNo === null ? null : { billNo, lineNo: Number(line) }
}

/** One list of a provider for a day: '2026-11-20.Lwechat'. */
export const listIdOf = (date: string, source: string): string | null => {
  const name = idOf(source)
  return name === null ? null : `${date}.L${name}`
}

export function listOf(id: string): { date: string; source: string } | null {
  const [, date = '', name = ''] = /^(\d{4}-\d{2}-\d{2})\.L(.+)$/.exec(id) ?? []
  const source = numberOf(name)
  return source === null ? null : { date, source }
}

export const isFhirId = (id: string): boolean => /^[A-Za-z0-9.-]{1,64}$/.test(id)

const wordOf = (byte: number): string => {
  const isLetter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a
  const isDigit = byte >= ZERO_DIGIT && byte <= NINE_DIGIT
  if (isLetter || isDigit || byte === HYPHEN) return String.fromCharCode(byte)
  return `.${byte.toString(16).toUpperCase().padStart(2, '0')}`
}
