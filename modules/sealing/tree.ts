import { assert } from '../../kernel/assert.ts'
import { emptyRoot, nodeHash, type TreeHash } from './hashing.ts'

// Pure: which hashes a proof is made of, and whether a proof holds. Sizes may pass 2^31, so nothing is shifted.

/** The leaves from `start` up to and without `end`. */
export type LeafRange = { start: number; end: number }

/** The subtrees beside the way from a leaf to the root, the lowest first. Source: RFC 6962 §2.1.1. */
export function inclusionRanges(index: number, size: number): LeafRange[] {
  assert(index >= 0 && index < size, `leaf ${index} is in a tree of ${size}`)
  const ranges: LeafRange[] = []
  let [start, end] = [0, size]
  while (end - start > 1) {
    const middle = start + splitOf(end - start)
    const isLeft = index < middle
    ranges.push(isLeft ? { start: middle, end } : { start, end: middle })
    if (isLeft) end = middle
    else start = middle
  }
  return ranges.toReversed()
}

/** The subtrees that show a tree to be the beginning of a larger one. Source: RFC 6962 §2.1.2. */
export function consistencyRanges(from: number, to: number): LeafRange[] {
  assert(from > 0 && from <= to, `a tree of ${from} is the beginning of one of ${to}`)
  const ranges: LeafRange[] = []
  let [start, end] = [0, to]
  let isWhole = true // the part of the smaller tree within is the smaller tree itself, which is known already
  while (from !== end) {
    const middle = start + splitOf(end - start)
    if (from <= middle) {
      ranges.push({ start: middle, end })
      end = middle
    } else {
      ranges.push({ start, end: middle })
      start = middle
      isWhole = false
    }
  }
  if (!isWhole) ranges.push({ start, end })
  return ranges.toReversed()
}

/** The largest power of two below a size of at least two. */
function splitOf(size: number): number {
  let split = 1
  while (split * 2 < size) split *= 2
  return split
}

export type InclusionClaim = {
  algorithm: TreeHash
  leaf: Uint8Array
  index: number
  size: number
  path: readonly Uint8Array[]
  root: Uint8Array
}

/** Source: RFC 9162 §2.1.3.2. */
export function provesInclusion(claim: InclusionClaim): boolean {
  const { algorithm, leaf, index, size, path, root } = claim
  if (!isWhole(index) || !isWhole(size) || index >= size) return false
  const climb = climber(index, size - 1)
  let hash = leaf
  for (const beside of path) {
    if (climb.isTop()) return false
    hash = climb.up() ? nodeHash(algorithm, beside, hash) : nodeHash(algorithm, hash, beside)
  }
  return climb.isTop() && isSame(hash, root)
}

export type ConsistencyClaim = {
  algorithm: TreeHash
  from: { size: number; root: Uint8Array }
  to: { size: number; root: Uint8Array }
  path: readonly Uint8Array[]
}

/** Source: RFC 9162 §2.1.4.2. */
export function provesConsistency({ algorithm, from, to, path }: ConsistencyClaim): boolean {
  if (!isWhole(from.size) || !isWhole(to.size) || from.size < 1 || from.size > to.size) return false
  if (from.size === to.size) return path.length === 0 && isSame(from.root, to.root)
  const steps = isPowerOfTwo(from.size) ? [from.root, ...path] : [...path]
  const [first, ...rest] = steps
  if (first === undefined || path.length === 0) return false
  const climb = climber(from.size - 1, to.size - 1)
  climb.skipRights()
  let [older, newer] = [first, first]
  for (const beside of rest) {
    if (climb.isTop()) return false
    if (climb.up()) {
      older = nodeHash(algorithm, beside, older)
      newer = nodeHash(algorithm, beside, newer)
    } else newer = nodeHash(algorithm, newer, beside)
  }
  return climb.isTop() && isSame(older, from.root) && isSame(newer, to.root)
}

/** Climbs from a node of a tree to its root, where `last` is the tree's last node on the same level. */
function climber(index: number, last: number) {
  const shift = () => {
    index = Math.floor(index / 2)
    last = Math.floor(last / 2)
  }
  return {
    isTop: () => last === 0,
    /** One level that a proof has a hash for; true when that hash stands on the left. */
    up(): boolean {
      const isOdd = index % 2 === 1
      const standsLeft = isOdd || index === last
      // At the right edge a level may have nothing beside the node: the proof has no hash for it.
      if (standsLeft && !isOdd) while (index % 2 === 0 && index !== 0) shift()
      shift()
      return standsLeft
    },
    skipRights(): void {
      while (index % 2 === 1) shift()
    },
  }
}

/** The root of a few leaves' hashes, by the definition. Source: RFC 6962 §2.1. */
export function rootOf(algorithm: TreeHash, leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves
  if (only === undefined) return emptyRoot(algorithm)
  if (leaves.length === 1) return only
  const middle = splitOf(leaves.length)
  return nodeHash(
    algorithm,
    rootOf(algorithm, leaves.slice(0, middle)),
    rootOf(algorithm, leaves.slice(middle)),
  )
}

const isWhole = (value: number) => Number.isSafeInteger(value) && value >= 0

const isPowerOfTwo = (value: number) => Number.isInteger(Math.log2(value))

const isSame = (a: Uint8Array, b: Uint8Array) => Buffer.compare(a, b) === 0
