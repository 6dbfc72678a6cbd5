import { isUtf8 } from 'node:buffer'

import iconv from 'iconv-lite'

// The HIS's own way with HL7 v2 text: it writes `|^~\&` and reads whatever MSH says, in GB 18030 or UTF-8.

/** A field to be written: a text, its components, or lists of components for one that is repeated. */
export type Written = string | readonly string[] | readonly (readonly string[])[]
export type Row = readonly [name: string, ...fields: Written[]]
export type Encoding = 'gb18030' | 'utf8'

/** MSH-18 for each. */
export const CHARSET_NAMES: Record<Encoding, string> = {
  gb18030: 'GB 18030-2000',
  utf8: 'UNICODE UTF-8',
}

/** One segment that was read; numbers are those of the standard, from 1. */
class Segment {
  readonly name: string
  readonly #fields: readonly string[]
  readonly #marks: Marks

  constructor(line: string, marks: Marks) {
    const [name = '', ...fields] = line.split(marks.field)
    this.name = name
    this.#fields = name === 'MSH' ? [marks.field, ...fields] : fields
    this.#marks = marks
  }

  /** A component of the first repetition; '' where nothing stands, or `""`. */
  get(field: number, component = 1): string {
    return this.all(field)[0]?.[component - 1] ?? ''
  }

  /** Each repetition's components, without subcomponents: of those the first counts. */
  all(field: number): string[][] {
    const raw = this.#fields[field - 1] ?? ''
    if (raw === '') return []
    const { repetition, component, sub } = this.#marks
    return raw.split(repetition).map((one) =>
      one.split(component).map((text) => {
        const [first = ''] = text.split(sub)
        return first === '""' ? '' : this.#plain(first)
      }),
    )
  }

  #plain(text: string): string {
    const { field, component, repetition, escape, sub } = this.#marks
    const meant: Record<string, string> = {
      F: field,
      S: component,
      R: repetition,
      T: sub,
      E: escape,
      '.br': '\n',
    }
    const mark = escape.replace(/[\\^$.*+?()[\]{}|/-]/, String.raw`\$&`)
    return text.replaceAll(
      new RegExp(`${mark}(F|S|R|T|E|\\.br|X[0-9A-F]{2})${mark}`, 'g'),
      (_all, code: string) => {
        return meant[code] ?? String.fromCharCode(Number.parseInt(code.slice(1), 16))
      },
    )
  }
}

type Marks = { field: string; component: string; repetition: string; escape: string; sub: string }

export class Message {
  readonly segments: readonly Segment[]
  readonly encoding: Encoding

  constructor(segments: readonly Segment[], encoding: Encoding) {
    this.segments = segments
    this.encoding = encoding
  }

  /** The first of that name; an empty one where there is none. */
  find(name: string): Segment {
    return this.segments.find((s) => s.name === name) ?? new Segment(name, USUAL)
  }

  findAll(name: string): Segment[] {
    return this.segments.filter((s) => s.name === name)
  }

  /** 'SRM^S01'. */
  get type(): string {
    const header = this.find('MSH')
    return `${header.get(9)}^${header.get(9, 2)}`
  }

  get controlId(): string {
    return this.find('MSH').get(10)
  }
}

const USUAL: Marks = { field: '|', component: '^', repetition: '~', escape: '\\', sub: '&' }

/** The message, or why it is none. `header` is MSH where it could be read. */
export function readMessage(bytes: Buffer): Message | { problem: string; header: Message | null } {
  const encoding = encodingOf(bytes)
  const text = encoding === 'utf8' ? bytes.toString('utf8') : iconv.decode(bytes, 'gb18030')
  const lines = text.split(/[\r\n]+/).filter((line) => line !== '')
  const first = lines[0] ?? ''
  const [component, repetition, escape, sub] = first.slice(4, 8)
  if (!first.startsWith('MSH') || !component || !repetition || !escape || !sub) {
    return { problem: 'no MSH', header: null }
  }
  const marks = { field: first.charAt(3), component, repetition, escape, sub }
  const segments = lines.map((line) => new Segment(line, marks))
  const header = new Message(segments.slice(0, 1), encoding)
  const problem = problemOf(segments, text)
  return problem === null ? new Message(segments, encoding) : { problem, header }
}

function problemOf(segments: readonly Segment[], text: string): string | null {
  if (segments.filter(({ name }) => name === 'MSH').length > 1) return 'more than one MSH'
  if (text.includes('\u{FFFD}')) return 'the bytes are not of the charset in MSH-18'
  if (segments.some(({ name }) => !/^[A-Z][A-Z0-9]{2}$/.test(name))) return 'a segment has no name'
  return null
}

/** GB 18030 unless MSH-18 says UTF-8, as the hospital's systems have it. */
function encodingOf(bytes: Buffer): Encoding {
  const end = bytes.findIndex((byte) => byte === 0x0d || byte === 0x0a)
  const header = bytes.subarray(0, end === -1 ? bytes.length : end).toString('latin1')
  return /\b(UNICODE )?UTF-?8\b/i.test(header) && isUtf8(bytes) ? 'utf8' : 'gb18030'
}

/** Segments as text; each ends with CR. */
export const writeText = (rows: readonly Row[]): string =>
  rows.map(([name, ...fields]) => `${writeRow(name, fields)}\r`).join('')

export const encodeText = (text: string, encoding: Encoding): Buffer => iconv.encode(text, encoding)

/** MSH-1 is the separator itself, and MSH-2 stands as it is. */
function writeRow(name: string, fields: readonly Written[]): string {
  const texts = fields.map(fieldText)
  const all = name === 'MSH' ? [name, String.raw`^~\&`, ...texts] : [name, ...texts]
  return all.join('|').replace(/\|+$/, '')
}

function fieldText(field: Written): string {
  if (typeof field === 'string') return plain(field)
  const repetitions = field.map((part) => (typeof part === 'string' ? plain(part) : joined(part)))
  if (typeof field[0] === 'string') return repetitions.join('^').replace(/\^+$/, '')
  return repetitions.join('~')
}

const joined = (components: readonly string[]): string =>
  components.map(plain).join('^').replace(/\^+$/, '')

const CODES: Record<string, string> = {
  '|': '\\F\\',
  '^': '\\S\\',
  '~': '\\R\\',
  '&': '\\T\\',
  '\\': '\\E\\',
  '\n': '\\.br\\',
  '\r': '',
}

const plain = (text: string): string =>
  text.replaceAll(/[|^~&\\\n\r]/g, (mark) => CODES[mark] ?? '')
