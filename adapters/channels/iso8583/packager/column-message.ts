import { fieldNumbersOf } from './bitmap-message.ts'
import type { ColumnLayout, FieldSpec, Message, Packaging } from './layout.ts'
import { packagerErrors } from './packager-error.ts'
import { Reader } from './reader.ts'
import { decodeText, encodeText, fitsContent } from './text.ts'

type ColumnPackaging = Packaging & { layout: ColumnLayout }

/**
 * Writes the type and every column, spaces where the message has no such field.
 * Errors: 'iso8583.unwritable' with the field and the offset it would have.
 */
export function writeColumnMessage(profile: ColumnPackaging, message: Message): Buffer {
  const { layout } = profile
  const stranger = fieldNumbersOf(message).find((field) => !layout.columns.includes(field))
  if (stranger !== undefined) throw failAt(profile, stranger, 0)('is not in the profile')
  const parts: Buffer[] = [Buffer.from(message.mti, 'latin1')]
  let offset = message.mti.length
  for (const field of layout.columns) {
    const spec = specOf(layout, field)
    const part = writeColumn(layout, spec, message.fields[field], failAt(profile, field, offset))
    parts.push(part)
    offset += part.length
  }
  return Buffer.concat(parts)
}

/** Reads what must be exactly one record. Errors: 'iso8583.unreadable' with the field and the offset. */
export function readColumnMessage(profile: ColumnPackaging, bytes: Buffer): Message {
  const { layout } = profile
  const reader = new Reader(profile.name, bytes)
  const mti = reader.take(4).toString('latin1')
  if (!/^[0-9]{4}$/.test(mti)) throw reader.error('has something else than digits')
  const fields: Record<number, string> = {}
  for (const field of layout.columns) {
    reader.enter(field)
    const value = readColumn(layout, specOf(layout, field), reader)
    if (value !== null) fields[field] = value
  }
  reader.end()
  return { mti, fields }
}

/** Bytes are written as hex, two columns each. */
const widthOf = ({ content, size }: FieldSpec): number => (content === 'b' ? size * 2 : size)

function writeColumn(
  layout: ColumnLayout,
  spec: FieldSpec,
  value: string | undefined,
  fail: (reason: string) => Error,
): Buffer {
  const width = widthOf(spec)
  if (value === undefined) return Buffer.alloc(width, ' ')
  if (!fitsContent(spec.content, value)) throw fail(`is not of the kind ${spec.content}`)
  if (value.trim() === '') throw fail('is empty, which a column cannot say')
  const isNumber = spec.content === 'n' && spec.lengthDigits === 0
  const text = isNumber ? value.padStart(width, '0') : value
  const bytes = encodeText(layout.text, text)
  if (bytes === null) throw fail(`cannot be written in ${layout.text}`)
  if (bytes.length > width) throw fail(`is wider than ${width} columns`)
  if (spec.content === 'b' && spec.lengthDigits === 0 && bytes.length < width) {
    throw fail(`has not ${spec.size} bytes`)
  }
  return Buffer.concat([bytes, Buffer.alloc(width - bytes.length, ' ')])
}

/** Null for a column of spaces. */
function readColumn(layout: ColumnLayout, spec: FieldSpec, reader: Reader): string | null {
  const text = decodeText(layout.text, reader.take(widthOf(spec)))
  if (text === null) throw reader.error(`is not ${layout.text}`)
  const value = text.replace(/ +$/, '')
  if (value === '') return null
  if (!fitsContent(spec.content, value)) throw reader.error(`is not of the kind ${spec.content}`)
  const mustFill = spec.lengthDigits === 0 && (spec.content === 'n' || spec.content === 'b')
  if (mustFill && value.length !== text.length) throw reader.error('does not fill its columns')
  return value
}

function specOf(layout: ColumnLayout, field: number): FieldSpec {
  const spec = layout.fields[field]
  if (spec === undefined) throw new Error(`column ${field} is not in the field table`)
  return spec
}

const failAt = (profile: Packaging, field: number, offset: number) => (reason: string) =>
  packagerErrors.unwritable({ profile: profile.name, field, offset, reason })
