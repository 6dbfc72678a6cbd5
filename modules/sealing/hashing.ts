import { hash } from 'node:crypto'

// Source: RFC 6962 §2.1. A leaf and an inner node are hashed with different first bytes, so that neither can be
// passed off as the other.

export const TREE_HASHES = ['sha256', 'sm3'] as const

export type TreeHash = (typeof TREE_HASHES)[number]

export const HASH_BYTES = 32

const LEAF = 0
const NODE = 1

export const emptyRoot = (algorithm: TreeHash): Buffer => digest(algorithm, '')

/** The plain hash of a text, as of a head. */
export const textHash = (algorithm: TreeHash, text: string): Buffer => digest(algorithm, text)

export function leafHash(algorithm: TreeHash, bytes: Uint8Array): Buffer {
  const prefixed = Buffer.allocUnsafe(bytes.length + 1)
  prefixed[0] = LEAF
  prefixed.set(bytes, 1)
  return digest(algorithm, prefixed)
}

/**
 * The same for bytes within a page, without copying them: the byte before them is overwritten, so it must be one that
 * was read already.
 */
export function leafHashInPlace(
  algorithm: TreeHash,
  page: Buffer,
  start: number,
  end: number,
): Buffer {
  page[start - 1] = LEAF
  return digest(algorithm, page.subarray(start - 1, end))
}

// One for all, since nothing waits between filling and hashing it.
const pair = Buffer.alloc(1 + 2 * HASH_BYTES, NODE)

export function nodeHash(algorithm: TreeHash, left: Uint8Array, right: Uint8Array): Buffer {
  for (let i = 0; i < HASH_BYTES; i++) {
    pair[1 + i] = left[i] ?? 0
    pair[1 + HASH_BYTES + i] = right[i] ?? 0
  }
  return digest(algorithm, pair)
}

/** By way of a string of a character a byte: a buffer from the library costs twice what the hashing does. */
function digest(algorithm: TreeHash, input: string | Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(HASH_BYTES)
  bytes.write(hash(algorithm, input, 'binary'), 'latin1')
  return bytes
}
