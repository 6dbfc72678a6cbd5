import { DAY_MS } from '../../kernel/time.ts'

// UTF-8 of JSON, as JSON.stringify writes it, put into a buffer without making a string for each value. Each function
// puts a value at a place and returns the place behind it; there is room for it, which the caller has seen to.

/** The same buffer, or a larger one with the same bytes up to `at`, in which `more` have room behind them. */
export function withRoom(bytes: Buffer, at: number, more: number): Buffer {
  if (at + more <= bytes.length) return bytes
  const larger = Buffer.allocUnsafeSlow(Math.max(bytes.length * 2, at + more))
  bytes.copy(larger, 0, 0, at)
  return larger
}

export function putBytes(into: Buffer, at: number, from: Buffer, start: number, end: number) {
  let to = at
  for (let i = start; i < end; i++) into[to++] = from[i] ?? 0
  return to
}

/** A text in quotes. Each of its bytes takes six at most. */
export function putText(into: Buffer, at: number, from: Buffer, start: number, end: number) {
  let to = at
  into[to++] = QUOTE
  for (let i = start; i < end; i++) {
    const byte = from[i] ?? 0
    if (byte >= 0x20 && byte !== QUOTE && byte !== BACKSLASH) into[to++] = byte
    else for (const escaped of ESCAPED[byte] ?? []) into[to++] = escaped
  }
  into[to++] = QUOTE
  return to
}

/** An id of 16 bytes in quotes: 38 bytes. */
export function putUuid(into: Buffer, at: number, from: Buffer, start: number): number {
  let to = at
  into[to++] = QUOTE
  for (let i = 0; i < 16; i++) {
    if (i === 4 || i === 6 || i === 8 || i === 10) into[to++] = HYPHEN
    const byte = from[start + i] ?? 0
    into[to++] = HEX_DIGITS[byte >> 4] ?? 0
    into[to++] = HEX_DIGITS[byte & 15] ?? 0
  }
  into[to++] = QUOTE
  return to
}

/** A whole number of 64 bits: 20 bytes at most. */
export function putWhole(into: Buffer, at: number, from: Buffer, start: number): number {
  const value = from.readInt32BE(start) * TWO_TO_32 + from.readUInt32BE(start + 4)
  if (value >= 0 && Number.isSafeInteger(value)) return putDigits(into, at, value, 1)
  return at + into.write(String(from.readBigInt64BE(start)), at, 'latin1')
}

/**
 * A date in quotes, as the database sends it: the days since 2000-01-01. Where the year has not four digits, that number.
 * 22 bytes at most.
 */
export function putDate(into: Buffer, at: number, since2000: number): number {
  into[at] = QUOTE
  const to = putDay(into, at + 1, since2000)
  into[to] = QUOTE
  return to + 1
}

/** A moment in quotes, in UTC with microseconds, as the database sends it: those since 2000-01-01 in 64 bits. 29 bytes. */
export function putMoment(into: Buffer, at: number, from: Buffer, start: number): number {
  const { since2000, ofDay } = partsOf(from, start)
  let to = at
  into[to++] = QUOTE
  if (dayText(since2000)) {
    const seconds = Math.floor(ofDay / 1_000_000)
    to = putDay(into, to, since2000)
    into[to++] = LETTER_T
    to = putDigits(into, to, Math.floor(seconds / 3_600), 2)
    into[to++] = COLON
    to = putDigits(into, to, Math.floor(seconds / 60) % 60, 2)
    into[to++] = COLON
    to = putDigits(into, to, seconds % 60, 2)
    into[to++] = POINT
    to = putDigits(into, to, ofDay - seconds * 1_000_000, 6)
    into[to++] = LETTER_Z
  } else to += into.write(String(from.readBigInt64BE(start)), to, 'latin1')
  into[to++] = QUOTE
  return to
}

type Parts = { since2000: number; ofDay: number }

/** Days since 2000-01-01, and microseconds of the day. */
function partsOf(from: Buffer, start: number): Parts {
  const micros = from.readInt32BE(start) * TWO_TO_32 + from.readUInt32BE(start + 4)
  if (Number.isSafeInteger(micros)) {
    const since2000 = Math.floor(micros / DAY_MICROS)
    return { since2000, ofDay: micros - since2000 * DAY_MICROS }
  }
  const [exact, day] = [from.readBigInt64BE(start), BigInt(DAY_MICROS)]
  const ofDay = ((exact % day) + day) % day
  return { since2000: Number((exact - ofDay) / day), ofDay: Number(ofDay) }
}

function putDay(into: Buffer, at: number, since2000: number): number {
  const text = dayText(since2000)
  if (text) return putBytes(into, at, text, 0, text.length)
  return at + into.write(String(since2000), at, 'latin1')
}

function putDigits(into: Buffer, at: number, value: number, atLeast: number): number {
  let count = 1
  for (let above = 10; above <= value; above *= 10) count++
  if (count < atLeast) count = atLeast
  let rest = value
  for (let i = at + count - 1; i >= at; i--) {
    const above = Math.floor(rest / 10)
    into[i] = ZERO + (rest - above * 10)
    rest = above
  }
  return at + count
}

// Made once for all rows of a day that come one behind the other.
let known: { since2000: number; text: Buffer | null } = { since2000: Number.NaN, text: null }

/** Null where the year has not four digits. */
function dayText(since2000: number): Buffer | null {
  if (since2000 !== known.since2000) known = { since2000, text: newDayText(since2000) }
  return known.text
}

function newDayText(since2000: number): Buffer | null {
  if (since2000 < FIRST_DAY || since2000 > LAST_DAY) return null
  return Buffer.from(new Date((since2000 + DAYS_1970_TO_2000) * DAY_MS).toISOString().slice(0, 10))
}

const DAYS_1970_TO_2000 = 10_957
const FIRST_DAY = -730_119 // 0001-01-01
const LAST_DAY = 2_921_939 // 9999-12-31
const DAY_MICROS = DAY_MS * 1_000
const TWO_TO_32 = 2 ** 32

const [QUOTE, BACKSLASH, HYPHEN, ZERO] = [0x22, 0x5c, 0x2d, 0x30]
const [COLON, POINT, LETTER_T, LETTER_Z] = [0x3a, 0x2e, 0x54, 0x5a]
const HEX_DIGITS = Buffer.from('0123456789abcdef')

/** What JSON.stringify writes for the bytes below 0x20, the quote and the backslash. */
const ESCAPED: readonly Buffer[] = Array.from({ length: BACKSLASH + 1 }, (_, code) =>
  Buffer.from(JSON.stringify(String.fromCharCode(code)).slice(1, -1)),
)
