import type { HospitalId } from '../../kernel/id.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import type { Findings } from './finding.ts'
import { HASH_BYTES, leafHashInPlace, type TreeHash } from './hashing.ts'
import {
  FIRST_ID,
  idAfter,
  idAt,
  ID_BYTES,
  itemAt,
  LAST_ID,
  type PackedItems,
  type SealedLog,
} from './sealed-log.ts'

export type ItemMatch = {
  /** False when more items must be fetched before this leaf can be told. */
  check(leaves: Buffer, leaf: LeafAt, treeHash: TreeHash): boolean
  fetchFor(leaves: Buffer, leaf: LeafAt, treeHash: TreeHash): Promise<void>
  /** Reads what is left. Items without a leaf are named below `due`, and only counted from there on. */
  finish(due: string): Promise<{ checked: number; late: string[]; waiting: number }>
}

/** Where in a page of leaves the item's id is, and the hash. */
export type LeafAt = { id: number; hash: number }

const ITEMS_AT_ONCE = 10_000

/**
 * Brings items and leaves together in one pass over both. Items come by their ids; leaves do too but for those that
 * were committed late, so the items whose leaf has not come yet are few.
 */
export function createItemMatch(
  db: Db,
  hospitalId: HospitalId,
  log: SealedLog,
  { add }: Findings,
): ItemMatch {
  const pages = pagesOf(db, hospitalId, log)
  const withoutLeaf = new Map<string, Buffer>()
  let [at, checked] = [0, 0]
  return { check, fetchFor, finish }

  function check(leaves: Buffer, leaf: LeafAt, treeHash: TreeHash): boolean {
    const page = pages.current()
    while (at < page.length) {
      const item = itemAt(page, at)
      const order = compareBytes(page, item.at, leaves, leaf.id, ID_BYTES)
      if (order > 0) break // the leaf is of an item that has gone by
      at = item.end
      const hash = leafHashInPlace(treeHash, page, item.start, item.end)
      if (order === 0) return compare(leaves, leaf, hash)
      withoutLeaf.set(keyOf(page, item.at), hash)
    }
    if (at >= page.length && pages.hasMore()) return false
    return checkLate(leaves, leaf)
  }

  function checkLate(leaves: Buffer, leaf: LeafAt): true {
    const key = keyOf(leaves, leaf.id)
    const hash = withoutLeaf.get(key)
    withoutLeaf.delete(key)
    if (hash) return compare(leaves, leaf, hash)
    add('item_missing', idAt(leaves, leaf.id))
    return true
  }

  function compare(leaves: Buffer, leaf: LeafAt, hash: Buffer): true {
    checked++
    const isSame = compareBytes(hash, 0, leaves, leaf.hash, HASH_BYTES) === 0
    if (!isSame) add('item_changed', idAt(leaves, leaf.id))
    return true
  }

  async function fetchFor(leaves: Buffer, leaf: LeafAt, treeHash: TreeHash): Promise<void> {
    do {
      await pages.turn()
      at = 0
    } while (!check(leaves, leaf, treeHash))
  }

  async function finish(due: string) {
    const late: string[] = []
    let waiting = 0
    const judge = (id: string) => (id < due ? late.push(id) : waiting++)
    for (const key of withoutLeaf.keys()) judge(idAt(Buffer.from(key, 'latin1'), 0))
    for (;;) {
      const page = pages.current()
      for (; at < page.length; at = itemAt(page, at).end) judge(idAt(page, at))
      if (!pages.hasMore()) return { checked, late, waiting }
      await pages.turn()
      at = 0
    }
  }
}

/** The items of a log, a page at a time; the next one is read while this one is hashed. */
function pagesOf(db: Db, hospitalId: HospitalId, log: SealedLog) {
  let page: Buffer = Buffer.alloc(0)
  let from: string | null = FIRST_ID
  let ahead = readFrom(FIRST_ID)
  return {
    current: () => page,
    hasMore: () => from !== null,
    async turn(): Promise<void> {
      const { count, last, packed } = await ahead
      page = packed
      from = last === null || count < ITEMS_AT_ONCE ? null : idAfter(last)
      if (from !== null) ahead = readFrom(from)
    },
  }

  /** A failure is heard where it is awaited. */
  function readFrom(id: string): Promise<PackedItems> {
    const range = { from: id, upTo: LAST_ID, limit: ITEMS_AT_ONCE }
    const reading = inHospital(db, hospitalId, (tx) => log.itemsFrom(tx, hospitalId, range))
    reading.catch(() => undefined)
    return reading
  }
}

const keyOf = (page: Buffer, at: number): string => page.toString('latin1', at, at + ID_BYTES)

/** Without a view of either: this is done for every leaf. */
function compareBytes(a: Buffer, aAt: number, b: Buffer, bAt: number, count: number): number {
  for (let i = 0; i < count; i++) {
    const order = (a[aAt + i] ?? 0) - (b[bAt + i] ?? 0)
    if (order !== 0) return order
  }
  return 0
}
