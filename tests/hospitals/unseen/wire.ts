import { createHash } from 'node:crypto'

import iconv from 'iconv-lite'

// The wire of vendor-document.md, chapter 1: a form in, flat XML out, both in GB18030 and both signed with one key.

export type Flat = Readonly<Record<string, string>>

const ENCODING = 'gb18030'

/** Null for what is no form in GB18030, or names a field twice. */
export function readForm(body: Buffer, contentType: string): Flat | null {
  if (!contentType.toLowerCase().startsWith('application/x-www-form-urlencoded')) return null
  const form = new Map<string, string>()
  for (const pair of body.toString('latin1').split('&')) {
    const [name, value] = [pair.split('=')[0] ?? '', pair.split('=').slice(1).join('=')].map(plain)
    if (!name || value === undefined || value === null || form.has(name)) return null
    form.set(name, value)
  }
  return Object.fromEntries(form)
}

/** The text of what is percent-encoded; null for bytes that are not of the charset, as UTF-8 most often is not. */
function plain(text: string): string | null {
  const bytes = Buffer.from(
    text
      .replaceAll('+', ' ')
      .replaceAll(/%([0-9A-Fa-f]{2})/g, (_all, hex: string) =>
        String.fromCharCode(Number.parseInt(hex, 16)),
      ),
    'latin1',
  )
  try {
    return new TextDecoder(ENCODING, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Every field with a value but QMZ, by name, then the key: MD5 of the bytes, in capitals. */
export function signatureOf(fields: Flat, key: string): string {
  const text = Object.keys(fields)
    .filter((name) => name !== 'QMZ' && fields[name] !== '')
    .toSorted()
    .map((name) => `${name}=${fields[name]}`)
    .join('&')
  const bytes = iconv.encode(`${text}&MY=${key}`, ENCODING)
  return createHash('md5').update(bytes).digest('hex').toUpperCase()
}

/** The answer's bytes, signed. */
export function writeOut(fields: Flat, key: string): Buffer {
  const signed = { ...fields, QMZ: signatureOf(fields, key) }
  const elements = Object.entries(signed).map(
    ([name, text]) => `<${name}>${escaped(text)}</${name}>`,
  )
  const xml = `<?xml version="1.0" encoding="GB18030"?><OUT>${elements.join('')}</OUT>`
  return iconv.encode(xml, ENCODING)
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

type Cell = string | number | null

/** A list in one text: rows by ~, columns by ^, which a value cannot hold. */
export const tableOf = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((row) => row.map((cell) => cellOf(cell)).join('^')).join('~')

const cellOf = (cell: Cell): string => String(cell ?? '').replaceAll(/[~^]/g, ' ')

export const rowsOf = (table: string): string[][] =>
  table === '' ? [] : table.split('~').map((row) => row.split('^'))

/** One page of a list, and how many there are. */
export function pageOf<T>(all: readonly T[], page: number, size: number) {
  const pages = Math.max(1, Math.ceil(all.length / size))
  return { pages, items: all.slice((page - 1) * size, page * size), isThere: page <= pages }
}
