import fc from 'fast-check'
import iconv from 'iconv-lite'
import { describe, expect, it } from 'vitest'

import { createExpressions } from '../descriptor/expressions.ts'
import { acknowledge, answerToProblem, CONDITIONS } from './acknowledge.ts'
import type { Charset } from './charset.ts'
import {
  type Delimiters,
  field,
  headerOf,
  type Hl7Message,
  segmentOf,
  textAt,
  trimmed,
  USUAL_DELIMITERS,
  USUAL_LIMITS,
  valueAt,
} from './message.ts'
import { parse } from './parse.ts'
import { serialize } from './serialize.ts'
import { fromView, viewOf } from './view.ts'

const UTF8 = { defaultCharset: 'UNICODE UTF-8' } as const
const HEADER = 'MSH|^~\\&|HIS|广州医院|HUB|YQ|20261122083000||ADT^A40^ADT_A39|M1|P|2.5'

const read = (text: string | Buffer, defaultCharset: Charset = 'UNICODE UTF-8'): Hl7Message => {
  const parsed = parse(Buffer.from(text), { defaultCharset })
  if (!parsed.ok) throw new Error(`${parsed.problem.code}: ${parsed.problem.message}`)
  return parsed.message
}

const problemOf = (bytes: string | Buffer, limits = USUAL_LIMITS) => {
  const parsed = parse(Buffer.from(bytes), { ...UTF8, limits })
  return parsed.ok ? null : parsed
}

const write = (message: Hl7Message): Buffer => {
  const written = serialize(message)
  if (!written.ok) throw new Error(written.problem.message)
  return written.bytes
}

describe('a message', () => {
  it('is read down to its subcomponents', () => {
    const pid = segmentOf(
      read(`${HEADER}\rPID|||P01^^^HIS&1.2.3&ISO^MR~C9||张^三||19900229|""|\r`),
      'PID',
    )
    expect(pid?.fields[2]).toEqual([[['P01'], [], [], ['HIS', '1.2.3', 'ISO'], ['MR']], [['C9']]])
    expect(textAt(pid, 5, 2)).toBe('三')
    expect(valueAt(pid, 3, 4, 2)).toBe('1.2.3')
    expect(valueAt(pid, 8)).toBeNull()
    expect(valueAt(pid, 2)).toBeUndefined()
    expect(pid?.fields).toHaveLength(8)
  })

  it.each(['\r', '\n', '\r\n', '\r\r'])('is read with its segments ended by %j', (end) => {
    const message = read([HEADER, 'PID|1', 'ZYB|医保|0.9', ''].join(end))
    expect(message.segments.map(({ name }) => name)).toEqual(['MSH', 'PID', 'ZYB'])
    expect(textAt(segmentOf(message, 'ZYB'), 1)).toBe('医保')
  })

  it('goes by the delimiters of its own header', () => {
    const message = read('MSH$*!?%$HIS$$$$$$SIU*S12$M1$P$2.4\rPID$$$a%b*c!d?F?e?S?f?E?')
    expect(headerOf(message)).toMatchObject({
      messageCode: 'SIU',
      triggerEvent: 'S12',
      controlId: 'M1',
    })
    expect(segmentOf(message, 'PID')?.fields[2]).toEqual([[['a', 'b'], ['c']], [['d$e*f?']]])
    expect(write(message).toString()).toBe(
      'MSH$*!?%$HIS$$$$$$SIU*S12$M1$P$2.4$$$$$$UNICODE UTF-8\rPID$$$a%b*c!d?F?e?S?f?E?\r',
    )
  })

  it('has escapes that mean what the standard says', () => {
    const text = String.raw`\H\a\N\\.br\b\XE5BCA0\\T\\R\C:\dir\Zx\.sp2\c`
    const message = read(`${HEADER}\rNTE|1||${text}`)
    expect(textAt(segmentOf(message, 'NTE'), 3)).toBe('a\nb张&~C:\\dir\\Zx\n\nc')
  })

  it('is told apart in its charset by MSH-18, whatever bytes stand before it', () => {
    // The second bytes of these are those of delimiters: 亅 5C, 億 7C.
    const names = '亅億亊俓'
    const header = `MSH|^~\\&|${names}|${names}||||| ADT^A04|M1|P|2.4||||||`
    for (const name of ['GB 18030-2000', 'GBK', 'gb18030']) {
      const message = read(iconv.encode(`${header}${name}\rPID|||||${names}^\u{20BB7}`, 'gb18030'))
      expect(message.charset).toBe('GB 18030-2000')
      expect(headerOf(message).sendingFacility).toBe(names)
      expect(textAt(segmentOf(message, 'PID'), 5, 2)).toBe('\u{20BB7}')
    }
    expect(read(`${header}UNICODE UTF-8\rPID|||||${names}`).charset).toBe('UNICODE UTF-8')
    const unnamed = iconv.encode(`${HEADER}\rPID|||||${names}`, 'gb18030')
    expect(read(unnamed, 'GB 18030-2000').segments).toHaveLength(2)
    expect(read(`\u{41}${HEADER}`.slice(1)).charset).toBe('UNICODE UTF-8')
  })
})

