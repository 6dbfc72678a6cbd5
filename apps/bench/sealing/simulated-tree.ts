import { assert } from '../../../kernel/assert.ts'
import {
  type KeptHashes,
  leafHash,
  nodeHash,
  type NodeReader,
} from '../../../modules/sealing/index.ts'

const REPEATS_EVERY_LEVELS = 16

/**
 * A tree of any size that nobody stores: its leaves come again every 65,536, so a kept hash is looked up or is that of a
 * subtree of equal halves. A proof is made of it as of any other tree, and it holds against the root.
 */
export function simulatedTree(): NodeReader {
  const levels = [
    Array.from({ length: 2 ** REPEATS_EVERY_LEVELS }, (_, i) =>
      leafHash('sha256', Buffer.from(`${i}`)),
    ),
  ]
  for (let level = 1; level <= 48; level++) {
    const below = levels[level - 1] ?? []
    const width = Math.max(1, below.length / 2)
    levels.push(
      Array.from({ length: width }, (_, i) => {
        const left = below[(2 * i) % below.length]
        const right = below[(2 * i + 1) % below.length]
        assert(left && right, 'a level has hashes')
        return nodeHash('sha256', left, right)
      }),
    )
  }
  const read = ({ level, from, count }: KeptHashes): Buffer => {
    const row = levels[level] ?? []
    return Buffer.concat(
      Array.from({ length: count }, (_, i) => row[(from + i) % row.length] ?? Buffer.alloc(0)),
    )
  }
  return async (wanted) => wanted.map(read)
}
