import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import { collectFindings, type Findings, type LogReport } from './finding.ts'
import { growTree, type TreeNode } from './growing-tree.ts'
import { HASH_BYTES } from './hashing.ts'
import { type Head, headHash } from './head.ts'
import { LATE_MS } from './seal.ts'
import { FIRST_ID, firstIdAt, idAt, ID_BYTES, madeAtMs, type SealedLog } from './sealed-log.ts'
import type { TrustedKey } from './signature.ts'
import {
  countersignaturesOf,
  countersignedSizes,
  findHead,
  headsAfter,
  leafOfItem,
  type LogOf,
  newestHead,
  packedLeaves,
  packedNodes,
} from './store.ts'
import { checkCountersignature, checkHead, type FiledHeads } from './verify-heads.ts'
import { createItemMatch, type ItemMatch } from './verify-items.ts'

export type VerifyOptions = {
  db: Db
  /** Keys known from elsewhere; null takes each head's own word for its key. */
  trusted: readonly TrustedKey[] | null
  filed: FiledHeads | null
  onProgress?: (done: number, total: number) => void
}

const HEADS_AT_ONCE = 1_000
/** A multiple of every kept width, so that the nodes of a page are complete with it. */
const LEAVES_AT_ONCE = 65_536
const LEAF_BYTES = 8 + ID_BYTES + HASH_BYTES
const NODE_BYTES = 8 + HASH_BYTES

/**
 * Checks a log of a hospital against what was signed: every item, leaf, kept node and head is read once, and nothing of
 * what is kept is taken for granted. Memory does not grow with the log. Errors: throws what the database throws.
 */
export async function verifyLog(
  options: VerifyOptions,
  hospitalId: HospitalId,
  log: SealedLog,
): Promise<LogReport> {
  const of = { hospitalId, log: log.name }
  const findings = collectFindings(hospitalId, log.name)
  const heads = await checkHeads(options, of, findings)
  await checkCountersignatures(options.db, of, findings)
  const total = heads.at(-1)?.size ?? 0
  const items = createItemMatch(options.db, hospitalId, log, findings)
  await checkTree(options, of, { heads, items, findings })
  const newest = heads.at(-1)
  const due = newest ? firstIdAt(madeAtMs(newest.newestItem) - LATE_MS) : FIRST_ID
  const { checked, late, waiting } = await items.finish(due)
  await nameUnsealed(options.db, of, late, findings)
  options.onProgress?.(total, total)
  const { findings: named, unnamed } = findings
  return {
    ...of,
    heads: heads.length,
    items: checked,
    waiting,
    findings: named,
    unnamed: unnamed(),
  }
}

/** What the tree is checked for at each head. */
type HeadMark = Pick<Head, 'size' | 'root' | 'treeHash' | 'newestItem'> & {
  /** What the leaves after it may not claim to be older than. */
  lateMs: number
}

async function checkHeads(
  { db, trusted, filed }: VerifyOptions,
  of: LogOf,
  findings: Findings,
): Promise<HeadMark[]> {
  const marks: HeadMark[] = []
  const sizes = filed?.sizesOf(of.hospitalId, of.log) ?? null
  let before: Head | null = null
  for (;;) {
    const from: number = before?.size ?? 0
    const heads: Head[] = await inHospital(db, of.hospitalId, (tx) =>
      headsAfter(tx, of, from, HEADS_AT_ONCE),
    )
    for (const head of heads) {
      checkHead(head, before, trusted, findings)
      const { size, root, treeHash, newestItem } = head
      marks.push({ size, root, treeHash, newestItem, lateMs: madeAtMs(newestItem) - LATE_MS })
      if (sizes) checkFiled(head, sizes, findings)
      before = head
    }
    if (heads.length < HEADS_AT_ONCE) break
  }
  const known = new Set(marks.map(({ size }) => size))
  for (const size of sizes?.keys() ?? []) {
    if (!known.has(size)) findings.add('head_missing', `head ${size}`)
  }
  return marks
}

function checkFiled(head: Head, sizes: ReadonlyMap<number, string>, { add }: Findings): void {
  const filed = sizes.get(head.size)
  if (filed === undefined) add('head_not_filed', `head ${head.size}`)
  else if (filed !== headHash(head).toString('hex')) add('head_differs', `head ${head.size}`)
}

async function checkCountersignatures(db: Db, of: LogOf, findings: Findings): Promise<void> {
  const sizes = await inHospital(db, of.hospitalId, (tx) => countersignedSizes(tx, of))
  for (const size of sizes) {
    await inHospital(db, of.hospitalId, async (tx) => {
      const head = await findHead(tx, of, size)
      const signatures = await countersignaturesOf(tx, of, size)
      if (head) for (const each of signatures) checkCountersignature(head, each, findings)
    })
  }
}

type TreeCheck = { heads: HeadMark[]; items: ItemMatch; findings: Findings }

