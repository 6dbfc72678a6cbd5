// Amounts exactly: from digits to a whole number of the smallest unit, without a float and without a text in between.

export type NumberForm = {
  unit: 'yuan' | 'fen'
  decimals?: number
  thousands?: boolean
  fullWidth?: boolean
  plus?: boolean
  sides?: { in: string; out: string }
}

export type NumberReader = {
  /** Decimals of the whole numbers that are read: 2 for fen of yuan, 0 for fen of fen, 5 for WeChat's fees. */
  scale: number
  /**
   * The amount in units of 10^-scale; EMPTY for no digit at all, BAD for anything that is not exactly such an amount:
   * an exponent, a third decimal that is not zero, a separator or full-width digit nobody declared, more than 2^53.
   * Zero is never below zero.
   */
  read: (bytes: Uint8Array, start: number, end: number) => number
}

export const BAD = Number.NaN
export const EMPTY = Number.POSITIVE_INFINITY

const [PLUS, COMMA, MINUS, POINT, ZERO, NINE] = [0x2b, 0x2c, 0x2d, 0x2e, 0x30, 0x39]
const MOST_DECIMALS = 8

/** Reads numbers of one form. With sides, what comes in is above zero. */
export function numberReader(form: NumberForm): NumberReader {
  const scale = form.decimals ?? (form.unit === 'yuan' ? 2 : 0)
  const { thousands = false, fullWidth = false, plus = false } = form
  const sideIn = form.sides?.in.charCodeAt(0)
  const sideOut = form.sides?.out.charCodeAt(0)
  return { scale, read }

  function read(bytes: Uint8Array, start: number, end: number): number {
    if (start >= end) return EMPTY
    if (fullWidth && (bytes[start] as number) > 0x7f) {
      const narrow = narrowed(bytes.subarray(start, end))
      return narrow === null ? BAD : read(narrow, 0, narrow.length)
    }
    let at = start
    let isNegative = false
    const first = bytes[at]
    if (sideIn !== undefined) {
      if (first !== sideIn && first !== sideOut) return BAD
      isNegative = first === sideOut
      at++
    } else if (first === MINUS || (plus && first === PLUS)) {
      isNegative = first === MINUS
      at++
    }
    const size = digits(bytes, at, end)
    return isNegative && size !== 0 ? -size : size
  }

  function digits(bytes: Uint8Array, start: number, end: number): number {
    let value = 0
    let whole = 0 // digits before the point
    let group = -1 // digits since the last separator
    let at = start
    for (; at < end; at++) {
      const byte = bytes[at] as number
      if (byte >= ZERO && byte <= NINE) {
        value = value * 10 + byte - ZERO
        whole++
        if (group >= 0) group++
      } else if (byte === COMMA && thousands) {
        if (group < 0 ? whole < 1 || whole > 3 : group !== 3) return BAD
        group = 0
      } else break
    }
    if (whole === 0 || whole > 15 || (group >= 0 && group !== 3)) return BAD
    return at === end ? scaled(value, scale) : decimals(bytes, at, end, value)
  }

  function decimals(bytes: Uint8Array, point: number, end: number, whole: number): number {
    const count = end - point - 1
    if (bytes[point] !== POINT || count < 1 || count > MOST_DECIMALS) return BAD
    let value = whole
    for (let i = 0; i < count; i++) {
      const digit = (bytes[point + 1 + i] as number) - ZERO
      if (digit < 0 || digit > 9) return BAD
      if (i < scale) value = value * 10 + digit
      else if (digit !== 0) return BAD
    }
    return scaled(value, scale - Math.min(count, scale))
  }
}

function scaled(value: number, places: number): number {
  const result = value * 10 ** places
  return Number.isSafeInteger(result) ? result : BAD
}

/** Full-width digits, point, comma and signs as the narrow ones; null when there is anything else. */
function narrowed(bytes: Uint8Array): Uint8Array | null {
  const text = textOf(bytes)
  if (text === null || !/^[０-９．，－＋]+$/.test(text)) return null
  return Buffer.from(
    text.replace(/./gu, (wide) => String.fromCodePoint(wide.charCodeAt(0) - WIDER)),
  )
}

const WIDER = 0xfee0

function textOf(bytes: Uint8Array): string | null {
  for (const encoding of ['utf-8', 'gb18030']) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes)
    } catch {
      continue
    }
  }
  return null
}

/** To whole fen, half of one away from zero. */
function roundToFen(units: number, scale: number): number {
  if (scale <= 2) return units * 10 ** (2 - scale)
  const perFen = 10 ** (scale - 2)
  const size = Math.abs(units)
  const rest = size % perFen
  const rounded = (size - rest) / perFen + (rest * 2 >= perFen ? 1 : 0)
  return units < 0 && rounded !== 0 ? -rounded : rounded
}

/** Fen of an amount in units of 10^-scale of its unit. */
export const fenOf = (units: number, scale: number, unit: 'yuan' | 'fen'): number =>
  roundToFen(units, unit === 'fen' ? scale + 2 : scale)
