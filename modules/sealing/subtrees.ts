import { assert } from '../../kernel/assert.ts'
import { bagged, KEPT_EVERY, type Peaks } from './growing-tree.ts'
import { HASH_BYTES, nodeHash, type TreeHash } from './hashing.ts'
import type { LeafRange } from './tree.ts'

/** `count` hashes side by side on a level that is kept, from `from`; level 0 are the leaves. */
export type KeptHashes = { level: number; from: number; count: number }

/** Reads kept hashes, one buffer for each of what is wanted, in order. Errors: throws when one is not there. */
export type NodeReader = (wanted: readonly KeptHashes[]) => Promise<Buffer[]>

/** The roots of ranges of leaves, each a subtree as proofs name them, by one read of what is kept. */
export async function rootsOf(
  algorithm: TreeHash,
  ranges: readonly LeafRange[],
  read: NodeReader,
): Promise<Buffer[]> {
  const parts = ranges.map((range) => completeWithin(range))
  const found = await read(parts.flat().map(keptFor))
  const roots = found.map((hashes) => rootOfComplete(algorithm, hashes))
  let at = 0
  return parts.map((list) => bagged(algorithm, roots.slice(at, (at += list.length))))
}

/** What a tree of this size goes on growing from. */
export async function peaksAt(algorithm: TreeHash, size: number, read: NodeReader): Promise<Peaks> {
  const parts = size === 0 ? [] : completeWithin({ start: 0, end: size })
  const found = parts.length === 0 ? [] : await read(parts.map(keptFor))
  return { size, hashes: found.map((hashes) => rootOfComplete(algorithm, hashes)) }
}

type Complete = { level: number; index: number }

/** A range as complete subtrees, the largest first. */
function completeWithin({ start, end }: LeafRange): Complete[] {
  const parts: Complete[] = []
  let at = start
  while (at < end) {
    let [level, width] = [0, 1]
    while (at % (width * 2) === 0 && at + width * 2 <= end) {
      width *= 2
      level++
    }
    parts.push({ level, index: at / width })
    at += width
  }
  return parts
}

function keptFor({ level, index }: Complete): KeptHashes {
  const kept = level - (level % KEPT_EVERY)
  const count = 2 ** (level - kept)
  return { level: kept, from: index * count, count }
}

function rootOfComplete(algorithm: TreeHash, hashes: Buffer): Buffer {
  assert(hashes.length > 0 && hashes.length % HASH_BYTES === 0, 'hashes come whole')
  let row: Buffer[] = []
  for (let at = 0; at < hashes.length; at += HASH_BYTES) {
    row.push(hashes.subarray(at, at + HASH_BYTES))
  }
  while (row.length > 1) {
    const above: Buffer[] = []
    for (let i = 0; i + 1 < row.length; i += 2) {
      const [left, right] = [row[i], row[i + 1]]
      assert(left && right, 'a complete subtree has pairs')
      above.push(nodeHash(algorithm, left, right))
    }
    row = above
  }
  const [root] = row
  assert(root, 'there is at least one hash')
  return root
}
