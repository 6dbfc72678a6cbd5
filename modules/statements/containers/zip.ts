import type { StoredFile } from '../files/folder.ts'
import { refuse } from '../refusal.ts'

/** A file in an archive, and where its packed bytes lie. */
export type ZipMember = {
  name: string
  isDeflated: boolean
  crc: number
  packedBytes: number
  bytes: number
  dataAt: number
}

const LOCAL = 0x04034b50
const CENTRAL = 0x02014b50
const END = 0x06054b50
const END_BYTES = 22
const CENTRAL_BYTES = 46
const LOCAL_BYTES = 30
const MOST_COMMENT_BYTES = 0xffff
const MOST_DIRECTORY_BYTES = 1_048_576
const [STORED, DEFLATED] = [0, 8]
const FLAG_ENCRYPTED = 0x1
const FLAG_UTF8 = 0x800
const ZIP64 = 0xffffffff

/**
 * The members of an archive by its directory at the end, folders left out.
 *
 * Errors: FileRefused: 'truncated' without its end, 'container' for encryption, other packings, several volumes, ZIP64 or
 * too many members, 'path' for a name with a folder, a drive or dots in it.
 * Source: PKWARE's APPNOTE, sections 4.3 and 4.4.
 */
export async function readDirectory(file: StoredFile, mostMembers: number): Promise<ZipMember[]> {
  const tailAt = Math.max(0, file.size - END_BYTES - MOST_COMMENT_BYTES)
  const tail = await file.read(tailAt, file.size - tailAt)
  const end = lastEnd(tail)
  const count = tail.readUInt16LE(end + 10)
  const size = tail.readUInt32LE(end + 12)
  const at = tail.readUInt32LE(end + 16)
  if (count > mostMembers) refuse('container', `the archive holds ${count} files`)
  if (size > MOST_DIRECTORY_BYTES) refuse('container', 'the directory of the archive is too long')
  if (at + size > tailAt + end) refuse('truncated', 'the directory of the archive is cut')
  const directory = await file.read(at, size)
  const members: ZipMember[] = []
  let next = 0
  for (let i = 0; i < count; i++) {
    const { member, localAt, until } = readEntry(directory, next)
    next = until
    if (member.name.endsWith('/') && member.bytes === 0) continue
    checkName(member.name)
    members.push({ ...member, dataAt: await dataAfter(file, localAt, member.packedBytes) })
  }
  if (new Set(members.map(({ name }) => name)).size !== members.length) {
    refuse('container', 'the archive holds a name twice')
  }
  return members
}

function lastEnd(tail: Buffer): number {
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (tail.readUInt32LE(at) === END) return at
  }
  return refuse('truncated', 'the end of the archive is missing')
}

function readEntry(directory: Buffer, at: number) {
  const isWhole = at + CENTRAL_BYTES <= directory.length && directory.readUInt32LE(at) === CENTRAL
  if (!isWhole) refuse('truncated', 'the directory of the archive is not whole')
  const flags = directory.readUInt16LE(at + 8)
  const method = directory.readUInt16LE(at + 10)
  const nameEnd = at + CENTRAL_BYTES + directory.readUInt16LE(at + 28)
  const until = nameEnd + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32)
  if (until > directory.length) refuse('truncated', 'the directory of the archive is not whole')
  const name = decodeName(directory.subarray(at + CENTRAL_BYTES, nameEnd), flags)
  if (flags & FLAG_ENCRYPTED) refuse('container', 'the archive is encrypted')
  if (method !== STORED && method !== DEFLATED) refuse('container', 'it is packed strangely')
  const member = {
    name,
    isDeflated: method === DEFLATED,
    crc: directory.readUInt32LE(at + 16),
    packedBytes: directory.readUInt32LE(at + 20),
    bytes: directory.readUInt32LE(at + 24),
  }
  const localAt = directory.readUInt32LE(at + 42)
  if ([member.packedBytes, member.bytes, localAt].includes(ZIP64)) {
    refuse('container', 'the archive is ZIP64')
  }
  return { member, localAt, until }
}

function decodeName(bytes: Uint8Array, flags: number): string {
  const encoding = flags & FLAG_UTF8 ? 'utf-8' : 'gb18030'
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes)
  } catch {
    return refuse('container', 'a name in the archive cannot be read')
  }
}

/** A member is a file of its own: a name is never a way to somewhere. */
function checkName(name: string): void {
  if (name === '' || /[/\\:\p{Cc}]|^\.\.?$/u.test(name)) {
    refuse('path', 'a name in the archive leads elsewhere')
  }
}

async function dataAfter(file: StoredFile, localAt: number, packedBytes: number): Promise<number> {
  const local = await file.read(localAt, LOCAL_BYTES)
  if (local.length < LOCAL_BYTES || local.readUInt32LE(0) !== LOCAL) {
    return refuse('truncated', 'a file of the archive is missing')
  }
  const dataAt = localAt + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28)
  if (dataAt + packedBytes > file.size) refuse('truncated', 'a file of the archive is cut')
  return dataAt
}