describe('what is no message', () => {
  const gb = iconv.encode(`${HEADER}\rPID|||||张三`, 'gb18030')
  it.each<[string, string | Buffer, string]>([
    ['nothing', '', 'empty'],
    ['another thing', 'GET / HTTP/1.1\r\n', 'no_header'],
    ['random bytes', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2]), 'no_header'],
    ['a batch', 'FHS|^~\\&|HIS\rBHS|^~\\&\r', 'no_header'],
    ['two messages', `${HEADER}\rPID|1\r${HEADER}\r`, 'two_headers'],
    ['a header cut off', 'MSH|^~\\&|HIS|X|HUB|YQ|2026112208', 'header_incomplete'],
    ['a header of three letters', 'MSH', 'delimiters_invalid'],
    ['a delimiter twice', 'MSH|^^\\&|HIS', 'delimiters_invalid'],
    ['letters for delimiters', 'MSH|abcd|HIS', 'delimiters_invalid'],
    ['a charset nobody knows', `${HEADER}||||||JIS X 0202\r`, 'charset_unknown'],
    ['GB 18030 that says nothing', gb, 'charset_wrong'],
    [
      'GB 18030 that says UTF-8',
      iconv.encode(`${HEADER}||||||UTF-8\rPID|||||张`, 'gbk'),
      'charset_wrong',
    ],
    ['half a character', Buffer.from(`${HEADER}\rPID|||||张`).subarray(0, -1), 'charset_wrong'],
    ['more than ASCII', 'MSH|^~\\&|||||||A|1|P|2.4||||||ASCII\rPID|张', 'charset_wrong'],
    ['NUL', `${HEADER}\rPID|\u{0}`, 'control_character'],
    ['NUL by an escape', `${HEADER}\rPID|\\X00\\`, 'control_character'],
    ['an end of a frame', `${HEADER}\rPID|\u{1c}`, 'control_character'],
    ['a segment cut off', `${HEADER}\rPID|1\rOB`, 'segment_malformed'],
    ['too many repetitions', `${HEADER}\rPID|${'~'.repeat(1_000)}`, 'too_many'],
    ['too many components', `${HEADER}\rPID|${'^'.repeat(100)}`, 'too_many'],
    ['too many subcomponents', `${HEADER}\rPID|${'&'.repeat(100)}`, 'too_many'],
    ['too many fields', `${HEADER}\rPID${'|'.repeat(251)}`, 'too_many'],
  ])('is named: %s', (_what, bytes, code) => {
    expect(problemOf(bytes)?.problem.code).toBe(code)
  })

  it('keeps the header where it was read, to answer by', () => {
    expect(problemOf(`${HEADER}\r${HEADER}\r`)?.header?.controlId).toBe('M1')
    expect(problemOf('nothing')?.header).toBeNull()
    const limits = { ...USUAL_LIMITS, bytes: 200, segments: 3 }
    const large = problemOf(`${HEADER}\rNTE|${'x'.repeat(200)}`, limits)
    expect([large?.problem.code, large?.header?.controlId]).toEqual(['too_large', 'M1'])
    expect(problemOf(`${HEADER}\rA01\rA02\rA03`, limits)?.problem.code).toBe('too_many')
  })

  it('is never thrown, whatever the bytes are', () => {
    const start = fc.constantFrom('', 'MSH', 'MSH|^~\\&|', `${HEADER}\rPID|`)
    fc.assert(
      fc.property(start, fc.uint8Array({ maxLength: 200 }), (text, more) => {
        expect(typeof parse(Buffer.concat([Buffer.from(text), more]), UTF8).ok).toBe('boolean')
      }),
      { numRuns: 300 },
    )
  })

  it('is not written either', () => {
    const made = (charset: Charset, text: string) =>
      serialize({
        ...read(HEADER),
        charset,
        segments: [...read(HEADER).segments, { name: 'NTE', fields: [field(text)] }],
      })
    expect(made('ASCII', '张')).toMatchObject({ problem: { code: 'not_in_charset' } })
    expect(made('GB 18030-2000', '\u{E5E5}')).toMatchObject({ problem: { code: 'not_in_charset' } })
    expect(made('UNICODE UTF-8', '\u{D800}')).toMatchObject({ problem: { code: 'not_in_charset' } })
    expect(made('UNICODE UTF-8', '\u{1c}')).toMatchObject({
      problem: { code: 'control_character', segment: 2, field: 1 },
    })
  })
})

