import type { Charset } from './charset.ts'

// HL7 v2 as the platform holds it: a list of segments, each a list of fields, and nothing known of what they mean.

/**
 * A message as it was read, or as it is to be written.
 *
 * Shape: the first segment is MSH, and no other is. Its fields 1 and 2 stand among its fields as any other, so
 * that numbers are those of the standard: `fields[0]` is MSH-1.
 */
export type Hl7Message = { charset: Charset; delimiters: Delimiters; segments: Hl7Segment[] }

/** `fields[4]` is field 5. What is absent at the end of a list is left out of it, at every depth. */
export type Hl7Segment = { name: string; fields: Hl7Field[] }

/** Its repetitions; most fields have one, an absent one has none. */
export type Hl7Field = Hl7Repetition[]
export type Hl7Repetition = Hl7Component[]
/** Its subcomponents; most components have one. */
export type Hl7Component = Hl7Value[]

/** An empty text is absent: leave as it is. Null was sent as `""`: there is none, delete what is known. */
export type Hl7Value = string | null

export type Delimiters = {
  field: string
  component: string
  repetition: string
  escape: string
  subcomponent: string
  /** Marks a text that was cut off, since version 2.7; null where MSH-2 has no fifth character. */
  truncation: string | null
}

export const USUAL_DELIMITERS: Delimiters = {
  field: '|',
  component: '^',
  repetition: '~',
  escape: '\\',
  subcomponent: '&',
  truncation: null,
}

/** What a message may have of each at the most. Bytes are of the whole message, without its frame. */
export type Hl7Limits = {
  bytes: number
  segments: number
  fields: number
  repetitions: number
  /** Of a repetition; as many subcomponents of a component. */
  components: number
}

export const USUAL_LIMITS: Hl7Limits = {
  bytes: 4_194_304,
  segments: 10_000,
  fields: 250,
  repetitions: 1_000,
  components: 100,
}

/** What is wrong with a message; it is never thrown. */
export type Hl7Problem = {
  code: Hl7ProblemCode
  /** For the log and for ERR-8: names places and never a patient's data. */
  message: string
  /** The place of the segment, from 1; null where the problem is not in one. */
  segment: number | null
  /** Its field, from 1. */
  field: number | null
}

export type Hl7ProblemCode =
  | 'empty'
  | 'too_large'
  | 'no_header'
  | 'two_headers'
  | 'header_incomplete'
  | 'delimiters_invalid'
  | 'charset_unknown'
  | 'charset_wrong'
  | 'control_character'
  | 'segment_malformed'
  | 'too_many'
  | 'not_in_charset'
  | 'view_invalid'

export const problem = (
  code: Hl7ProblemCode,
  message: string,
  segment: number | null = null,
  field: number | null = null,
): Hl7Problem => ({ code, message, segment, field })

/** What identifies a message and says how to answer it. Absent parts are empty. */
export type Hl7Header = {
  sendingApplication: string
  sendingFacility: string
  receivingApplication: string
  receivingFacility: string
  /** MSH-9: 'ADT', 'A40', and the structure, which older versions leave out. */
  messageCode: string
  triggerEvent: string
  controlId: string
  processingId: string
  version: string
  delimiters: Delimiters
  charset: Charset
}

/** The header of a message that was read. */
export function headerOf({ segments, delimiters, charset }: Hl7Message): Hl7Header {
  const at = (field: number, component = 1) => textAt(segments[0], field, component)
  return {
    sendingApplication: at(3),
    sendingFacility: at(4),
    receivingApplication: at(5),
    receivingFacility: at(6),
    messageCode: at(9),
    triggerEvent: at(9, 2),
    controlId: at(10),
    processingId: at(11),
    version: at(12),
    delimiters,
    charset,
  }
}

/** The first segment of that name. */
export const segmentOf = ({ segments }: Hl7Message, name: string): Hl7Segment | undefined =>
  segments.find((segment) => segment.name === name)

/** A part of a segment's field, of its first repetition; undefined or '' where it is absent. */
export const valueAt = (
  segment: Hl7Segment | undefined,
  field: number,
  component = 1,
  subcomponent = 1,
): Hl7Value | undefined => segment?.fields[field - 1]?.[0]?.[component - 1]?.[subcomponent - 1]

/** The same as text: '' where it is absent or null. */
export const textAt = (segment: Hl7Segment | undefined, field: number, component = 1): string =>
  valueAt(segment, field, component) ?? ''

/** A field with one repetition of plain components: field('ADT', 'A40'). */
export const field = (...components: Hl7Value[]): Hl7Field => {
  const repetition = trimmed(components.map((value) => (value === '' ? [] : [value])))
  return repetition.length === 0 ? [] : [repetition]
}

/** Without what is absent at its end. The list itself is shortened. */
export function trimmed<List extends unknown[]>(list: List): List {
  while (list.length > 0 && isAbsent(list.at(-1))) list.pop()
  return list
}

const isAbsent = (part: unknown): boolean =>
  part === '' || part === undefined || (Array.isArray(part) && part.length === 0)
