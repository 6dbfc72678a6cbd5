import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { addMs, DAY_MS, MINUTE_MS, SECOND_MS } from '../../kernel/time.ts'
import { inHospital, type Tx } from '../../platform/db.ts'
import type { SealingDependencies } from './dependencies.ts'
import { sealingErrors } from './errors.ts'
import { type GrowingTree, growTree, type TreeNode } from './growing-tree.ts'
import { HASH_BYTES, leafHashInPlace, type TreeHash } from './hashing.ts'
import { type Head, headHash, signHead } from './head.ts'
import {
  FIRST_ID,
  firstIdAt,
  idAfter,
  idAt,
  type IdPage,
  ID_BYTES,
  itemAt,
  LAST_ID,
  madeAtMs,
  type PackedItems,
} from './sealed-log.ts'
import {
  headsAfter,
  insertHead,
  insertLeaves,
  insertNodes,
  type LogOf,
  newestHead,
  nodeReader,
  openBook,
  sealedBetween,
} from './store.ts'
import { peaksAt } from './subtrees.ts'

// Ids are made in the order of time and committed in any, so "larger than the last one sealed" would lose whatever
// was under way. What has a leaf is sealed and nothing else is: each look goes over ids and asks which have none. It
// goes over the last seconds each time, over the last minutes now and then, and over everything once a day.

/** Far above what the usual transaction takes. */
const USUAL_MS = 5 * SECOND_MS

/** Far above what any transaction takes: the database ends one that idles, and every statement, much sooner. */
export const LATE_MS = 10 * MINUTE_MS

const LATE_LOOK_EVERY_MS = MINUTE_MS
const WHOLE_LOOK_EVERY_MS = DAY_MS

/** How many items are sealed by one head at most. */
const BATCH = 5_000
const WHOLE_LOOK_PAGES = 40
/** Of one log in one go, so that the others have their turn. What is left is for the next. */
const MOST_AT_ONCE = 200_000
const HEADS_AT_ONCE = 500
const MOST_RACES = 10

type LogToSeal = SealingDependencies['logs'][number]

/** How far the looks over what is behind have come, in this process. A new one begins with all of them. */
type Looks = { lateAt: Date | null; wholeAt: Date | null; wholeFrom: string | null }

export function createSealer(deps: SealingDependencies) {
  const looks = new Map<string, Looks>()
  return { sealLog, sealNext }

  /** Seals what is there to be sealed at a hospital; returns how much that was. */
  async function sealNext(hospitalId: HospitalId): Promise<number> {
    let sealed = 0
    for (const each of deps.logs) sealed += await sealLog(hospitalId, each)
    return sealed
  }

  /**
   * Errors: throws sealing.log_truncated, head_differs when the database is behind the file of heads or contradicts it,
   * sealing.tree_broken when what is kept of the tree is not what was signed. Nothing is sealed then.
   */
  async function sealLog(hospitalId: HospitalId, each: LogToSeal): Promise<number> {
    const of = { hospitalId, log: each.log.name }
    const head = await fileHeads(deps, of)
    const from = head ? firstIdAt(madeAtMs(head.newestItem) - USUAL_MS) : FIRST_ID
    let sealed = (await sealRange(deps, hospitalId, each, { from, upTo: LAST_ID })).sealed
    if (head) sealed += await lookBehind(hospitalId, each, head, from)
    if (sealed > 0) await fileHeads(deps, of)
    return sealed
  }

  async function lookBehind(
    hospitalId: HospitalId,
    each: LogToSeal,
    head: Head,
    upTo: string,
  ): Promise<number> {
    const key = `${hospitalId}/${each.log.name}`
    const look = looks.get(key) ?? { lateAt: null, wholeAt: null, wholeFrom: null }
    looks.set(key, look)
    const now = deps.clock.now()
    const isDue = (at: Date | null, everyMs: number) => at === null || now >= addMs(at, everyMs)
    let sealed = 0
    if (isDue(look.lateAt, LATE_LOOK_EVERY_MS)) {
      look.lateAt = now
      const from = firstIdAt(madeAtMs(head.newestItem) - LATE_MS)
      sealed += (await sealRange(deps, hospitalId, each, { from, upTo })).sealed
    }
    if (look.wholeFrom === null && isDue(look.wholeAt, WHOLE_LOOK_EVERY_MS)) {
      look.wholeAt = now
      look.wholeFrom = FIRST_ID
    }
    if (look.wholeFrom !== null) {
      const range = { from: look.wholeFrom, upTo }
      const part = await sealRange(deps, hospitalId, each, range, WHOLE_LOOK_PAGES)
      look.wholeFrom = part.next
      sealed += part.sealed
    }
    return sealed
  }
}

type Range = { from: string; upTo: string }
type PageDone = { sealed: number; next: string | null } | 'raced'

/** Seals what of a range of ids has no leaf, page by page; `next` is where to go on, null at the end. */
async function sealRange(
  deps: SealingDependencies,
  hospitalId: HospitalId,
  each: LogToSeal,
  { from, upTo }: Range,
  mostPages = Infinity,
): Promise<{ sealed: number; next: string | null }> {
  let [sealed, pages, races] = [0, 0, 0]
  let next: string | null = from
  while (next !== null && next <= upTo && pages < mostPages && sealed < MOST_AT_ONCE) {
    const page: IdPage = { from: next, upTo, limit: BATCH }
    const done: PageDone = await inHospital(deps.db, hospitalId, (tx) =>
      sealPage(deps, tx, hospitalId, each, page),
    )
    pages++
    // Another process seals this log too. The same page again shows what it has left; the next run does, in the end.
    if (done === 'raced' && ++races > MOST_RACES) break
    if (done === 'raced') continue
    sealed += done.sealed
    next = done.next
  }
  return { sealed, next: next !== null && next <= upTo ? next : null }
}