const delimiters: fc.Arbitrary<Delimiters> = fc.constantFrom(
  USUAL_DELIMITERS,
  { ...USUAL_DELIMITERS, truncation: '#' },
  { field: '$', component: '*', repetition: '!', escape: '?', subcomponent: '%', truncation: null },
)
const character = fc.oneof(
  fc.constantFrom(...'|^~\\&#$*!?%"\n\r\t.XH'.split('')),
  fc.constantFrom('张', '億', '亅', '·', '\u{20BB7}', '€', '\u{FFFD}'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
)
// Without control characters, and without the one that GB 18030 has no bytes for.
const isWritable = (text: string) =>
  // oxlint-disable-next-line no-control-regex
  !/[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u{E5E5}]/u.test(text)
const value = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(null, '', '""', '\\F\\') },
  {
    weight: 3,
    arbitrary: fc
      .array(character, { maxLength: 6 })
      .map((all) => all.join(''))
      .filter(isWritable),
  },
)
const listOf = <Part>(part: fc.Arbitrary<Part>) => fc.array(part, { maxLength: 4 }).map(trimmed)
const fields = listOf(listOf(listOf(listOf(value))))
const segment = fc.record({ name: fc.constantFrom('PID', 'OBX', 'ZA1', 'FT1'), fields })

const messages = (charset: Charset): fc.Arbitrary<Hl7Message> =>
  fc
    .record({ own: delimiters, segments: fc.array(segment, { maxLength: 5 }), sender: value })
    .map(({ own, segments, sender }) => {
      const marks = own.component + own.repetition + own.escape + own.subcomponent
      const start = [field(own.field), field(marks + (own.truncation ?? '')), field(sender)]
      const rest = [[], [], [], [], [], field('ADT', 'A01'), field('M1'), field('P'), field('2.4')]
      const header = [...start, ...rest, [], [], [], [], [], field(charset)]
      return { charset, delimiters: own, segments: [{ name: 'MSH', fields: header }, ...segments] }
    })

describe.each<Charset>(['UNICODE UTF-8', 'GB 18030-2000'])('in %s', (charset) => {
  it('what is written is read again as it was', () => {
    fc.assert(
      fc.property(messages(charset), (message) => {
        expect(parse(write(message), { defaultCharset: 'ASCII' })).toEqual({ ok: true, message })
      }),
      { numRuns: 300 },
    )
  })

  it('what is seen as JSON is the message again', () => {
    fc.assert(
      fc.property(messages(charset), (message) => {
        const view: unknown = JSON.parse(JSON.stringify(viewOf(message)))
        const again = fromView(view, { delimiters: message.delimiters })
        expect(again).toEqual({ ok: true, message })
      }),
      { numRuns: 200 },
    )
  })
})

