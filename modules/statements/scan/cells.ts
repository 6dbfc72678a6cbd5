import { refuse } from '../refusal.ts'
import type { Row } from './cutter.ts'

// What a cell says, as text: made only of the cells that are asked for.

const decoder = new TextDecoder('gb18030', { fatal: true })

const [SPACE, TAB] = [0x20, 0x09]

/** Where a cell begins once spaces and tabs at its ends are left out. */
export function trimmedStart(bytes: Uint8Array, start: number, end: number): number {
  let at = start
  while (at < end && (bytes[at] === SPACE || bytes[at] === TAB)) at++
  return at
}

export function trimmedEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end
  while (at > start && (bytes[at - 1] === SPACE || bytes[at - 1] === TAB)) at--
  return at
}

/** The text of a cell without spaces and tabs at its ends. Errors: FileRefused 'encoding'. */
export function cellText(row: Row, i: number, encoding: 'utf-8' | 'gb18030'): string {
  if (i >= row.cells) return ''
  const start = trimmedStart(row.bytes, row.starts[i] ?? 0, row.ends[i] ?? 0)
  const end = trimmedEnd(row.bytes, start, row.ends[i] ?? 0)
  const text = textOf(row.bytes, start, end, encoding, row.lineNo)
  return row.escaped[i] === 1 ? text.replaceAll('""', '"') : text
}

/** The whole line as it came. */
export const rowText = (row: Row, encoding: 'utf-8' | 'gb18030'): string =>
  textOf(row.bytes, row.start, row.end, encoding, row.lineNo)

function textOf(
  bytes: Buffer,
  start: number,
  end: number,
  encoding: 'utf-8' | 'gb18030',
  lineNo: number,
): string {
  if (encoding === 'utf-8') return bytes.toString('utf8', start, end)
  if (isAscii(bytes, start, end)) return bytes.toString('latin1', start, end)
  return decodeGb18030(bytes.subarray(start, end), lineNo)
}

/** Errors: FileRefused 'encoding' for bytes that stand for no character. */
export function decodeGb18030(bytes: Uint8Array, lineNo: number): string {
  try {
    return decoder.decode(bytes)
  } catch {
    return refuse('encoding', 'it is not GB18030', lineNo)
  }
}

export function isAscii(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if ((bytes[at] as number) > 0x7f) return false
  return true
}
