import type { BitmapLayout, FieldSpec, Message, Packaging } from './layout.ts'
import { packagerErrors } from './packager-error.ts'
import { Reader } from './reader.ts'
import { decodeText, encodeText, fitsContent } from './text.ts'

type BitmapPackaging = Packaging & { layout: BitmapLayout }

/** Writes type, bitmap and fields. Errors: 'iso8583.unwritable' with the field and the offset it would have. */
export function writeBitmapMessage(profile: BitmapPackaging, message: Message): Buffer {
  const { layout } = profile
  const numbers = fieldNumbersOf(message)
  const parts = [
    writeDigits(layout, message.mti, 'left'),
    writeBitmap(
      layout,
      numbers.filter((field) => field in layout.fields),
    ),
  ]
  let offset = parts.reduce((sum, part) => sum + part.length, 0)
  for (const field of numbers) {
    const fail = (reason: string) =>
      packagerErrors.unwritable({ profile: profile.name, field, offset, reason })
    const spec = layout.fields[field]
    if (spec === undefined) throw fail('is not in the profile')
    const part = writeField(layout, spec, message.fields[field] ?? '', fail)
    parts.push(part)
    offset += part.length
  }
  return Buffer.concat(parts)
}

/** Reads what must be one whole message. Errors: 'iso8583.unreadable' with the field and the offset. */
export function readBitmapMessage(profile: BitmapPackaging, bytes: Buffer): Message {
  const { layout } = profile
  const reader = new Reader(profile.name, bytes)
  const mti = readDigits(layout, reader, 4, 'left')
  const fields: Record<number, string> = {}
  for (const field of readBitmap(layout, reader)) {
    reader.enter(field)
    const spec = layout.fields[field]
    if (spec === undefined) throw reader.error('is not in the profile')
    fields[field] = readField(layout, spec, reader)
  }
  reader.end()
  return { mti, fields }
}

export const fieldNumbersOf = ({ fields }: Message): number[] =>
  Object.keys(fields)
    .map(Number)
    .toSorted((a, b) => a - b)

function writeField(layout: BitmapLayout, spec: FieldSpec, value: string, fail: Fail): Buffer {
  if (!fitsContent(spec.content, value)) throw fail(`is not of the kind ${spec.content}`)
  if (spec.content === 'n' || spec.content === 'z') {
    if (value.length > spec.size) throw fail(`has more than ${spec.size} digits`)
    if (spec.lengthDigits > 0) {
      const length = writeLength(layout, spec, value.length)
      return Buffer.concat([length, writeDigits(layout, value, spec.pad)])
    }
    if (spec.content === 'z' && value.length < spec.size) throw fail(`has not ${spec.size} digits`)
    return writeDigits(layout, value.padStart(spec.size, '0'), spec.pad)
  }
  const bytes = spec.content === 'b' ? Buffer.from(value, 'hex') : encodeText(layout.text, value)
  if (bytes === null) throw fail(`cannot be written in ${layout.text}`)
  if (bytes.length > spec.size) throw fail(`has more than ${spec.size} bytes`)
  if (spec.lengthDigits > 0) return Buffer.concat([writeLength(layout, spec, bytes.length), bytes])
  if (spec.content === 'b' && bytes.length < spec.size) throw fail(`has not ${spec.size} bytes`)
  return Buffer.concat([bytes, Buffer.alloc(spec.size - bytes.length, ' ')])
}

function readField(layout: BitmapLayout, spec: FieldSpec, reader: Reader): string {
  const isVariable = spec.lengthDigits > 0
  const size = isVariable ? readLength(layout, spec, reader) : spec.size
  if (spec.content === 'n' || spec.content === 'z') {
    const value = readDigits(layout, reader, size, spec.pad)
    if (!fitsContent(spec.content, value)) throw reader.error(`is not of the kind ${spec.content}`)
    return value
  }
  const bytes = reader.take(size)
  if (spec.content === 'b') return bytes.toString('hex').toUpperCase()
  const text = decodeText(layout.text, bytes)
  if (text === null) throw reader.error(`is not ${layout.text}`)
  const value = isVariable ? text : text.replace(/ +$/, '')
  if (!fitsContent(spec.content, value)) throw reader.error(`is not of the kind ${spec.content}`)
  return value
}