describe('the view', () => {
  const message = read(
    `${HEADER}\rPID|||P1^^^HIS~C2||张^三\rOBR|1|||CBC^血常规\rOBX|1|NM|WBC||5.1\rOBX|2|NM|RBC||""\rZYB||a&b`,
  )
  it('is mapped by expressions', () => {
    const expressions = createExpressions(2_000)
    const mapped = (expression: string) => expressions.evaluate(expression, viewOf(message))
    expect(mapped('PID.f5.c1 & PID.f5.c2')).toEqual({ ok: true, value: '张三' })
    expect(mapped('PID.f3[c4 = "HIS"].c1')).toEqual({ ok: true, value: 'P1' })
    expect(mapped('OBX.{ "code": f3.c1, "value": f5.c1 }')).toEqual({
      ok: true,
      value: [
        { code: 'WBC', value: '5.1' },
        { code: 'RBC', value: null },
      ],
    })
    expect(mapped('segments[name = "OBX" and at > 3].f3.c1')).toEqual({
      ok: true,
      value: ['WBC', 'RBC'],
    })
    expect(mapped('ZYB.f2.c1s2')).toEqual({ ok: true, value: 'b' })
    expect(mapped('PID.f9.c1')).toEqual({ ok: true, value: undefined })
  })

  it('may be written more easily', () => {
    const made = fromView({
      MSH: { f9: { c1: 'ACK' }, f10: 'M2', f18: 'GBK' },
      MSA: { f1: 'AA', f2: null },
      NTE: [{ f1: 1 }, { f1: 2 }],
    })
    if (!made.ok) throw new Error(made.problem.message)
    expect(iconv.decode(write(made.message), 'gbk')).toBe(
      'MSH|^~\\&|||||||ACK|M2||||||||GBK\rMSA|AA|""\rNTE|1\rNTE|2\r',
    )
  })

  it.each([
    ['no object', 'MSH|'],
    ['no header', { PID: { f1: '1' } }],
    ['a name for a field', { MSH: { name: 'x' } }],
    ['a field too far', { MSH: { f251: 'x' } }],
    ['a component too far', { MSH: { f3: { c101: 'x' } } }],
    ['a fraction', { MSH: { f3: 1.5 } }],
    ['a value deeper than there is', { MSH: { f3: { c1: { c1: 'x' } } } }],
    ['a list of texts for segments', { segments: ['MSH'] }],
  ])('refuses %s', (_what, view) => {
    expect(fromView(view)).toMatchObject({ ok: false, problem: { code: 'view_invalid' } })
  })
})

describe('an ACK', () => {
  const how = { controlId: 'A1', at: '20261122083001' }
  it('goes back to the sender in its own charset', () => {
    const message = read(iconv.encode(`${HEADER}||||||GBK\r`, 'gbk'))
    expect(iconv.decode(write(acknowledge(message, { ...how, code: 'AA' })), 'gbk')).toBe(
      'MSH|^~\\&|HUB|YQ|HIS|广州医院|20261122083001||ACK^A40^ACK|A1|P|2.5||||||GB 18030-2000\rMSA|AA|M1\r',
    )
  })

  it('says what was wrong', () => {
    const error = {
      condition: CONDITIONS.keyUnknown,
      message: 'no such patient',
      segment: 'PID',
      place: 1,
      field: 3,
    }
    const ack = acknowledge(read(HEADER), { ...how, code: 'AE', error })
    expect(write(ack).toString().split('\r').slice(1)).toEqual([
      'MSA|AE|M1|no such patient',
      'ERR||PID^1^3|204^Unknown key identifier^HL70357|E||||no such patient',
      '',
    ])
  })

  it('answers what could not be read', () => {
    const parsed = problemOf(`${HEADER}\r${HEADER}`)
    if (!parsed?.header) throw new Error('a header is read')
    const ack = acknowledge(parsed.header, { ...how, ...answerToProblem(parsed.problem) })
    expect(textAt(segmentOf(ack, 'MSA'), 1)).toBe('AR')
    expect(textAt(segmentOf(ack, 'ERR'), 8)).toMatch(/^two_headers: /)
  })
})
