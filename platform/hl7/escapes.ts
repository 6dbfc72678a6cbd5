import { type Charset, decode } from './charset.ts'
import type { Delimiters } from './message.ts'

/**
 * The text a part of a message stands for.
 *
 * Delimiters (\F\ \S\ \T\ \R\ \E\ \P\), bytes (\X0D0A\, in the message's charset), line ends (\.br\, \.sp2\) are what they
 * mean; highlighting (\H\ \N\) is left out. An escape nobody knows, or one without an end, stays as it was written: systems
 * send paths with backslashes. Source: HL7 v2.5, chapter 2.7.
 */
export function unescape(raw: string, delimiters: Delimiters, charset: Charset): string {
  const mark = delimiters.escape
  if (!raw.includes(mark)) return raw
  let text = ''
  let from = 0
  for (;;) {
    const start = raw.indexOf(mark, from)
    const end = start === -1 ? -1 : raw.indexOf(mark, start + 1)
    if (end === -1) return text + raw.slice(from)
    const meant = meaningOf(raw.slice(start + 1, end), delimiters, charset)
    text += raw.slice(from, start)
    text += meant ?? mark
    // What is no escape may end where the next one starts.
    from = meant === null ? start + 1 : end + 1
  }
}

function meaningOf(code: string, delimiters: Delimiters, charset: Charset): string | null {
  switch (code) {
    case 'F':
      return delimiters.field
    case 'S':
      return delimiters.component
    case 'T':
      return delimiters.subcomponent
    case 'R':
      return delimiters.repetition
    case 'E':
      return delimiters.escape
    case 'P':
      return delimiters.truncation
    case 'H':
    case 'N':
      return ''
    case '.br':
      return '\n'
  }
  if (/^X([0-9A-Fa-f]{2})+$/.test(code)) return decode(Buffer.from(code.slice(1), 'hex'), charset)
  const skipped = /^\.sp([1-9]?)$/.exec(code)
  return skipped ? '\n'.repeat(Number(skipped[1] || 1)) : null
}

/** The same the other way, for texts of one message: `unescape(escape(text))` is the text. */
export function escaperOf(delimiters: Delimiters): (text: string) => string {
  const { field, component, subcomponent, repetition, escape: mark, truncation } = delimiters
  const codes = new Map([
    [field, 'F'],
    [component, 'S'],
    [subcomponent, 'T'],
    [repetition, 'R'],
    [mark, 'E'],
    ['\n', '.br'],
    ['\r', 'X0D'],
  ])
  if (truncation !== null) codes.set(truncation, 'P')
  // Every delimiter is a mark of ASCII, so each may stand behind a backslash.
  const any = new RegExp(`[${[...codes.keys()].map((each) => `\\${each}`).join('')}]`, 'g')
  const code = (character: string) => mark + (codes.get(character) ?? '') + mark
  // As it stands, it would be read as null.
  return (text) => (text === '""' ? `${mark}X22${mark}`.repeat(2) : text.replaceAll(any, code))
}
