import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'

import { unzipSync } from 'fflate'
import iconv from 'iconv-lite'

import type { StatementRefusal } from '../../../modules/payments/index.ts'
import type { StatementFile } from './schema-file.ts'

export type Refused = { outcome: 'refused'; code: StatementRefusal; reason: string }

export type Unpacked = { outcome: 'unpacked'; content: string }

/** How large a packed file may become: a small file can hold an endless one. */
const MAX_CONTENT_BYTES = 256 * 1024 * 1024

/** From the bytes that came to the text of the bill: hash, packing, encoding. `hash` is what was announced. */
export function unpack(
  file: StatementFile,
  bytes: Buffer,
  hash: string | null,
): Unpacked | Refused {
  if (file.hash?.of === 'download') {
    const wrong = wrongHash(file.hash.algorithm, bytes, hash)
    if (wrong !== null) return wrong
  }
  const plain = unpacked(file, bytes)
  if ('outcome' in plain) return plain
  if (file.hash?.of === 'content') {
    const wrong = wrongHash(file.hash.algorithm, plain, hash)
    if (wrong !== null) return wrong
  }
  const content = decode(file.encoding, plain)
  return content === null
    ? refused('encoding', `the file is not ${file.encoding}`)
    : { outcome: 'unpacked', content }
}

function wrongHash(algorithm: string, bytes: Buffer, announced: string | null): Refused | null {
  const found = createHash(algorithm).update(bytes).digest('hex')
  if (announced === null) return refused('hash', 'no hash was announced')
  return found === announced.toLowerCase()
    ? null
    : refused('hash', `${algorithm} is ${found}, announced was ${announced.slice(0, 128)}`)
}

function unpacked(file: StatementFile, bytes: Buffer): Buffer | Refused {
  if (file.compression === undefined) return bytes
  try {
    return file.compression === 'gzip'
      ? gunzipSync(bytes, { maxOutputLength: MAX_CONTENT_BYTES })
      : zipEntry(file, bytes)
  } catch {
    return refused('truncated', `the ${file.compression} cannot be unpacked`)
  }
}

/** Names of entries may be in GBK without a flag that says so; the library reads them byte for byte then. */
function zipEntry(file: StatementFile, bytes: Buffer): Buffer | Refused {
  let unpackedBytes = 0
  const names: string[] = []
  const entries = unzipSync(bytes, {
    filter({ name, originalSize }) {
      if (!isWanted(file, name)) return false
      unpackedBytes += originalSize
      names.push(name)
      return unpackedBytes <= MAX_CONTENT_BYTES
    },
  })
  const [name] = names
  const found = name === undefined ? undefined : entries[name]
  if (names.length > 1) return refused('layout', 'the zip holds more than one such file')
  if (found === undefined) return refused('layout', 'the zip holds no such file')
  return Buffer.from(found)
}

function isWanted(
  { entryContains, entryExcludes, encoding }: StatementFile,
  name: string,
): boolean {
  const readings = [name, iconv.decode(Buffer.from(name, 'latin1'), encoding)]
  return readings.some(
    (each) =>
      each.includes(entryContains ?? '') &&
      (entryExcludes === undefined || !each.includes(entryExcludes)),
  )
}

/** The text as it is, a mark at its beginning included; null when it is not in this encoding, or has a zero byte. */
function decode(encoding: StatementFile['encoding'], bytes: Buffer): string | null {
  try {
    const text = new TextDecoder(encoding === 'gbk' ? 'gb18030' : encoding, {
      fatal: true,
      ignoreBOM: true,
    }).decode(bytes)
    return text.includes('\0') ? null : text
  } catch {
    return null
  }
}

export const refused = (code: StatementRefusal, reason: string): Refused => ({
  outcome: 'refused',
  code,
  reason,
})
