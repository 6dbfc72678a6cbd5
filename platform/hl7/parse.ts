import { isAscii } from 'node:buffer'

import { type Charset, charsetNamed, decode } from './charset.ts'
import { unescape } from './escapes.ts'
import {
  type Delimiters,
  headerOf,
  type Hl7Field,
  type Hl7Header,
  type Hl7Limits,
  type Hl7Message,
  type Hl7Problem,
  type Hl7Segment,
  problem,
  trimmed,
  USUAL_LIMITS,
} from './message.ts'

export type Parsed =
  | { ok: true; message: Hl7Message }
  /** The header where it could be read all the same: whom to tell, and about which message. */
  | { ok: false; problem: Hl7Problem; header: Hl7Header | null }

/** The charset of a message whose MSH-18 is empty is what the two sides agreed on. */
export type ParseOptions = { defaultCharset: Charset; limits?: Hl7Limits }

/**
 * Reads one message, without its frame. Never throws: what is wrong is a named problem.
 *
 * Segments end with CR, and LF or CRLF are taken as well, the last one's end may be left out. Delimiters are those of
 * MSH-1 and MSH-2. The charset is that of MSH-18, and bytes that are not of it are a problem, as are control
 * characters. Segments of any name are kept, Z segments too.
 */
export function parse(
  bytes: Buffer,
  { defaultCharset, limits = USUAL_LIMITS }: ParseOptions,
): Parsed {
  if (bytes.length > limits.bytes) {
    const head = readHead(bytes.subarray(0, HEAD_BYTES), defaultCharset, limits)
    return refused(problem('too_large', `more than ${limits.bytes} bytes`), headerIn(head))
  }
  const head = readHead(bytes, defaultCharset, limits)
  if ('code' in head) return refused(head, null)
  const header = headerIn(head)
  if (header?.messageCode === '' || header?.controlId === '') {
    const missing = header.messageCode === '' ? 9 : 10
    return refused(problem('header_incomplete', `MSH-${missing} is missing`, 1, missing), header)
  }
  const { delimiters, charset } = head
  const text = decode(bytes, charset)
  if (text === null) {
    return refused(problem('charset_wrong', `the bytes are not ${charset}`), header)
  }
  const control = CONTROL.exec(text)
  if (control) return refused(controlProblem(text, control.index), header)
  const segments = readSegments(text, { delimiters, charset, limits })
  if ('code' in segments) return refused(segments, header)
  return { ok: true, message: { charset, delimiters, segments } }
}

const refused = (wrong: Hl7Problem, header: Hl7Header | null): Parsed => ({
  ok: false,
  problem: wrong,
  header,
})

/** Enough for the header of a message that is too large to be read. */
const HEAD_BYTES = 4_096
// What may not stand in a message: all but tab, line feed and carriage return.
// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/
const LINE_END = /\r\n|\r|\n/

function controlProblem(text: string, index: number): Hl7Problem {
  const before = text.slice(0, index).split(LINE_END).length
  const code = text.charCodeAt(index).toString(16).padStart(2, '0')
  return problem('control_character', `the control character 0x${code}`, before)
}

type Head = { segment: Hl7Segment; delimiters: Delimiters; charset: Charset }

const headerIn = (head: Head | Hl7Problem): Hl7Header | null =>
  'code' in head ? null : headerOf({ ...head, segments: [head.segment] })

/** MSH alone, by which the rest is read. */
function readHead(bytes: Buffer, defaultCharset: Charset, limits: Hl7Limits): Head | Hl7Problem {
  if (bytes.length === 0) return problem('empty', 'no bytes')
  const delimiters = readDelimiters(bytes)
  if ('code' in delimiters) return delimiters
  const end = bytes.findIndex((byte) => byte === CR || byte === LF)
  const line = end === -1 ? bytes : bytes.subarray(0, end)
  const charset = readCharset(line, delimiters, defaultCharset)
  if (typeof charset !== 'string') return charset
  const text = decode(line, charset)
  if (text === null) return problem('charset_wrong', `MSH is not ${charset}`, 1)
  const control = CONTROL.exec(text)
  if (control) return controlProblem(text, control.index)
  const segment = readSegment(text, 1, { delimiters, charset, limits })
  return 'code' in segment ? segment : { segment, delimiters, charset }
}

const CR = 0x0d
const LF = 0x0a

