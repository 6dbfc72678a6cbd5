import type { WallTime } from '../layout/moment.ts'

/** Writes CSV into one buffer, byte by byte: millions of small values make no text each. */
export type ByteLine = {
  /** Makes room for this many bytes more. */
  reserve: (bytes: number) => void
  /** ASCII only. */
  text: (ascii: string) => void
  number: (value: number) => void
  date: (time: WallTime) => void
  moment: (time: WallTime) => void
  /** A cell of UTF-8, in quotes where it must be. Escaped: quotes in it are doubled already. */
  cell: (bytes: Uint8Array, start: number, end: number, isEscaped: boolean) => void
  comma: () => void
  lineEnd: () => void
  /** What was written, and begins anew; null for less than `least` bytes. */
  take: (least: number) => Buffer | null
}

export function createByteLine(size: number): ByteLine {
  let out = Buffer.allocUnsafe(size)
  let at = 0
  const byte = (value: number) => void (out[at++] = value)
  const text = (ascii: string) => {
    for (let i = 0; i < ascii.length; i++) out[at++] = ascii.charCodeAt(i)
  }
  const digits = (value: number, width: number) => {
    let rest = value
    for (let i = width - 1; i >= 0; i--) {
      out[at + i] = ZERO + (rest % 10)
      rest = Math.floor(rest / 10)
    }
    at += width
  }
  const date = ({ year, month, day }: WallTime) => {
    digits(year, 4)
    byte(HYPHEN)
    digits(month, 2)
    byte(HYPHEN)
    digits(day, 2)
  }
  return {
    reserve(bytes) {
      if (at + bytes > out.length) out = Buffer.concat([out.subarray(0, at)], (at + bytes) * 2)
    },
    text,
    number(value) {
      if (value >= 0 && value < 10) byte(ZERO + value)
      else text(String(value))
    },
    date,
    moment(time) {
      date(time)
      byte(LETTER_T)
      digits(Math.floor(time.seconds / 3_600), 2)
      byte(COLON)
      digits(Math.floor(time.seconds / 60) % 60, 2)
      byte(COLON)
      digits(time.seconds % 60, 2)
      text('+08:00')
    },
    cell(bytes, start, end, isEscaped) {
      const isQuoted = isEscaped || needsQuotes(bytes, start, end)
      if (isQuoted) byte(QUOTE)
      for (let i = start; i < end; i++) {
        const value = bytes[i] as number
        if (value === QUOTE && !isEscaped) byte(QUOTE)
        out[at++] = value
      }
      if (isQuoted) byte(QUOTE)
    },
    comma: () => byte(COMMA),
    lineEnd: () => byte(LF),
    take(least) {
      if (at < least) return null
      const taken = Buffer.from(out.subarray(0, at))
      at = 0
      return taken
    },
  }
}

const [LF, CR, QUOTE, COMMA, HYPHEN, ZERO, COLON, LETTER_T] = [
  0x0a, 0x0d, 0x22, 0x2c, 0x2d, 0x30, 0x3a, 0x54,
] as const

function needsQuotes(bytes: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    const byte = bytes[i]
    if (byte === COMMA || byte === QUOTE || byte === LF || byte === CR) return true
  }
  return false
}
