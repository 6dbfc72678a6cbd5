import { field, headerOf, type Hl7Field, type Hl7Header, type Hl7Message } from './message.ts'
import type { Hl7Problem, Hl7ProblemCode } from './message.ts'

/** AA: taken. AE: it is wrong, or could not be done; AR: it is not for us, or not now, and nothing was done. */
export type AckCode = 'AA' | 'AE' | 'AR'

export type Acknowledgement = {
  code: AckCode
  /** None with AA. */
  error?: AckError
  /** The answer's own MSH-10. */
  controlId: string
  /** MSH-7, 'yyyyMMddHHmmss' of the wall clock in Shanghai. */
  at: string
}

/** ERR-2 (segment, its place and field), ERR-3 of HL7 table 0357, and ERR-8. */
export type AckError = {
  /** '204', with its words. */
  condition: readonly [code: string, words: string]
  message: string
  segment?: string | null
  /** Of the segment in the message. */
  place?: number | null
  field?: number | null
}

/** HL7 table 0357. */
export const CONDITIONS = {
  segmentSequence: ['100', 'Segment sequence error'],
  fieldMissing: ['101', 'Required field missing'],
  dataType: ['102', 'Data type error'],
  valueNotFound: ['103', 'Table value not found'],
  messageType: ['200', 'Unsupported message type'],
  event: ['201', 'Unsupported event code'],
  processingId: ['202', 'Unsupported processing id'],
  version: ['203', 'Unsupported version id'],
  keyUnknown: ['204', 'Unknown key identifier'],
  keyDuplicate: ['205', 'Duplicate key identifier'],
  internal: ['207', 'Application internal error'],
} as const

/**
 * The ACK of a message: sender and receiver change places, MSA-2 is its MSH-10, and delimiters, charset, version and
 * processing id are its own.
 */
export const acknowledge = (to: Hl7Message | Hl7Header, how: Acknowledgement): Hl7Message =>
  acknowledgeHeader('segments' in to ? headerOf(to) : to, how)

function acknowledgeHeader(
  to: Hl7Header,
  { code, error, controlId, at }: Acknowledgement,
): Hl7Message {
  const { delimiters, charset, triggerEvent } = to
  const { component, repetition, escape, subcomponent, truncation } = delimiters
  const header: Hl7Field[] = [
    [[[delimiters.field]]],
    [[[component + repetition + escape + subcomponent + (truncation ?? '')]]],
    field(to.receivingApplication),
    field(to.receivingFacility),
    field(to.sendingApplication),
    field(to.sendingFacility),
    field(at),
    [],
    field('ACK', triggerEvent, triggerEvent === '' ? '' : 'ACK'),
    field(controlId),
    field(to.processingId || 'P'),
    field(to.version || '2.4'),
    [],
    [],
    [],
    [],
    [],
    field(charset),
  ]
  const text = error ? error.message : ''
  const segments = [
    { name: 'MSH', fields: header },
    { name: 'MSA', fields: [field(code), field(to.controlId), field(text)].slice(0, text ? 3 : 2) },
  ]
  if (error) segments.push({ name: 'ERR', fields: errorFields(error) })
  return { charset, delimiters, segments }
}

function errorFields({ condition, message, segment, place, field: no }: AckError): Hl7Field[] {
  const where = field(segment ?? '', String(place ?? ''), String(no ?? ''))
  return [[], where, field(...condition, 'HL70357'), field('E'), [], [], [], field(message)]
}

/** How a message that cannot be read is answered: AR where it is no message, AE where something in it is wrong. */
export function answerToProblem(wrong: Hl7Problem): Pick<Acknowledgement, 'code' | 'error'> {
  const { code, message, segment, field: no } = wrong
  const { ack, condition } = ANSWERS[code]
  return {
    code: ack,
    error: {
      condition: CONDITIONS[condition],
      message: `${code}: ${message}`,
      segment: segment === 1 ? 'MSH' : null,
      place: segment,
      field: no,
    },
  }
}

const ANSWERS: Record<Hl7ProblemCode, { ack: AckCode; condition: keyof typeof CONDITIONS }> = {
  empty: { ack: 'AR', condition: 'segmentSequence' },
  too_large: { ack: 'AR', condition: 'dataType' },
  no_header: { ack: 'AR', condition: 'segmentSequence' },
  two_headers: { ack: 'AR', condition: 'segmentSequence' },
  header_incomplete: { ack: 'AR', condition: 'fieldMissing' },
  delimiters_invalid: { ack: 'AR', condition: 'dataType' },
  charset_unknown: { ack: 'AR', condition: 'valueNotFound' },
  charset_wrong: { ack: 'AE', condition: 'dataType' },
  control_character: { ack: 'AE', condition: 'dataType' },
  segment_malformed: { ack: 'AE', condition: 'segmentSequence' },
  too_many: { ack: 'AE', condition: 'dataType' },
  not_in_charset: { ack: 'AE', condition: 'dataType' },
  view_invalid: { ack: 'AE', condition: 'internal' },
}
