import { type Charset, charsetNamed } from './charset.ts'
import {
  type Delimiters,
  type Hl7Component,
  type Hl7Field,
  type Hl7Message,
  type Hl7Problem,
  type Hl7Repetition,
  type Hl7Segment,
  type Hl7Value,
  problem,
  trimmed,
  USUAL_DELIMITERS,
  USUAL_LIMITS,
} from './message.ts'

/**
 * A message as plain JSON, for expressions that map it.
 *
 * Shape: a property for each segment's name, in it one for each field, and in that one for each component: `PID.f5.c1` is
 * the family name, `MSH.f9.c2` the event. A component is always a text (its first subcomponent), or null where `""` was
 * sent; further subcomponents stand beside it: `PID.f5.c1s2`. What is absent has no property. A field is an object, or a
 * list of them where it is repeated, and a segment that comes again is a list too: JSONata goes through both alike, so
 * `OBX.f5.c1` is one value or all of them, `OBX[0]` works either way, and `PID.f3[c5 = "MR"].c1` is the number of that kind.
 *
 * `segments` has all of them in their order, each with its `name` and its place `at`: `segments[name = "FT1"]`. Groups are
 * told by place: the OBX of an OBR are those after it and before the next.
 */
export type Hl7View = {
  segments: (Hl7SegmentView & { name: string; at: number })[]
  [name: string]: Hl7SegmentView | Hl7SegmentView[]
}

export type Hl7SegmentView = { [field: string]: Hl7FieldView | Hl7FieldView[] | string | number }
export type Hl7FieldView = { [component: string]: Hl7Value }

export function viewOf({ segments }: Hl7Message): Hl7View {
  const listed = segments.map((segment, index) => ({
    name: segment.name,
    at: index + 1,
    ...segmentView(segment),
  }))
  const byName = new Map<string, Hl7SegmentView[]>()
  for (const { name, at: _at, ...fields } of listed) {
    const same = byName.get(name)
    if (same) same.push(fields)
    else byName.set(name, [fields])
  }
  const named = [...byName].map(([name, same]) => [name, oneOrAll(same)] as const)
  return { ...Object.fromEntries(named), segments: listed }
}

function segmentView({ fields }: Hl7Segment): Hl7SegmentView {
  const view: Hl7SegmentView = {}
  for (const [index, field] of fields.entries()) {
    if (field.length > 0) view[`f${index + 1}`] = oneOrAll(field.map(repetitionView))
  }
  return view
}

function repetitionView(components: Hl7Repetition): Hl7FieldView {
  const view: Hl7FieldView = {}
  for (const [index, values] of components.entries()) {
    for (const [sub, value] of values.entries()) {
      const more = sub === 0 ? '' : `s${sub + 1}`
      if (value !== '') view[`c${index + 1}${more}`] = value
    }
  }
  return view
}

const oneOrAll = <Part>(parts: Part[]): Part | Part[] => {
  const [only] = parts
  return parts.length === 1 && only !== undefined ? only : parts
}

export type FromView = { ok: true; message: Hl7Message } | { ok: false; problem: Hl7Problem }

/**
 * A message from what a mapping made: the shape of viewOf, and what is easier to write as well. `segments` is taken in its
 * order when it is there; without it, the segments by name in the order of the properties. A field may be a text, which
 * is its first component; a whole number is its digits. Null anywhere is sent as `""`, and a left out property is absent.
 */
export function fromView(
  view: unknown,
  how: { charset?: Charset; delimiters?: Delimiters } = {},
): FromView {
  try {
    const segments = readSegments(view)
    if (segments.length > USUAL_LIMITS.segments) {
      throw wrong(null, `more than ${USUAL_LIMITS.segments} segments`)
    }
    const delimiters = how.delimiters ?? USUAL_DELIMITERS
    setHeader(segments[0], delimiters)
    const [charsetField] = segments[0]?.fields[17]?.[0]?.[0] ?? []
    const charset = how.charset ?? charsetNamed(charsetField ?? '') ?? 'UNICODE UTF-8'
    return { ok: true, message: { charset, delimiters, segments } }
  } catch (error) {
    if (error instanceof ViewError) return { ok: false, problem: error.problem }
    throw error
  }
}

