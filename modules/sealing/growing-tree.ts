import { assert } from '../../kernel/assert.ts'
import { emptyRoot, nodeHash, type TreeHash } from './hashing.ts'

/** Only complete subtrees of 16, 256, 4096 … leaves are kept: a proof then reads at most eight hashes for each level. */
export const KEPT_EVERY = 4

export type TreeNode = { level: number; index: number; hash: Buffer }

/** The roots of the complete subtrees that a tree is made of, the largest first: one for each 1 in its size. */
export type Peaks = { size: number; hashes: readonly Buffer[] }

export type GrowingTree = {
  readonly size: number
  /** Adds a leaf, and hands the kept nodes that are complete with it to `onNode`. */
  add(leaf: Buffer, onNode: (node: TreeNode) => void): void
  root: () => Buffer
}

/** A tree that grows to the right, of which only the peaks are in memory. */
export function growTree(algorithm: TreeHash, from: Peaks = { size: 0, hashes: [] }): GrowingTree {
  const peaks = [...from.hashes]
  let { size } = from
  assert(peaks.length === onesIn(size), `a tree of ${size} has a peak for each 1 in its size`)
  return {
    get size() {
      return size
    },
    add(leaf, onNode) {
      let [hash, index, level] = [leaf, size, 0]
      while (index % 2 === 1) {
        const left = peaks.pop()
        assert(left, 'an odd place has a peak to its left')
        hash = nodeHash(algorithm, left, hash)
        index = (index - 1) / 2
        level++
        if (level % KEPT_EVERY === 0) onNode({ level, index, hash })
      }
      peaks.push(hash)
      size++
    },
    root: () => bagged(algorithm, peaks),
  }
}

/** Subtrees side by side, each larger than the one to its right, as one. */
export function bagged(algorithm: TreeHash, subtrees: readonly Buffer[]): Buffer {
  const last = subtrees.at(-1)
  if (!last) return emptyRoot(algorithm)
  return subtrees.slice(0, -1).reduceRight((right, left) => nodeHash(algorithm, left, right), last)
}

function onesIn(size: number): number {
  let ones = 0
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2
  return ones
}
