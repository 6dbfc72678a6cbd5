import { crc32, inflateRawSync } from 'node:zlib'

// Reads the archive a bill comes in. Written here because of three things of its own: its names are in GBK and do not
// say so, each file must be held against its checksum, and what it unpacks to must be bounded before it is unpacked.

export type ZipLimits = { entries: number; unpackedBytes: number }

export type ZipEntry = {
  name: string
  /** Unpacks the file. Errors: throws ZipRefused. */
  read(): Buffer
}

/** 'truncated': something is missing at the end. 'hash': a checksum is wrong. 'layout': it is no such archive. */
export class ZipRefused extends Error {
  readonly code: 'truncated' | 'hash' | 'layout'

  constructor(code: ZipRefused['code'], reason: string) {
    super(reason)
    this.code = code
  }
}

/**
 * The files of an archive by its central directory.
 *
 * Errors: throws ZipRefused for what is no archive, was cut off, is encrypted, spans several volumes, or is past the
 * limits. Source: PKWARE's APPNOTE, sections 4.3 and 4.4.
 */
export function readZip(bytes: Buffer, limits: ZipLimits): ZipEntry[] {
  const end = findEnd(bytes)
  const count = bytes.readUInt16LE(end + 10)
  const directorySize = bytes.readUInt32LE(end + 12)
  const directoryAt = bytes.readUInt32LE(end + 16)
  if (count > limits.entries) refuse('layout', `the archive holds ${count} files`)
  if (directoryAt + directorySize > end) refuse('truncated', 'the directory of the archive is cut')
  const entries: ZipEntry[] = []
  let at = directoryAt
  for (let i = 0; i < count; i++) {
    const header = readHeader(bytes, at)
    entries.push({ name: header.name, read: () => unpack(bytes, header, limits) })
    at = header.until
  }
  return entries
}

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const END_BYTES = 22
const MAX_COMMENT_BYTES = 0xffff
const STORED = 0
const DEFLATED = 8
const FLAG_ENCRYPTED = 0x1
const FLAG_UTF8 = 0x800

function findEnd(bytes: Buffer): number {
  if (bytes.length < 4 || bytes.readUInt32LE(0) !== LOCAL) {
    if (bytes.length < END_BYTES || bytes.readUInt32LE(0) !== END) {
      refuse('layout', 'the file is no archive')
    }
  }
  const first = Math.max(0, bytes.length - END_BYTES - MAX_COMMENT_BYTES)
  for (let at = bytes.length - END_BYTES; at >= first; at--) {
    if (bytes.readUInt32LE(at) === END) return at
  }
  return refuse('truncated', 'the end of the archive is missing')
}

function readHeader(bytes: Buffer, at: number): Header {
  if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== CENTRAL) {
    refuse('truncated', 'the directory of the archive is not whole')
  }
  const flags = bytes.readUInt16LE(at + 8)
  const nameEnd = at + 46 + bytes.readUInt16LE(at + 28)
  const until = nameEnd + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  if (until > bytes.length) refuse('truncated', 'the directory of the archive is not whole')
  return {
    name: decodeName(bytes.subarray(at + 46, nameEnd), flags),
    flags,
    method: bytes.readUInt16LE(at + 10),
    crc: bytes.readUInt32LE(at + 16),
    packedBytes: bytes.readUInt32LE(at + 20),
    bytes: bytes.readUInt32LE(at + 24),
    localAt: bytes.readUInt32LE(at + 42),
    until,
  }
}

function decodeName(name: Buffer, flags: number): string {
  try {
    const encoding = flags & FLAG_UTF8 ? 'utf-8' : 'gb18030'
    return new TextDecoder(encoding, { fatal: true }).decode(name)
  } catch {
    return refuse('layout', 'a name in the archive cannot be read')
  }
}

function unpack(bytes: Buffer, header: Header, limits: ZipLimits): Buffer {
  const { localAt, packedBytes, method, flags } = header
  if (flags & FLAG_ENCRYPTED) refuse('layout', `${header.name} is encrypted`)
  if (header.bytes > limits.unpackedBytes) {
    refuse('layout', `${header.name} is larger than ${limits.unpackedBytes} bytes`)
  }
  if (localAt + 30 > bytes.length || bytes.readUInt32LE(localAt) !== LOCAL) {
    refuse('truncated', `${header.name} is missing`)
  }
  const from = localAt + 30 + bytes.readUInt16LE(localAt + 26) + bytes.readUInt16LE(localAt + 28)
  const packed = bytes.subarray(from, from + packedBytes)
  if (packed.length < packedBytes) refuse('truncated', `${header.name} is cut off`)
  if (method !== STORED && method !== DEFLATED)
    refuse('layout', `${header.name} is packed strangely`)
  const content = method === STORED ? packed : inflate(packed, header)
  if (content.length !== header.bytes || crc32(content) !== header.crc) {
    refuse('hash', `the checksum of ${header.name} is wrong`)
  }
  return content
}

/** The size the directory names is the most that is unpacked, whatever the packed bytes hold. */
function inflate(packed: Buffer, { name, bytes }: Header): Buffer {
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(bytes, 1) })
  } catch {
    return refuse('hash', `${name} cannot be unpacked`)
  }
}

function refuse(code: ZipRefused['code'], reason: string): never {
  throw new ZipRefused(code, reason)
}

type Header = {
  name: string
  flags: number
  method: number
  crc: number
  packedBytes: number
  bytes: number
  localAt: number
  until: number
}
