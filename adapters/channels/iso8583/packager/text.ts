import iconv from 'iconv-lite'

import type { Content, TextEncoding } from './layout.ts'

/** What a value may be made of, as far as one can say without its length. */
const PATTERNS: Record<Content, RegExp> = {
  n: /^[0-9]*$/,
  an: /^[0-9A-Za-z ]*$/,
  ans: /^\P{Cc}*$/u,
  b: /^(?:[0-9A-F]{2})*$/,
  z: /^[0-9=]*$/,
}

export const fitsContent = (content: Content, value: string): boolean =>
  PATTERNS[content].test(value)

/** The bytes of a text; null when the encoding has no way to write it. */
export function encodeText(encoding: TextEncoding, text: string): Buffer | null {
  if (encoding === 'ascii') return /^[\x20-\x7e]*$/.test(text) ? Buffer.from(text, 'latin1') : null
  const bytes = iconv.encode(text, 'gbk')
  return iconv.decode(bytes, 'gbk') === text ? bytes : null
}

/** Null when the bytes are no text of the encoding: every byte must be given back by writing the text again. */
export function decodeText(encoding: TextEncoding, bytes: Buffer): string | null {
  const text = encoding === 'ascii' ? bytes.toString('latin1') : iconv.decode(bytes, 'gbk')
  return encodeText(encoding, text)?.equals(bytes) ? text : null
}
