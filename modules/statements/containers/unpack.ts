import { pipeline, Readable } from 'node:stream'
import { crc32, createGunzip, createInflateRaw } from 'node:zlib'

import type { StoredFile } from '../files/folder.ts'
import type { Layout } from '../layout/schema.ts'
import { FileRefused, refuse } from '../refusal.ts'
import { readDirectory, type ZipMember } from './zip.ts'

// What a file is packed in, by its first bytes and not by its name. Packed once at most, and within limits that are held
// while it is unpacked: a bomb never fills memory or disk.

export type UnpackLimits = {
  unpackedBytes: number
  /** How many times the packed bytes it may unpack to, beyond the first megabyte. */
  ratio: number
  members: number
}

export const UNPACK_LIMITS: UnpackLimits = {
  unpackedBytes: 4_294_967_296,
  ratio: 200,
  members: 100,
}

/** One or several lists, each opened anew as often as it is read. */
export type Part = { name: string; open: () => AsyncIterable<Uint8Array> }

/**
 * The lists in a file: the file itself, what a gzip holds, or those members of a zip that the layout names.
 *
 * Errors: FileRefused: 'container' for what is packed otherwise, encrypted, or packed again inside; 'path' for a name that
 * leads elsewhere; while a part is read 'ratio', 'too_large', 'truncated' and 'hash'.
 */
export async function unpack(
  file: StoredFile,
  { container }: Pick<Layout, 'container'>,
  limits: UnpackLimits = UNPACK_LIMITS,
): Promise<Part[]> {
  const kind = kindOf(await file.read(0, 4))
  if (!container.kinds.includes(kind)) refuse('container', `it is ${kind}, and must not be`)
  switch (kind) {
    case 'plain':
      return [{ name: '', open: () => file.stream() }]
    case 'gzip':
      return [{ name: '', open: () => guarded(gunzip(file), file.size, limits) }]
    case 'zip':
      return unpackZip(file, container.member, limits)
  }
}

type Kind = 'plain' | 'gzip' | 'zip'

function kindOf(head: Uint8Array): Kind {
  const [a, b, c, d] = head
  if (a === 0x1f && b === 0x8b) return 'gzip'
  const isZip = a === 0x50 && b === 0x4b && ((c === 3 && d === 4) || (c === 5 && d === 6))
  return isZip ? 'zip' : 'plain'
}

async function unpackZip(
  file: StoredFile,
  pattern: string | undefined,
  limits: UnpackLimits,
): Promise<Part[]> {
  const members = await readDirectory(file, limits.members)
  const regex = pattern === undefined ? null : new RegExp(pattern, 'u')
  const chosen = members.filter(({ name }) => !regex || regex.test(name))
  if (chosen.length === 0) refuse('container', 'the archive holds no file of that name')
  return chosen
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map((member) => ({
      name: member.name,
      open: () => checked(member, guarded(inflated(file, member), member.packedBytes, limits)),
    }))
}

function gunzip(file: StoredFile): AsyncIterable<Uint8Array> {
  const unzip = createGunzip()
  // The callback is for errors; whoever reads the last stream hears of them there.
  return pipeline(Readable.from(file.stream()), unzip, () => undefined)
}

function inflated(file: StoredFile, { dataAt, packedBytes, isDeflated }: ZipMember) {
  const packed = file.stream(dataAt, dataAt + packedBytes)
  return isDeflated ? pipeline(Readable.from(packed), createInflateRaw(), () => undefined) : packed
}

const FREE_BYTES = 1_048_576

/** Ends what grows beyond its limits, and what is packed a second time. */
async function* guarded(
  source: AsyncIterable<Uint8Array>,
  packedBytes: number,
  limits: UnpackLimits,
): AsyncGenerator<Uint8Array> {
  let size = 0
  try {
    for await (const piece of source) {
      if (size === 0 && kindOf(piece) !== 'plain') refuse('container', 'it is packed twice')
      size += piece.length
      if (size > limits.unpackedBytes) {
        refuse('too_large', `it unpacks to more than ${limits.unpackedBytes} bytes`)
      }
      if (size > FREE_BYTES + packedBytes * limits.ratio) {
        refuse('ratio', `it unpacks to more than ${limits.ratio} times its size`)
      }
      yield piece
    }
  } catch (error) {
    throw refusalOf(error)
  }
}

function refusalOf(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (error instanceof FileRefused || typeof code !== 'string' || !code.startsWith('Z_')) {
    return error
  }
  const isCut = code === 'Z_BUF_ERROR'
  return new FileRefused(
    isCut ? 'truncated' : 'hash',
    isCut ? 'what is packed ends too soon' : 'what is packed is damaged',
    null,
  )
}

/** What a member unpacks to is what the archive says of it. */
async function* checked(
  { name, crc, bytes }: ZipMember,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  let size = 0
  let sum = 0
  for await (const piece of source) {
    size += piece.length
    if (size > bytes) refuse('hash', `${name} is longer than the archive says`)
    sum = crc32(piece, sum)
    yield piece
  }
  if (size !== bytes || sum !== crc) refuse('hash', `the checksum of ${name} is wrong`)
}