/** MSH-1 and MSH-2 are the delimiters' own, whatever the mapping said. */
function setHeader(header: Hl7Segment | undefined, delimiters: Delimiters): void {
  if (header?.name !== 'MSH') throw wrong(1, 'the first segment is not MSH')
  const { component, repetition, escape, subcomponent, truncation } = delimiters
  while (header.fields.length < 2) header.fields.push([])
  header.fields[0] = [[[delimiters.field]]]
  header.fields[1] = [[[component + repetition + escape + subcomponent + (truncation ?? '')]]]
}

function readSegments(view: unknown): Hl7Segment[] {
  if (!isRecord(view)) throw wrong(null, 'the message is not an object')
  const { segments, ...named } = view
  const listed = Array.isArray(segments)
    ? segments.map((segment: unknown, index) => {
        if (!isRecord(segment)) throw wrong(index + 1, 'a segment is not an object')
        const { name, at: _at, ...fields } = segment
        return [name, fields] as const
      })
    : Object.entries(named).flatMap(([name, value]) =>
        listOf(value).map((fields) => [name, fields] as const),
      )
  return listed.map(([name, fields], index) => readSegment(name, fields, index + 1))
}

function readSegment(name: unknown, fields: unknown, place: number): Hl7Segment {
  if (typeof name !== 'string' || !isRecord(fields)) {
    throw wrong(place, 'a segment without a name, or without fields')
  }
  const list: Hl7Field[] = []
  for (const [key, value] of Object.entries(fields)) {
    const no = key.startsWith('f') ? numberOf(key.slice(1), USUAL_LIMITS.fields) : null
    if (no === null) throw wrong(place, `"${key.slice(0, 20)}" is not a field like f5`)
    put(list, no, trimmed(listOf(value).map((each) => readRepetition(each, place, no))), () => [])
  }
  return { name, fields: trimmed(list) }
}

function readRepetition(value: unknown, place: number, fieldNo: number): Hl7Repetition {
  if (!isRecord(value)) return trimmed([trimmed([readValue(value, place, fieldNo)])])
  const components: Hl7Component[] = []
  for (const [key, part] of Object.entries(value)) {
    const [, first = '', second = '1'] = /^c(\d+)(?:s(\d+))?$/.exec(key) ?? []
    const no = numberOf(first, USUAL_LIMITS.components)
    const sub = numberOf(second, USUAL_LIMITS.components)
    if (no === null || sub === null) {
      throw wrong(place, `"${key.slice(0, 20)}" is not a component like c1 or c1s2`, fieldNo)
    }
    const values = components[no - 1] ?? []
    put(values, sub, readValue(part, place, fieldNo), () => '')
    put(components, no, values, () => [])
  }
  return trimmed(components.map((values) => trimmed(values)))
}

function readValue(value: unknown, place: number, fieldNo: number): Hl7Value {
  if (value === null || typeof value === 'string') return value
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
  throw wrong(place, 'a value that is no text, no whole number and not null', fieldNo)
}

/** Sets what stands at a place counted from 1, and fills what is skipped. */
function put<Part>(list: Part[], place: number, part: Part, absent: () => Part): void {
  while (list.length < place) list.push(absent())
  list[place - 1] = part
}

const numberOf = (text: string, most: number): number | null =>
  /^[1-9]\d{0,3}$/.test(text) && Number(text) <= most ? Number(text) : null

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [value])

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

class ViewError extends Error {
  readonly problem: Hl7Problem

  constructor(of: Hl7Problem) {
    super(of.message)
    this.problem = of
  }
}

const wrong = (segment: number | null, message: string, field: number | null = null) =>
  new ViewError(problem('view_invalid', message, segment, field))
