import { fail, type Run } from './run.ts'

// The language's functions on texts, called with values their signatures have let through. What they do with a
// missing argument is what the interpreter does, which now and then writes the word undefined.

type Values = readonly unknown[]

const DECIMAL = /^-?\d+(\.\d+)?(e[-+]?\d+)?$/i
/** What the interpreter tries besides, without looking at all of the text; it may give what is no number. */
const PREFIXED = [/^0x[\da-f]+/i, /0o[0-7]+/i, /0b[01]+$/i]

export function numberOf(value: unknown, run: Run): number | undefined {
  if (value === undefined || typeof value === 'number') return value
  if (typeof value === 'boolean') return value ? 1 : 0
  const text = typeof value === 'string' ? value : ''
  run.spendOn(text)
  if (DECIMAL.test(text) && Number.isFinite(Number(text))) return Number(text)
  if (PREFIXED.some((pattern) => pattern.test(text))) return Number(text)
  return fail(`$number cannot read ${JSON.stringify(text.slice(0, 40))}`)
}

const SURROGATE = /[\uD800-\uDFFF]/

/** In characters, not in UTF-16 code units. */
export function lengthOf(text: string, run: Run): number {
  return SURROGATE.test(text) ? charactersOf(text, run).length : text.length
}

function charactersOf(text: string, run: Run): string[] {
  run.spend(text.length)
  return Array.from(text)
}

export function substring([value, from, count]: Values, run: Run): string {
  const text = String(value)
  const characters = SURROGATE.test(text) ? charactersOf(text, run) : text
  const { length } = characters
  const asked = typeof from === 'number' ? from : Number.NaN
  const start = length + asked < 0 ? 0 : asked
  const end =
    typeof count === 'number' ? (start >= 0 ? start + count : length + start + count) : undefined
  if (typeof count === 'number' && count <= 0) return ''
  const cut = characters.slice(start, end)
  return typeof cut === 'string' ? cut : cut.join('')
}

export function substringBefore([value, mark]: Values): string {
  const text = String(value)
  const at = text.indexOf(String(mark))
  return at === -1 ? text : text.slice(0, at)
}

export function substringAfter([value, mark]: Values): string {
  const text = String(value)
  const at = text.indexOf(String(mark))
  if (at === -1) return text
  return typeof mark === 'string' ? text.slice(at + mark.length) : missing('$substringAfter')
}

export const contains = ([value, part]: Values): boolean | undefined =>
  typeof part === 'string' ? String(value).includes(part) : undefined

/** White space at both ends taken off, and made one blank in between. */
export function trimmed(text: string): string {
  const joined = text.replaceAll(/[ \t\n\r]+/g, ' ')
  return joined.slice(joined.startsWith(' ') ? 1 : 0, joined.endsWith(' ') ? -1 : undefined)
}

export function replaced([value, part, by, most]: Values, run: Run): string {
  const text = String(value)
  if (part === '') fail('$replace cannot replace an empty text')
  const left = limitOf('$replace', most)
  if (!(left > 0)) return text
  if (typeof part !== 'string') return missing('$replace')
  let result = ''
  let position = 0
  for (let count = 0; count < left; count++) {
    const at = text.indexOf(part, position)
    if (at === -1) break
    run.spend(1)
    run.spendOn(String(by))
    result += text.slice(position, at) + String(by)
    position = at + part.length
  }
  return result + text.slice(position)
}

export function split([value, mark, most]: Values, run: Run): string[] {
  const text = String(value)
  const left = limitOf('$split', most)
  if (!(left > 0)) return []
  if (typeof mark !== 'string') return missing('$split')
  if (mark === '') run.spend(text.length)
  const parts = text.split(mark, typeof most === 'number' ? most : undefined)
  run.spend(parts.length)
  return parts
}

export function joined([value, mark = '']: Values, run: Run): string | undefined {
  if (value === undefined) return undefined
  const parts = value as readonly string[] // as its parameter says, which was looked at
  run.spend(parts.length)
  for (const part of parts) {
    run.spendOn(part)
    run.spendOn(String(mark))
  }
  return parts.join(String(mark))
}

function limitOf(name: string, most: unknown): number {
  if (typeof most !== 'number') return Infinity
  return most < 0 ? fail(`${name} takes no negative limit`) : most
}

const missing = (name: string): never => fail(`${name} wants a text for each argument`)