function readDelimiters(bytes: Buffer): Delimiters | Hl7Problem {
  const start = bytes.toString('latin1', 0, 10)
  if (!start.startsWith('MSH')) return problem('no_header', 'the message does not begin with MSH')
  const [mark = ''] = start.slice(3)
  const [, own = ''] = start.slice(3).split(mark, 2)
  const all = mark + own
  const isUsable = /^[!-/:-@[-`{-~]{5,6}$/.test(all) && new Set(all).size === all.length
  if (!isUsable) return problem('delimiters_invalid', 'MSH-1 and MSH-2 are not delimiters', 1, 2)
  const [component = '', repetition = '', escape = '', subcomponent = '', truncation = null] = own
  return { field: mark, component, repetition, escape, subcomponent, truncation }
}

/**
 * MSH-18 stands behind names that may be in the charset it tells of, and whose bytes may look like delimiters. So the
 * header is read in each charset, and one that names itself is right.
 */
function readCharset(
  line: Buffer,
  { field, repetition }: Delimiters,
  defaultCharset: Charset,
): Charset | Hl7Problem {
  const named = (charset: Charset) =>
    decode(line, charset)?.split(field)[CHARSET_INDEX]?.split(repetition)[0]?.trim()
  const candidates = isAscii(line) ? [] : SELF_NAMING // in ASCII, all of them read the same
  const readings = candidates.map((charset) => ({ charset, name: named(charset) }))
  const right = readings.find(({ charset, name }) => charsetNamed(name ?? '') === charset)
  if (right) return right.charset
  const name = named(defaultCharset) ?? readings.find((reading) => reading.name)?.name ?? ''
  if (name === '') return defaultCharset
  const known = charsetNamed(name)
  return known ?? problem('charset_unknown', 'MSH-18 names no charset that is spoken here', 1, 18)
}

const CHARSET_INDEX = 17
const SELF_NAMING: readonly Charset[] = ['UNICODE UTF-8', 'GB 18030-2000', 'ASCII']

type Reading = { delimiters: Delimiters; charset: Charset; limits: Hl7Limits }

function readSegments(text: string, reading: Reading): Hl7Segment[] | Hl7Problem {
  const segments: Hl7Segment[] = []
  for (const [line] of text.matchAll(/[^\r\n]+/g)) {
    const place = segments.length + 1
    if (place > reading.limits.segments) {
      return problem('too_many', `more than ${reading.limits.segments} segments`, place)
    }
    const segment = readSegment(line, place, reading)
    if ('code' in segment) return segment
    if (segment.name === 'MSH' && place > 1) {
      return problem('two_headers', 'a second MSH: two messages in one frame', place)
    }
    segments.push(segment)
  }
  return segments
}

function readSegment(line: string, place: number, reading: Reading): Hl7Segment | Hl7Problem {
  const { delimiters, limits } = reading
  const [name = '', ...raw] = line.split(delimiters.field, limits.fields + 2)
  if (!SEGMENT_NAME.test(name)) {
    return problem('segment_malformed', 'a segment without a name of three letters', place)
  }
  const isHeader = name === 'MSH'
  if (raw.length + (isHeader ? 1 : 0) > limits.fields) {
    return problem('too_many', `more than ${limits.fields} fields`, place, limits.fields + 1)
  }
  const fields: Hl7Field[] = isHeader ? [[[[delimiters.field]]], [[[raw.shift() ?? '']]]] : []
  for (const rawField of raw) {
    const field = readField(rawField, reading)
    if (typeof field === 'string') return problem('too_many', field, place, fields.length + 1)
    fields.push(field)
  }
  if (line.includes(delimiters.escape) && hasControl(fields)) {
    return problem('control_character', 'an escape stands for a control character', place)
  }
  return { name, fields: trimmed(fields) }
}

const SEGMENT_NAME = /^[A-Z][A-Z0-9]{2}$/

const hasControl = (fields: Hl7Field[]): boolean =>
  fields.some((field) =>
    field.some((components) =>
      components.some((values) => values.some((value) => value !== null && CONTROL.test(value))),
    ),
  )

/** Most fields are one text with nothing in it to be read further. */
const isPlain = (raw: string, { component, repetition, escape, subcomponent }: Delimiters) =>
  !raw.includes(component) &&
  !raw.includes(repetition) &&
  !raw.includes(escape) &&
  !raw.includes(subcomponent)

/** The field, or what there is too much of. */
function readField(raw: string, { delimiters, charset, limits }: Reading): Hl7Field | string {
  if (raw === '') return []
  if (isPlain(raw, delimiters)) return [[[raw === '""' ? null : raw]]]
  const repetitions = raw.split(delimiters.repetition, limits.repetitions + 1)
  if (repetitions.length > limits.repetitions) return `more than ${limits.repetitions} repetitions`
  const field: Hl7Field = []
  for (const repetition of repetitions) {
    const components = repetition.split(delimiters.component, limits.components + 1)
    if (components.length > limits.components) return `more than ${limits.components} components`
    const read = components.map((component) => component.split(delimiters.subcomponent))
    if (read.some((subcomponents) => subcomponents.length > limits.components)) {
      return `more than ${limits.components} subcomponents`
    }
    field.push(
      trimmed(
        read.map((values) =>
          trimmed(values.map((v) => (v === '""' ? null : unescape(v, delimiters, charset)))),
        ),
      ),
    )
  }
  return trimmed(field)
}
