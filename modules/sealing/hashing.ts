import { hash } from 'node:crypto'

// Source: RFC 6962 §2.1. A leaf and an inner node are hashed with different first bytes, so that neither can be
// passed off as the other.

export const TREE_HASHES = ['sha256', 'sm3'] as const

export type TreeHash = (typeof TREE_HASHES)[number]

export const HASH_BYTES = 32

const LEAF = 0
const NODE = 1

export const emptyRoot = (algorithm: TreeHash): Buffer => hash(algorithm, '', 'buffer')

/** The plain hash of a text, as of a head. */
export const textHash = (algorithm: TreeHash, text: string): Buffer =>
  hash(algorithm, text, 'buffer')

export function leafHash(algorithm: TreeHash, bytes: Uint8Array): Buffer {
  const prefixed = Buffer.allocUnsafe(bytes.length + 1)
  prefixed[0] = LEAF
  prefixed.set(bytes, 1)
  return hash(algorithm, prefixed, 'buffer')
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
  return hash(algorithm, page.subarray(start - 1, end), 'buffer')
}

// One for all, since nothing waits between filling and hashing it.
const pair = Buffer.alloc(1 + 2 * HASH_BYTES, NODE)

export function nodeHash(algorithm: TreeHash, left: Uint8Array, right: Uint8Array): Buffer {
  pair.set(left, 1)
  pair.set(right, 1 + HASH_BYTES)
  return hash(algorithm, pair, 'buffer')
}
