import iconv from 'iconv-lite'

// The wire of the bank, as its interface document has it. Three dialects of the same messages: the POS in BCD, a line
// in ASCII with 128 fields, and records of fixed columns. A table is text: number, kind, length; '2' or '3' dots are
// a length of so many digits before the field.

export type DialectName = 'cups' | 'ascii128' | 'columns'

export type WireMessage = { type: string; fields: Map<number, string> }

/** A frame that is no message. The bank closes the connection on it, as nothing can be answered. */
export class WireError extends Error {}

const POS = `2 n..19 3 n6 4 n12 11 n6 12 n6 13 n4 14 n4 15 n4 22 n3 23 n3r 25 n2 26 n2 32 n..11 35 z..37
  36 z...104 37 x12 38 x6 39 x2 41 x8 42 x15 43 x40 44 x..25 48 n...322 49 x3 52 b8 53 n16 54 x...20
  55 b...255 59 x...100 60 n...17 61 n...29 62 b...512 63 x...163 64 b8`

const LINE = `2 n..19 3 n6 4 n12 7 n10 11 n6 12 n6 13 n4 14 n4 15 n4 18 n4 22 n3 23 n3 25 n2 26 n2 32 n..11
  33 n..11 35 z..37 36 z...104 37 x12 38 x6 39 x2 41 x8 42 x15 43 x40 44 x..25 48 x...512 49 x3 52 b8
  53 n16 54 x...120 55 b...255 59 x...600 60 x...100 61 x...200 62 b...512 63 x...512 70 n3 90 n42
  100 n..11 128 b8`

const RECORD = `3 n6 4 n12 11 n6 12 n6 13 n4 15 n4 41 x8 42 x15 60 x17 2 x19 14 n4 22 n3 23 n3 25 n2 26 n2
  35 x37 37 x12 38 x6 39 x2 44 x25 48 x64 49 x3 52 h16 53 n16 55 x510 59 x64 61 x29 62 x168 63 x60 128 h16`

type Column = { field: number; kind: string; dots: number; size: number; isRight: boolean }

const columnsOf = (table: string): Column[] =>
  [...table.matchAll(/(\d+) ([nxzbh])(\.*)(\d+)(r?)/g)].map(
    ([, field, kind, dots, size, right]) => ({
      field: Number(field),
      kind: kind ?? '',
      dots: dots?.length ?? 0,
      size: Number(size),
      isRight: right === 'r',
    }),
  )

type Dialect = {
  columns: Column[]
  isBcd: boolean
  headBytes: number
  lengthBytes: number
  macField: number
}

const DIALECTS: Record<DialectName, Dialect> = {
  cups: { columns: columnsOf(POS), isBcd: true, headBytes: 11, lengthBytes: 2, macField: 64 },
  ascii128: { columns: columnsOf(LINE), isBcd: false, headBytes: 0, lengthBytes: 4, macField: 128 },
  columns: {
    columns: columnsOf(RECORD),
    isBcd: false,
    headBytes: 0,
    lengthBytes: 6,
    macField: 128,
  },
}

export const macFieldOf = (name: DialectName): number => DIALECTS[name].macField

/** How many bytes at the end of a message are its MAC. */
export const macBytesOf = (name: DialectName): number => (name === 'columns' ? 16 : 8)

/** The head (TPDU and header) stands before the message; the answer has the TPDU's addresses swapped. */
export function splitHead(name: DialectName, frame: Buffer): { head: Buffer; body: Buffer } {
  const { headBytes } = DIALECTS[name]
  if (frame.length < headBytes) throw new WireError('no head')
  return { head: frame.subarray(0, headBytes), body: frame.subarray(headBytes) }
}

export function answerHead(head: Buffer): Buffer {
  if (head.length < 5) return head
  const tpdu = [head.subarray(0, 1), head.subarray(3, 5), head.subarray(1, 3)]
  return Buffer.concat([...tpdu, head.subarray(5)])
}

export function lengthPrefix(name: DialectName, length: number): Buffer {
  const { lengthBytes } = DIALECTS[name]
  if (name !== 'cups') return Buffer.from(String(length).padStart(lengthBytes, '0'))
  return Buffer.from([length >> 8, length & 0xff])
}

/** The length of the next frame and where it begins; null while there are too few bytes. */
export function nextLength(
  name: DialectName,
  bytes: Buffer,
): { length: number; from: number } | null {
  const { lengthBytes: from } = DIALECTS[name]
  if (bytes.length < from) return null
  if (name === 'cups') return { length: bytes.readUInt16BE(0), from }
  const text = bytes.subarray(0, from).toString('latin1')
  if (!/^\d+$/.test(text)) throw new WireError('no length')
  return { length: Number(text), from }
}