// Digits. In BCD two of them share a byte, and the separator of track data is written D.

function writeDigits({ digits }: BitmapLayout, value: string, pad: 'left' | 'right'): Buffer {
  if (digits === 'ascii') return Buffer.from(value, 'latin1')
  const even = value.length + (value.length % 2)
  const filled = pad === 'left' ? value.padStart(even, '0') : value.padEnd(even, '0')
  return Buffer.from(filled.replaceAll('=', 'D'), 'hex')
}

function readDigits(
  { digits }: BitmapLayout,
  reader: Reader,
  count: number,
  pad: 'left' | 'right',
): string {
  if (digits === 'ascii') {
    const text = reader.take(count).toString('latin1')
    if (!/^[0-9=]*$/.test(text)) throw reader.error('has something else than digits')
    return text
  }
  const nibbles = reader.take(Math.ceil(count / 2)).toString('hex')
  const text = pad === 'left' ? nibbles.slice(nibbles.length - count) : nibbles.slice(0, count)
  if (!/^[0-9d]*$/.test(text)) throw reader.error('has something else than digits')
  return text.replaceAll('d', '=')
}

// The length before a field: so many digits, in BCD filled up on the left to whole bytes.

function writeLength({ lengths }: BitmapLayout, { lengthDigits }: FieldSpec, length: number) {
  const bytes = Math.ceil(lengthDigits / 2)
  switch (lengths) {
    case 'ascii':
      return Buffer.from(String(length).padStart(lengthDigits, '0'), 'latin1')
    case 'bcd':
      return Buffer.from(String(length).padStart(bytes * 2, '0'), 'hex')
    case 'binary': {
      const buffer = Buffer.alloc(bytes)
      buffer.writeUIntBE(length, 0, bytes)
      return buffer
    }
  }
}

function readLength(
  { lengths }: BitmapLayout,
  { lengthDigits, size }: FieldSpec,
  reader: Reader,
): number {
  const bytes = reader.take(lengths === 'ascii' ? lengthDigits : Math.ceil(lengthDigits / 2))
  const text = bytes.toString(lengths === 'ascii' ? 'latin1' : 'hex')
  if (lengths !== 'binary' && !/^[0-9]+$/.test(text)) throw reader.error('has no length')
  const length = lengths === 'binary' ? Number.parseInt(text, 16) : Number(text)
  if (length > size) throw reader.error(`is longer than ${size}`)
  return length
}

function writeBitmap({ highestField, bitmap }: BitmapLayout, fields: readonly number[]): Buffer {
  const isLong = fields.some((field) => field > 64)
  const bits = Buffer.alloc(highestField === 128 && isLong ? 16 : 8)
  const set = (field: number) => {
    const index = Math.floor((field - 1) / 8)
    bits[index] = (bits[index] ?? 0) | (0x80 >> ((field - 1) % 8))
  }
  if (bits.length === 16) set(1)
  for (const field of fields) set(field)
  return bitmap === 'binary' ? bits : Buffer.from(bits.toString('hex').toUpperCase(), 'latin1')
}

function readBitmap(layout: BitmapLayout, reader: Reader): number[] {
  reader.enter(1)
  const first = readEightBytes(layout, reader)
  const isLong = layout.highestField === 128 && ((first[0] ?? 0) & 0x80) !== 0
  const bits = isLong ? Buffer.concat([first, readEightBytes(layout, reader)]) : first
  const fields: number[] = []
  for (let field = isLong ? 2 : 1; field <= bits.length * 8; field++) {
    const byte = bits[Math.floor((field - 1) / 8)] ?? 0
    if ((byte & (0x80 >> ((field - 1) % 8))) !== 0) fields.push(field)
  }
  return fields
}

function readEightBytes({ bitmap }: BitmapLayout, reader: Reader): Buffer {
  if (bitmap === 'binary') return reader.take(8)
  const text = reader.take(16).toString('latin1')
  if (!/^[0-9A-Fa-f]{16}$/.test(text)) throw reader.error('is no bitmap')
  return Buffer.from(text, 'hex')
}

type Fail = (reason: string) => Error