/** Grows the tree anew from the leaves, and compares it with the kept nodes and with each head as it comes by. */
async function checkTree(
  { db, onProgress }: VerifyOptions,
  of: LogOf,
  { heads, items, findings }: TreeCheck,
): Promise<void> {
  const total = heads.at(-1)?.size ?? 0
  const tree = growTree(heads[0]?.treeHash ?? 'sha256')
  let [headNo, expected] = [0, 0]
  // The next page is read while one is hashed. A failure is heard where it is awaited.
  const readPage = (from: number): Promise<Buffer> => {
    if (from >= total) return Promise.resolve(Buffer.alloc(0))
    const until = from + LEAVES_AT_ONCE
    const reading = inHospital(db, of.hospitalId, (tx) => packedLeaves(tx, of, from, until))
    reading.catch(() => undefined)
    return reading
  }
  let ahead = readPage(0)
  for (let from = 0; from < total; from += LEAVES_AT_ONCE) {
    const page = await ahead
    ahead = readPage(from + LEAVES_AT_ONCE)
    const nodes: TreeNode[] = []
    const keep = (node: TreeNode) => void nodes.push(node)
    for (let at = 0; at < page.length; at += LEAF_BYTES) {
      const index = page.readInt32BE(at) * 2 ** 32 + page.readUInt32BE(at + 4)
      if (index >= total) break
      for (; expected < index; expected++) findings.add('leaf_missing', `leaf ${expected}`)
      expected = index + 1
      const mark = heads[headNo]
      assert(mark, 'a leaf below the newest size belongs to a head')
      const leaf = { id: at + 8, hash: at + 8 + ID_BYTES }
      checkTime(page, leaf.id, heads[headNo - 1], findings)
      const isAtOnce = items.check(page, leaf, mark.treeHash)
      if (!isAtOnce) await items.fetchFor(page, leaf, mark.treeHash)
      tree.add(page.subarray(leaf.hash, leaf.hash + HASH_BYTES), keep)
      headNo = closeHeads(heads, headNo, expected, tree.root, findings)
    }
    await checkNodes(db, of, { nodes, findings })
    onProgress?.(Math.min(from + LEAVES_AT_ONCE, total), total)
  }
  for (; expected < total; expected++) findings.add('leaf_missing', `leaf ${expected}`)
  closeHeads(heads, headNo, total, tree.root, findings)
  await checkBeyond(db, of, total, findings)
}

/** Compares the root with that of each head whose last leaf has come; returns the first head that is still open. */
function closeHeads(
  heads: readonly HeadMark[],
  from: number,
  leaves: number,
  root: () => Buffer,
  { add }: Findings,
): number {
  let no = from
  for (let head = heads[no]; head && head.size <= leaves; head = heads[++no]) {
    if (!root().equals(head.root)) add('root_differs', `head ${head.size}`)
  }
  return no
}

/** An item that claims to be much older than what the head before it has sealed was not there at that time. */
function checkTime(
  leaves: Buffer,
  at: number,
  before: HeadMark | undefined,
  { add }: Findings,
): void {
  if (before && leaves.readUIntBE(at, 6) < before.lateMs) add('item_backdated', idAt(leaves, at))
}

async function checkNodes(
  db: Db,
  of: LogOf,
  { nodes, findings }: { nodes: TreeNode[]; findings: Findings },
): Promise<void> {
  for (const level of new Set(nodes.map((node) => node.level))) {
    const made = nodes.filter((node) => node.level === level)
    const [first, last] = [made[0]?.index ?? 0, made.at(-1)?.index ?? 0]
    const range = { level, from: first, until: last + 1 }
    const kept = await inHospital(db, of.hospitalId, (tx) => packedNodes(tx, of, range))
    const byIndex = new Map<number, Buffer>()
    for (let at = 0; at < kept.length; at += NODE_BYTES) {
      byIndex.set(Number(kept.readBigInt64BE(at)), kept.subarray(at + 8, at + NODE_BYTES))
    }
    for (const { index, hash } of made) {
      if (!byIndex.get(index)?.equals(hash))
        findings.add('node_differs', `level ${level}, ${index}`)
    }
  }
}

async function checkBeyond(db: Db, of: LogOf, total: number, findings: Findings): Promise<void> {
  const [beyond, newer] = await inHospital(db, of.hospitalId, async (tx) => [
    await packedLeaves(tx, of, total, total + LEAVES_AT_ONCE),
    await headsAfter(tx, of, total, 1),
  ])
  // Sealing goes on while this reads: what a newer head covers is not looked at this time.
  if (newer.length > 0) return
  for (let at = 0; at < beyond.length; at += LEAF_BYTES) {
    findings.add('leaf_beyond_head', `leaf ${beyond.readBigInt64BE(at)}`)
  }
}

/** Newer things were sealed long ago, and these have no leaf. */
async function nameUnsealed(
  db: Db,
  of: LogOf,
  late: readonly string[],
  { add }: Findings,
): Promise<void> {
  for (const id of late) {
    // It may have been sealed since the heads were read.
    const isSealed = await inHospital(db, of.hospitalId, async (tx) => {
      const [leaf, head] = [await leafOfItem(tx, of, id), await newestHead(tx, of)]
      return leaf !== null && head !== null && leaf.index < head.size
    })
    if (!isSealed) add('item_not_sealed', id)
  }
}
