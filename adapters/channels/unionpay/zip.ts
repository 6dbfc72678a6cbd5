import { crc32, inflateRawSync } from 'node:zlib'

// Reads a ZIP by its directory at the end, so that a file cut short is seen, and holds every entry against its
// CRC. Without encryption, ZIP64 and parts on other disks, which UnionPay does not use.

export type ZipEntry = { name: string; bytes: Buffer }

export type ZipReading =
  | { outcome: 'read'; entries: ZipEntry[] }
  | { outcome: 'refused'; code: 'truncated' | 'hash' | 'layout'; reason: string }

const END = 0x06054b50
const CENTRAL = 0x02014b50
const LOCAL = 0x04034b50
const END_BYTES = 22
const CENTRAL_BYTES = 46
const LOCAL_BYTES = 30
const MAX_COMMENT_BYTES = 65_535
const STORED = 0
const DEFLATED = 8
const MAX_ENTRIES = 64

/** All entries. `maxBytes` bounds what they hold together, whatever their packing promises. */
export function readZip(zip: Buffer, maxBytes: number): ZipReading {
  const end = endOf(zip)
  if (end === null) return refused('truncated', 'the ZIP has no end')
  const count = zip.readUInt16LE(end + 10)
  if (count > MAX_ENTRIES) return refused('layout', `the ZIP has ${count} entries`)
  const entries: ZipEntry[] = []
  let [at, room] = [zip.readUInt32LE(end + 16), maxBytes]
  for (let i = 0; i < count; i++) {
    const entry = readEntry(zip, at, room)
    if ('outcome' in entry) return entry
    entries.push({ name: entry.name, bytes: entry.bytes })
    at = entry.next
    room -= entry.bytes.length
  }
  return { outcome: 'read', entries }
}

function endOf(zip: Buffer): number | null {
  const earliest = Math.max(0, zip.length - END_BYTES - MAX_COMMENT_BYTES)
  for (let at = zip.length - END_BYTES; at >= earliest; at--) {
    if (zip.readUInt32LE(at) === END) return at
  }
  return null
}

function readEntry(zip: Buffer, at: number, room: number): Entry | Refused {
  if (at + CENTRAL_BYTES > zip.length || zip.readUInt32LE(at) !== CENTRAL) {
    return refused('truncated', 'the directory of the ZIP is broken')
  }
  const method = zip.readUInt16LE(at + 10)
  const crc = zip.readUInt32LE(at + 16)
  const packedBytes = zip.readUInt32LE(at + 20)
  const size = zip.readUInt32LE(at + 24)
  const nameBytes = zip.readUInt16LE(at + 28)
  const next =
    at + CENTRAL_BYTES + nameBytes + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32)
  const name = zip.toString('latin1', at + CENTRAL_BYTES, at + CENTRAL_BYTES + nameBytes)
  const local = zip.readUInt32LE(at + 42)
  if (size > room) return refused('layout', `the ZIP holds more than ${room} bytes`)
  if (local + LOCAL_BYTES > zip.length || zip.readUInt32LE(local) !== LOCAL) {
    return refused('truncated', `${name} is not where the ZIP says`)
  }
  const start = local + LOCAL_BYTES + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28)
  if (start + packedBytes > zip.length) return refused('truncated', `${name} is cut short`)
  const bytes = unpack(method, zip.subarray(start, start + packedBytes), size)
  if (bytes === null) return refused('layout', `${name} cannot be unpacked`)
  if (bytes.length !== size || crc32(bytes) !== crc) return refused('hash', `${name} is damaged`)
  return { name, bytes, next }
}

function unpack(method: number, packed: Buffer, size: number): Buffer | null {
  if (method === STORED) return packed
  if (method !== DEFLATED) return null
  try {
    return inflateRawSync(packed, { maxOutputLength: Math.max(size, 1) })
  } catch {
    return null
  }
}

const refused = (code: Refused['code'], reason: string): Refused => ({
  outcome: 'refused',
  code,
  reason,
})

type Refused = Extract<ZipReading, { outcome: 'refused' }>
type Entry = ZipEntry & { next: number }