async function sealPage(
  deps: SealingDependencies,
  tx: Tx,
  hospitalId: HospitalId,
  { log, treeHash }: LogToSeal,
  page: IdPage,
): Promise<PageDone> {
  const of = { hospitalId, log: log.name }
  const ids = await log.idsFrom(tx, hospitalId, page)
  const last = ids.at(-1)
  const next = last === undefined || ids.length < page.limit ? null : idAfter(last)
  if (last === undefined) return { sealed: 0, next }
  // In this order: whatever another process adds after this head was read makes ours give way.
  const head = await newestHead(tx, of)
  const known = await sealedBetween(tx, of, ids[0] ?? last, last)
  const first = ids.find((id) => !known.has(id))
  if (first === undefined) return { sealed: 0, next }
  const items = await log.itemsFrom(tx, hospitalId, { from: first, upTo: last, limit: page.limit })
  if (!head) await openBook(tx, hospitalId, deps.clock.now())
  const tree = await treeOf(tx, of, treeHash, head)
  const leaves = addLeaves(treeHash, tree, items, known)
  const followed = await insertHead(tx, nextHead(deps, of, { head, treeHash, tree, leaves }))
  if (!followed) return 'raced'
  await insertLeaves(tx, of, { from: head?.size ?? 0, ids: leaves.ids, hashes: leaves.hashes })
  await insertNodes(tx, of, leaves.nodes)
  return { sealed: leaves.count, next }
}

/** The tree as it stands. Errors: throws sealing.tree_broken. */
async function treeOf(
  tx: Tx,
  of: LogOf,
  treeHash: TreeHash,
  head: Head | null,
): Promise<GrowingTree> {
  if (!head) return growTree(treeHash)
  if (head.treeHash !== treeHash) throw sealingErrors.tree_broken({ ...of, size: head.size })
  const tree = growTree(treeHash, await peaksAt(treeHash, head.size, nodeReader(tx, of)))
  if (!tree.root().equals(head.root)) throw sealingErrors.tree_broken({ ...of, size: head.size })
  return tree
}

type Leaves = { count: number; newest: string; ids: Buffer; hashes: Buffer; nodes: TreeNode[] }

/**
 * What is among the items and was not among the ids was committed in between. It is sealed with them: had anybody else
 * done that, their head would make ours give way.
 */
function addLeaves(
  treeHash: TreeHash,
  tree: GrowingTree,
  { count: most, packed }: PackedItems,
  known: ReadonlySet<string>,
): Leaves {
  const ids = Buffer.allocUnsafe(most * ID_BYTES)
  const hashes = Buffer.allocUnsafe(most * HASH_BYTES)
  const nodes: TreeNode[] = []
  const keep = (node: TreeNode) => void nodes.push(node)
  let count = 0
  for (let next = 0; next < packed.length;) {
    const { at, start, end } = itemAt(packed, next)
    next = end
    if (known.size > 0 && known.has(idAt(packed, at))) continue
    const hash = leafHashInPlace(treeHash, packed, start, end)
    packed.copy(ids, count * ID_BYTES, at, at + ID_BYTES)
    hash.copy(hashes, count * HASH_BYTES)
    tree.add(hash, keep)
    count++
  }
  assert(count > 0, 'there is an item that has no leaf')
  return {
    count,
    newest: idAt(ids, (count - 1) * ID_BYTES),
    ids: ids.subarray(0, count * ID_BYTES),
    hashes: hashes.subarray(0, count * HASH_BYTES),
    nodes,
  }
}

function nextHead(
  { signer, clock }: SealingDependencies,
  of: LogOf,
  grown: { head: Head | null; treeHash: TreeHash; tree: GrowingTree; leaves: Leaves },
): Head {
  const { head, treeHash, tree, leaves } = grown
  const now = clock.now()
  return signHead(signer, {
    ...of,
    size: tree.size,
    previousSize: head?.size ?? 0,
    treeHash,
    root: tree.root(),
    previousHash: head ? headHash(head) : null,
    // The clocks of two machines differ a little, and time in the log goes one way.
    sealedAt: head && head.sealedAt > now ? head.sealedAt : now,
    newestItem: head && head.newestItem > leaves.newest ? head.newestItem : leaves.newest,
  })
}

/**
 * Appends to the file what heads it does not have, as after a crash, and returns the newest. Errors: throws
 * sealing.log_truncated, sealing.head_differs.
 */
async function fileHeads({ db, headFile }: SealingDependencies, of: LogOf): Promise<Head | null> {
  const { hospitalId, log } = of
  const filed = headFile ? await headFile.newestOf(of) : null
  return inHospital(db, hospitalId, async (tx) => {
    const newest = await newestHead(tx, of)
    if (!headFile) return newest
    if ((newest?.size ?? 0) < (filed?.size ?? 0)) {
      throw sealingErrors.log_truncated({
        hospitalId,
        log,
        size: newest?.size ?? 0,
        filed: filed?.size ?? 0,
      })
    }
    if (filed) {
      const [same] = await headsAfter(tx, of, filed.size - 1, 1)
      if (same?.size !== filed.size || headHash(same).toString('hex') !== filed.hash) {
        throw sealingErrors.head_differs({ hospitalId, log, size: filed.size })
      }
    }
    let from = filed?.size ?? 0
    while (newest && from < newest.size) {
      const missing = await headsAfter(tx, of, from, HEADS_AT_ONCE)
      await headFile.append(missing)
      from = missing.at(-1)?.size ?? newest.size
    }
    return newest
  })
}
