import { type Db, inHospital, type Tx } from '../../platform/db.ts'
import { sealingErrors } from './errors.ts'
import type { Countersignature, Head } from './head.ts'
import type { SealedLog } from './sealed-log.ts'
import {
  countersignaturesOf,
  findHead,
  headAndLeaf,
  type LeafKey,
  type LeafPlace,
  type LogOf,
  newestHead,
  nodeReader,
} from './store.ts'
import { rootsOf } from './subtrees.ts'
import { consistencyRanges, inclusionRanges } from './tree.ts'

/** What reading takes: no key, and no file. */
export type ProofDependencies = { db: Db; logs: readonly { log: SealedLog }[] }

export type HeadDetail = { head: Head; countersignatures: Countersignature[] }

export type Inclusion = HeadDetail & {
  leafIndex: number
  itemId: string
  leafHash: Buffer
  path: Buffer[]
}

export type Consistency = { from: Head; to: Head; path: Buffer[] }

/** Heads and proofs of one hospital's logs: reads only. */
export function createProofs({ db, logs }: ProofDependencies) {
  const names = logs.map(({ log }) => log.name)
  const within = async <T>(of: LogOf, work: (tx: Tx) => Promise<T>): Promise<T> => {
    if (!names.includes(of.log)) throw sealingErrors.log_not_found({ log: of.log })
    return inHospital(db, of.hospitalId, work)
  }
  return {
    logNames: (): readonly string[] => names,

    /** Errors: throws sealing.log_not_found, head_not_found. */
    headDetail: (of: LogOf, size: number | 'newest'): Promise<HeadDetail> =>
      within(of, async (tx) => detailOf(tx, of, await headOf(tx, of, size))),

    /**
     * That an item, or the leaf at a place, is in the tree of a head; of the newest one unless a size is given. Errors:
     * throws sealing.log_not_found, head_not_found, item_not_sealed, leaf_not_in_tree.
     */
    inclusion: (of: LogOf, what: LeafKey, size: number | 'newest' = 'newest'): Promise<Inclusion> =>
      within(of, async (tx) => {
        const found = await headAndLeaf(tx, of, size, what)
        if (!found) throw sealingErrors.head_not_found({ log: of.log, size })
        return inclusionOf(tx, of, found, found.leaf)
      }),

    /** That one head's tree is the beginning of another's. Errors: throws sealing.log_not_found, head_not_found, sizes_wrong. */
    consistency: (of: LogOf, from: number, to: number): Promise<Consistency> =>
      within(of, async (tx) => {
        if (from > to) throw sealingErrors.sizes_wrong({ from, to })
        const [older, newer] = [await headOf(tx, of, from), await headOf(tx, of, to)]
        const ranges = consistencyRanges(from, to)
        const path = await rootsOf(newer.treeHash, ranges, nodeReader(tx, of))
        return { from: older, to: newer, path }
      }),
  }
}

async function headOf(tx: Tx, of: LogOf, size: number | 'newest'): Promise<Head> {
  const head = size === 'newest' ? await newestHead(tx, of) : await findHead(tx, of, size)
  if (!head) throw sealingErrors.head_not_found({ log: of.log, size })
  return head
}

const detailOf = async (tx: Tx, of: LogOf, head: Head): Promise<HeadDetail> => ({
  head,
  countersignatures: await countersignaturesOf(tx, of, head.size),
})

async function inclusionOf(
  tx: Tx,
  of: LogOf,
  { head, countersignatures }: HeadDetail,
  leaf: LeafPlace | null,
): Promise<Inclusion> {
  if (!leaf) throw sealingErrors.item_not_sealed({ log: of.log })
  if (leaf.index >= head.size) throw sealingErrors.leaf_not_in_tree({ size: head.size })
  const ranges = inclusionRanges(leaf.index, head.size)
  const path = await rootsOf(head.treeHash, ranges, nodeReader(tx, of))
  const { itemId, index: leafIndex, hash } = leaf
  return { head, countersignatures, itemId, leafIndex, leafHash: hash, path }
}