export function readBody(name: DialectName, body: Buffer): WireMessage {
  const cursor = cursorOf(body)
  const { columns, isBcd } = DIALECTS[name]
  const type = isBcd ? cursor.take(2).toString('hex') : cursor.take(4).toString('latin1')
  const fields = new Map<number, string>()
  if (name === 'columns') {
    for (const { field, size } of columns) {
      const value = iconv.decode(cursor.take(size), 'gbk').trimEnd()
      if (value !== '') fields.set(field, value)
    }
  } else {
    for (const field of fieldsInBitmap(cursor)) {
      const column = columns.find((candidate) => candidate.field === field)
      if (!column) throw new WireError(`field ${field}`)
      fields.set(field, readColumn(column, isBcd, cursor))
    }
  }
  if (cursor.left() > 0) throw new WireError('too long')
  return { type, fields }
}

export function writeBody(name: DialectName, { type, fields }: WireMessage): Buffer {
  const { columns, isBcd } = DIALECTS[name]
  const parts: Buffer[] = [isBcd ? Buffer.from(type, 'hex') : Buffer.from(type)]
  if (name === 'columns') {
    for (const { field, size } of columns) {
      const value = iconv.encode(fields.get(field) ?? '', 'gbk')
      parts.push(value, Buffer.alloc(size - value.length, ' '))
    }
    return Buffer.concat(parts)
  }
  parts.push(bitmapOf([...fields.keys()]))
  for (const column of columns) {
    const value = fields.get(column.field)
    if (value !== undefined) parts.push(...writeColumn(column, isBcd, value))
  }
  return Buffer.concat(parts)
}

function readColumn({ kind, dots, size, isRight }: Column, isBcd: boolean, cursor: Cursor): string {
  let length = size
  if (dots > 0) {
    const digits = isBcd
      ? cursor.take(dots === 2 ? 1 : 2).toString('hex')
      : cursor.take(dots).toString('latin1')
    length = Number(digits)
    if (!(length <= size)) throw new WireError('length')
  }
  if (kind === 'b') return cursor.take(length).toString('hex').toUpperCase()
  if ((kind === 'n' || kind === 'z') && isBcd) {
    const nibbles = cursor
      .take(Math.ceil(length / 2))
      .toString('hex')
      .replaceAll('d', '=')
    return isRight ? nibbles.slice(-length) : nibbles.slice(0, length)
  }
  const text = iconv.decode(cursor.take(length), 'gbk')
  return dots > 0 ? text : text.trimEnd()
}

function writeColumn(column: Column, isBcd: boolean, value: string): Buffer[] {
  const { kind, dots, size, isRight } = column
  const isNumber = kind === 'n' || kind === 'z'
  const bytes = kind === 'b' ? Buffer.from(value, 'hex') : iconv.encode(value, 'gbk')
  const length = isNumber ? value.length : bytes.length
  const lengthText = String(length).padStart(isBcd ? (dots === 2 ? 2 : 4) : dots, '0')
  const lengthPart = Buffer.from(lengthText, isBcd ? 'hex' : 'latin1')
  const prefix = dots > 0 ? [lengthPart] : []
  if (isNumber && isBcd) {
    const nibbles = value.replaceAll('=', 'D')
    const even = nibbles.length + (nibbles.length % 2)
    const filled = isRight ? nibbles.padStart(even, '0') : nibbles.padEnd(even, '0')
    return [...prefix, Buffer.from(filled, 'hex')]
  }
  return dots > 0 || kind === 'b'
    ? [...prefix, bytes]
    : [bytes, Buffer.alloc(size - bytes.length, ' ')]
}

function fieldsInBitmap(cursor: Cursor): number[] {
  let bits = BigInt(`0x${cursor.take(8).toString('hex')}`)
  let count = 64
  if ((bits >> 63n) & 1n) {
    bits = (bits << 64n) | BigInt(`0x${cursor.take(8).toString('hex')}`)
    count = 128
  }
  const isSet = (field: number) => ((bits >> BigInt(count - field)) & 1n) === 1n
  const fields = Array.from({ length: count }, (_, i) => i + 1).filter(isSet)
  return count === 128 ? fields.filter((field) => field !== 1) : fields
}

function bitmapOf(fields: number[]): Buffer {
  const isLong = fields.some((field) => field > 64)
  const count = isLong ? 128 : 64
  const set = isLong ? [1, ...fields] : fields
  const bits = set.reduce((all, field) => all | (1n << BigInt(count - field)), 0n)
  return Buffer.from(bits.toString(16).padStart(count / 4, '0'), 'hex')
}

type Cursor = { take(count: number): Buffer; left(): number }

function cursorOf(bytes: Buffer): Cursor {
  let at = 0
  return {
    take(count) {
      if (at + count > bytes.length) throw new WireError('too short')
      at += count
      return bytes.subarray(at - count, at)
    },
    left: () => bytes.length - at,
  }
}
