import { isAscii, isUtf8 } from 'node:buffer'

import iconv from 'iconv-lite'

/** As MSH-18 names them in HL7 table 0211. */
export type Charset = 'ASCII' | 'UNICODE UTF-8' | 'GB 18030-2000'

/** What MSH-18 means; null for a charset that is not spoken here. GBK and GB 2312 are parts of GB 18030. */
export const charsetNamed = (name: string): Charset | null =>
  CHARSET_BY_NAME.get(name.toUpperCase().replaceAll(/[\s_-]/g, '')) ?? null

const CHARSET_BY_NAME = new Map<string, Charset>([
  ['ASCII', 'ASCII'],
  ['USASCII', 'ASCII'],
  ['UNICODEUTF8', 'UNICODE UTF-8'],
  ['UNICODE', 'UNICODE UTF-8'],
  ['UTF8', 'UNICODE UTF-8'],
  ['GB180302000', 'GB 18030-2000'],
  ['GB18030', 'GB 18030-2000'],
  ['GBK', 'GB 18030-2000'],
  ['GB2312', 'GB 18030-2000'],
])

/** Null where the bytes are not of that charset: half a character is not guessed at. */
export function decode(bytes: Buffer, charset: Charset): string | null {
  if (isAscii(bytes)) return bytes.toString('latin1')
  switch (charset) {
    case 'ASCII':
      return null
    case 'UNICODE UTF-8':
      return isUtf8(bytes) ? bytes.toString('utf8') : null
    case 'GB 18030-2000':
      return decodeGb18030(bytes)
  }
}

/** What cannot be read becomes U+FFFD; one that was written as such has bytes of its own. */
function decodeGb18030(bytes: Buffer): string | null {
  const text = iconv.decode(bytes, 'gb18030', { stripBOM: false })
  if (!text.includes('\u{FFFD}')) return text
  return iconv.encode(text, 'gb18030').equals(bytes) ? text : null
}

/** Null where the charset has no bytes for some character of it. */
export function encode(text: string, charset: Charset): Buffer | null {
  if (/\p{Surrogate}/u.test(text)) return null
  switch (charset) {
    case 'ASCII': {
      const bytes = Buffer.from(text, 'utf8')
      return isAscii(bytes) ? bytes : null
    }
    case 'UNICODE UTF-8':
      return Buffer.from(text, 'utf8')
    case 'GB 18030-2000':
      return text.includes(NOT_IN_GB18030) ? null : iconv.encode(text, 'gb18030')
  }
}

/** A character of private use, which the mapping of GB 18030 gives the bytes of another. */
const NOT_IN_GB18030 = '\u{E5E5}'
