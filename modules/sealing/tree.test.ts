import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { growTree, KEPT_EVERY, type TreeNode } from './growing-tree.ts'
import { emptyRoot, leafHash, TREE_HASHES, type TreeHash } from './hashing.ts'
import { type NodeReader, peaksAt, rootsOf } from './subtrees.ts'
import {
  consistencyRanges,
  inclusionRanges,
  provesConsistency,
  provesInclusion,
  rootOf,
} from './tree.ts'

// Source: the reference test of certificate-transparency (merkletree/merkle_tree_test): leaves, and the roots of the
// trees of the first one, two … eight of them, as RFC 6962 has them.
const LEAVES = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
]
const ROOTS = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
]

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex')

describe('[B1] the published vectors of RFC 6962', () => {
  const hashes = LEAVES.map((leaf) => leafHash('sha256', Buffer.from(leaf, 'hex')))

  it('the tree of nothing', () => {
    expect(hex(emptyRoot('sha256'))).toBe(
      'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    )
    expect(hex(growTree('sha256').root())).toBe(hex(emptyRoot('sha256')))
  })

  it('the trees of the first leaves, by definition and as they grow', () => {
    const tree = growTree('sha256')
    for (const [i, root] of ROOTS.entries()) {
      tree.add(hashes[i] ?? Buffer.alloc(0), () => undefined)
      expect(hex(tree.root())).toBe(root)
      expect(hex(rootOf('sha256', hashes.slice(0, i + 1)))).toBe(root)
    }
  })

  // From the same test: the paths of leaf 0 of 8, 5 of 8, 2 of 3 and 1 of 5, and from 1 to 8, 6 to 8 and 2 to 5.
  it.each([
    [
      0,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      5,
      8,
      [
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
    [
      1,
      5,
      [
        '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
  ] as const)('the path of leaf %i of %i', (index, size, path) => {
    const made = inclusionRanges(index, size).map(({ start, end }) =>
      hex(rootOf('sha256', hashes.slice(start, end))),
    )
    expect(made).toEqual(path)
  })

  it.each([
    [
      1,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      6,
      8,
      [
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [
      2,
      5,
      [
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
  ] as const)('the path from %i to %i', (from, to, path) => {
    const made = consistencyRanges(from, to).map(({ start, end }) =>
      hex(rootOf('sha256', hashes.slice(start, end))),
    )
    expect(made).toEqual(path)
  })
})

const treeHash = fc.constantFrom<TreeHash>(...TREE_HASHES)
const size = fc.integer({ min: 1, max: 700 })

describe.each(TREE_HASHES)('any tree by %s', (algorithm) => {
  it('keeps what every proof needs, and every proof holds', async () => {
    const check = fc.asyncProperty(size, fc.nat(), fc.nat(), async (to, a, b) => {
      const { leaves, read } = treeOf(algorithm, to)
      const [index, from] = [a % to, 1 + (b % to)]
      const root = rootOf(algorithm, leaves)
      const path = await rootsOf(algorithm, inclusionRanges(index, to), read)
      const leaf = leaves[index] ?? Buffer.alloc(0)
      expect(provesInclusion({ algorithm, leaf, index, size: to, path, root })).toBe(true)
      const between = await rootsOf(algorithm, consistencyRanges(from, to), read)
      const older = { size: from, root: rootOf(algorithm, leaves.slice(0, from)) }
      const newer = { size: to, root }
      const claim = { algorithm, from: older, to: newer, path: between }
      expect(provesConsistency(claim)).toBe(true)
    })
    await fc.assert(check, { numRuns: 60 })
  })

  it('goes on growing from its peaks', async () => {
    const check = fc.asyncProperty(size, size, async (before, more) => {
      const { leaves, read } = treeOf(algorithm, before + more)
      const tree = growTree(algorithm, await peaksAt(algorithm, before, read))
      for (const leaf of leaves.slice(before)) tree.add(leaf, () => undefined)
      expect(hex(tree.root())).toBe(hex(rootOf(algorithm, leaves)))
    })
    await fc.assert(check, { numRuns: 30 })
  })
})

describe('an altered proof', () => {
  const flip = (bytes: Uint8Array, bit: number): Buffer => {
    const copy = Buffer.from(bytes)
    copy.writeUInt8(copy.readUInt8(Math.floor(bit / 8)) ^ (1 << (bit % 8)), Math.floor(bit / 8))
    return copy
  }

  it('of inclusion does not hold, whatever of it is altered', async () => {
    const check = fc.asyncProperty(
      treeHash,
      size,
      fc.nat(),
      fc.nat(255),
      async (algorithm, to, a, bit) => {
        const { leaves, read } = treeOf(algorithm, to)
        const index = a % to
        const path = await rootsOf(algorithm, inclusionRanges(index, to), read)
        const leaf = leaves[index] ?? Buffer.alloc(0)
        const claim = { algorithm, leaf, index, size: to, path, root: rootOf(algorithm, leaves) }
        expect(provesInclusion({ ...claim, leaf: flip(leaf, bit) })).toBe(false)
        expect(provesInclusion({ ...claim, root: flip(claim.root, bit) })).toBe(false)
        for (const other of [index - 1, index + 1, index + to, index + 0.5, -1]) {
          expect(provesInclusion({ ...claim, index: other })).toBe(false)
        }
        for (const [i, hash] of path.entries()) {
          const wrong = path.with(i, flip(hash, bit))
          expect(provesInclusion({ ...claim, path: wrong })).toBe(false)
        }
        expect(provesInclusion({ ...claim, path: [...path, leaf] })).toBe(false)
        const shorter = path.length > 0 && provesInclusion({ ...claim, path: path.slice(1) })
        expect(shorter).toBe(false)
      },
    )
    await fc.assert(check, { numRuns: 60 })
  })

  it('of consistency does not hold, whatever of it is altered', async () => {
    const check = fc.asyncProperty(
      treeHash,
      size,
      fc.nat(),
      fc.nat(255),
      async (algorithm, to, a, bit) => {
        const { leaves, read } = treeOf(algorithm, to)
        const from = 1 + (a % to)
        const path = await rootsOf(algorithm, consistencyRanges(from, to), read)
        const older = { size: from, root: rootOf(algorithm, leaves.slice(0, from)) }
        const newer = { size: to, root: rootOf(algorithm, leaves) }
        const claim = { algorithm, from: older, to: newer, path }
        const changed = (root: Uint8Array) => flip(root, bit)
        expect(provesConsistency({ ...claim, from: { ...older, root: changed(older.root) } })).toBe(
          false,
        )
        expect(provesConsistency({ ...claim, to: { ...newer, root: changed(newer.root) } })).toBe(
          false,
        )
        expect(provesConsistency({ ...claim, from: { ...older, size: 0 } })).toBe(false)
        expect(provesConsistency({ ...claim, path: [...path, newer.root] })).toBe(false)
        for (const [i, hash] of path.entries()) {
          expect(provesConsistency({ ...claim, path: path.with(i, changed(hash)) })).toBe(false)
        }
        const shorter = path.length > 0 && provesConsistency({ ...claim, path: path.slice(1) })
        expect(shorter).toBe(false)
      },
    )
    await fc.assert(check, { numRuns: 60 })
  })
})

/** A tree, and a reader that has of it only what is kept. */
function treeOf(algorithm: TreeHash, leafCount: number) {
  const leaves = Array.from({ length: leafCount }, (_, i) =>
    leafHash(algorithm, Buffer.from(`${i}`)),
  )
  const kept = new Map<string, Buffer>()
  const keep = ({ level, index, hash }: TreeNode) => void kept.set(`${level}/${index}`, hash)
  const tree = growTree(algorithm)
  for (const [index, leaf] of leaves.entries()) {
    keep({ level: 0, index, hash: leaf })
    tree.add(leaf, keep)
  }
  const read: NodeReader = async (wanted) =>
    wanted.map(({ level, from, count }) => {
      expect(level % KEPT_EVERY).toBe(0)
      const hashes = Array.from({ length: count }, (_, i) => kept.get(`${level}/${from + i}`))
      return Buffer.concat(hashes.filter((hash) => hash !== undefined))
    })
  return { leaves, read }
}
