import { charsetNamed, encode } from './charset.ts'
import { escaperOf } from './escapes.ts'
import {
  type Delimiters,
  type Hl7Field,
  type Hl7Message,
  type Hl7Problem,
  type Hl7Repetition,
  type Hl7Segment,
  problem,
} from './message.ts'

export type Serialized = { ok: true; bytes: Buffer } | { ok: false; problem: Hl7Problem }

/**
 * The bytes of a message, in its charset and with its delimiters; every segment ends with CR. MSH-1 and MSH-2 are
 * written as the delimiters are, and MSH-18 says the charset unless it already does.
 *
 * `parse` of them gives the message again, MSH-18 filled in. Never throws: what cannot be written is a named problem.
 */
export function serialize(message: Hl7Message): Serialized {
  const { segments, delimiters, charset } = message
  const write: Writing = { ...delimiters, escaped: escaperOf(delimiters) }
  const lines: string[] = []
  for (const [index, segment] of segments.entries()) {
    const wrong = problemOf(segment, index)
    if (wrong) return { ok: false, problem: wrong }
    lines.push(index === 0 ? headerLine(segment, message, write) : lineOf(segment, write))
  }
  if (lines.length === 0) return { ok: false, problem: problem('empty', 'no segments') }
  const bytes = encode(lines.join('\r') + '\r', charset)
  return bytes === null
    ? { ok: false, problem: problem('not_in_charset', `a character is not in ${charset}`) }
    : { ok: true, bytes }
}

function problemOf({ name, fields }: Hl7Segment, index: number): Hl7Problem | null {
  const place = index + 1
  if (!/^[A-Z][A-Z0-9]{2}$/.test(name)) {
    return problem('segment_malformed', 'a segment without a name of three letters', place)
  }
  if (index === 0 && name !== 'MSH') return problem('no_header', 'the first segment is not MSH', 1)
  if (index > 0 && name === 'MSH') return problem('two_headers', 'a second MSH', place)
  const wrong = fields.findIndex(hasControl)
  return wrong === -1 ? null : problem('control_character', 'a control character', place, wrong + 1)
}

const hasControl = (field: Hl7Field): boolean =>
  field.some((components) =>
    components.some((values) => values.some((v) => v !== null && CONTROL.test(v))),
  )

// oxlint-disable-next-line no-control-regex
const CONTROL = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F]/

function headerLine(
  segment: Hl7Segment,
  { delimiters, charset }: Hl7Message,
  write: Writing,
): string {
  const { field, component, repetition, escape: mark, subcomponent, truncation } = delimiters
  const fields = segment.fields.slice(2).map((each) => fieldText(each, write))
  const charsetIndex = CHARSET_FIELD - 3
  while (fields.length <= charsetIndex) fields.push('')
  const [named = ''] = (fields[charsetIndex] ?? '').split(repetition)
  if (charsetNamed(named) !== charset) fields[charsetIndex] = charset
  const own = component + repetition + mark + subcomponent + (truncation ?? '')
  return ['MSH', own, ...withoutEnd(fields)].join(field)
}

const CHARSET_FIELD = 18

function lineOf({ name, fields }: Hl7Segment, write: Writing): string {
  const texts = fields.map((each) => fieldText(each, write))
  return [name, ...withoutEnd(texts)].join(write.field)
}

type Writing = Delimiters & { escaped: (text: string) => string }

const fieldText = (repetitions: readonly Hl7Repetition[], write: Writing): string =>
  joined(repetitions, write.repetition, (each) => repetitionText(each, write))

const repetitionText = (components: Hl7Repetition, write: Writing): string =>
  joined(components, write.component, (values) =>
    joined(values, write.subcomponent, (v) => (v === null ? '""' : write.escaped(v))),
  )

/** Without what is absent at the end. Most lists have one part. */
function joined<Part>(parts: readonly Part[], mark: string, write: (part: Part) => string): string {
  const [only] = parts
  if (parts.length === 1 && only !== undefined) return write(only)
  return parts.length === 0 ? '' : withoutEnd(parts.map((part) => write(part))).join(mark)
}

function withoutEnd(texts: string[]): string[] {
  const last = texts.findLastIndex((text) => text !== '')
  return last === texts.length - 1 ? texts : texts.slice(0, last + 1)
}
