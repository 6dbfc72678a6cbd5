import { type Selectable, sql } from 'kysely'

import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type { TreeNode } from './growing-tree.ts'
import { HASH_BYTES } from './hashing.ts'
import type { Countersignature, Head } from './head.ts'
import { ID_BYTES } from './sealed-log.ts'
import type { KeptHashes, NodeReader } from './subtrees.ts'
import type { SealingTables } from './tables.ts'

// The one place that writes the schema "sealing".

export type LogOf = { hospitalId: HospitalId; log: string }

const tables = (db: Db | Tx) => db.withTables<SealingTables>()

/** Every book that anything was ever sealed of. */
export async function sealedBooks(db: Db): Promise<HospitalId[]> {
  const rows = await tables(db)
    .selectFrom('sealing.book')
    .select('book_no')
    .orderBy('book_no')
    .execute()
  return rows.map(({ book_no }) => book_no)
}

export async function openBook(tx: Tx, hospitalId: HospitalId, now: Date): Promise<void> {
  await tables(tx)
    .insertInto('sealing.book')
    .values({ book_no: hospitalId, since_at: now })
    .onConflict((conflict) => conflict.column('book_no').doNothing())
    .execute()
}

export async function newestHead(tx: Tx, { hospitalId, log }: LogOf): Promise<Head | null> {
  const row = await tables(tx)
    .selectFrom('sealing.head')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('log', '=', log)
    .orderBy('size', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row ? toHead(row) : null
}

export async function findHead(tx: Tx, { hospitalId, log }: LogOf, size: number) {
  const row = await tables(tx)
    .selectFrom('sealing.head')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('log', '=', log)
    .where('size', '=', size)
    .executeTakeFirst()
  return row ? toHead(row) : null
}

/** Heads beyond a size, the smallest first. */
export async function headsAfter(
  tx: Tx,
  { hospitalId, log }: LogOf,
  size: number,
  limit: number,
): Promise<Head[]> {
  const rows = await tables(tx)
    .selectFrom('sealing.head')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('log', '=', log)
    .where('size', '>', size)
    .orderBy('size')
    .limit(limit)
    .execute()
  return rows.map(toHead)
}

/** Heads up to a size, that one included, the largest first. */
export async function headsUpTo(
  tx: Tx,
  { hospitalId, log }: LogOf,
  size: number,
  limit: number,
): Promise<Head[]> {
  const rows = await tables(tx)
    .selectFrom('sealing.head')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('log', '=', log)
    .where('size', '<=', size)
    .orderBy('size', 'desc')
    .limit(limit)
    .execute()
  return rows.map(toHead)
}

/** False when another head follows the same one already. Waits for whoever is about to add one. */
export async function insertHead(tx: Tx, head: Head): Promise<boolean> {
  const inserted = await tables(tx)
    .insertInto('sealing.head')
    .values({
      hospital_id: head.hospitalId,
      log: head.log,
      size: head.size,
      previous_size: head.previousSize,
      tree_hash: head.treeHash,
      root: head.root,
      previous_hash: head.previousHash,
      sealed_at: head.sealedAt,
      newest_item: head.newestItem,
      key_id: head.keyId,
      signature_algorithm: head.signatureAlgorithm,
      public_key: head.publicKey,
      signature: head.signature,
    })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst()
  return inserted.numInsertedOrUpdatedRows === 1n
}

/**
 * `ids` and `hashes` side by side, of 16 and 32 bytes each. Errors: throws the database's when one was sealed before,
 * which a head that nobody else follows rules out.
 */
export async function insertLeaves(
  tx: Tx,
  { hospitalId, log }: LogOf,
  { from, ids, hashes }: { from: number; ids: Buffer; hashes: Buffer },
): Promise<void> {
  const count = hashes.length / HASH_BYTES
  assert(ids.length === count * ID_BYTES, 'each leaf has an id')
  await sql`
    insert into sealing.leaf (hospital_id, log, leaf_index, item_id, leaf_hash)
    select ${hospitalId}::int, ${log}, ${from}::bigint + i,
      encode(substring(${ids}::bytea from i * ${ID_BYTES}::int + 1 for ${ID_BYTES}::int), 'hex')::uuid,
      substring(${hashes}::bytea from i * ${HASH_BYTES}::int + 1 for ${HASH_BYTES}::int)
    from generate_series(0, ${count}::int - 1) i`.execute(tx)
}

export async function insertNodes(
  tx: Tx,
  { hospitalId, log }: LogOf,
  nodes: readonly TreeNode[],
): Promise<void> {
  if (nodes.length === 0) return
  const hashes = Buffer.concat(nodes.map(({ hash }) => hash))
  await sql`
    insert into sealing.node (hospital_id, log, level, node_index, hash)
    select ${hospitalId}::int, ${log}, n.level, n.node_index,
      substring(${hashes}::bytea from (n.i::int - 1) * ${HASH_BYTES}::int + 1 for ${HASH_BYTES}::int)
    from unnest(${nodes.map(({ level }) => level)}::int[], ${nodes.map(({ index }) => index)}::bigint[])
      with ordinality n (level, node_index, i)`.execute(tx)
}

/** The items from one id to another, both included, that are sealed. By the range, as a list of ids is looked up slowly. */
export async function sealedBetween(
  tx: Tx,
  { hospitalId, log }: LogOf,
  first: string,
  last: string,
): Promise<Set<string>> {
  const { rows } = await sql<{ ids: string | null }>`
    select string_agg(item_id::text, ',') as ids from sealing.leaf
    where hospital_id = ${hospitalId} and log = ${log}
      and item_id >= ${first}::uuid and item_id <= ${last}::uuid`.execute(tx)
  return new Set(rows[0]?.ids?.split(','))
}

export type LeafPlace = { index: number; itemId: string; hash: Buffer }

export async function leafOfItem(tx: Tx, { hospitalId, log }: LogOf, itemId: string) {
  const { rows } = await sql<LeafPlace>`
    select leaf_index as index, item_id as "itemId", leaf_hash as hash from sealing.leaf
    where hospital_id = ${hospitalId} and log = ${log} and item_id = ${itemId}::uuid`.execute(tx)
  return rows[0] ?? null
}

/** A leaf by its item, or by its place. */
export type LeafKey = { itemId: string } | { leafIndex: number }

/** A head with who countersigned it, and a leaf whether it is in the head's tree or not: all in one round trip. */
export async function headAndLeaf(
  tx: Tx,
  { hospitalId, log }: LogOf,
  size: number | 'newest',
  key: LeafKey,
) {
  const isTheOne = size === 'newest' ? sql`true` : sql`size = ${size}`
  const isLeaf =
    'itemId' in key ? sql`l.item_id = ${key.itemId}::uuid` : sql`l.leaf_index = ${key.leafIndex}`
  const { rows } = await sql<HeadRow & LeafColumns & { countersigned: SignedJson[] | null }>`
    select h.*, l.leaf_index, l.item_id, l.leaf_hash, (
      select json_agg(json_build_object('applicationId', c.application_id, 'keyId', c.key_id,
        'algorithm', c.algorithm, 'publicKey', c.public_key, 'signature', c.signature, 'signedAt', c.signed_at)
        order by c.application_id, c.key_id)
      from sealing.countersignature c
      where c.hospital_id = ${hospitalId} and c.log = ${log} and c.size = h.size) as countersigned
    from (
      select * from sealing.head where hospital_id = ${hospitalId} and log = ${log} and ${isTheOne}
      order by size desc limit 1) h
    left join sealing.leaf l on l.hospital_id = h.hospital_id and l.log = h.log and ${isLeaf}`.execute(
    tx,
  )
  const [row] = rows
  if (!row) return null
  const countersignatures = (row.countersigned ?? []).map((signed): Countersignature => ({
    ...signed,
    signedAt: new Date(signed.signedAt),
  }))
  return { head: toHead(row), countersignatures, leaf: placeOf(row) }
}

type HeadRow = Selectable<SealingTables['sealing.head']>
type LeafColumns = { leaf_index: number | null; item_id: string | null; leaf_hash: Buffer | null }
type SignedJson = Omit<Countersignature, 'signedAt'> & { signedAt: string }

const placeOf = ({ leaf_index: index, item_id: itemId, leaf_hash: hash }: LeafColumns) =>
  index !== null && itemId !== null && hash !== null ? { index, itemId, hash } : null

/** For each leaf in order: its index in 8 bytes, its item in 16, its hash in 32. */
export async function packedLeaves(
  tx: Tx,
  { hospitalId, log }: LogOf,
  from: number,
  until: number,
): Promise<Buffer> {
  const { rows } = await sql<{ packed: Buffer | null }>`
    select string_agg(int8send(leaf_index) || uuid_send(item_id) || leaf_hash, ''::bytea order by leaf_index) as packed
    from sealing.leaf where hospital_id = ${hospitalId} and log = ${log}
      and leaf_index >= ${from} and leaf_index < ${until}`.execute(tx)
  return rows[0]?.packed ?? Buffer.alloc(0)
}

/** For each kept node of a level in order: its index in 8 bytes, its hash in 32. */
export async function packedNodes(
  tx: Tx,
  { hospitalId, log }: LogOf,
  { level, from, until }: { level: number; from: number; until: number },
): Promise<Buffer> {
  const { rows } = await sql<{ packed: Buffer | null }>`
    select string_agg(int8send(node_index) || hash, ''::bytea order by node_index) as packed
    from sealing.node where hospital_id = ${hospitalId} and log = ${log} and level = ${level}
      and node_index >= ${from} and node_index < ${until}`.execute(tx)
  return rows[0]?.packed ?? Buffer.alloc(0)
}

/**
 * Reads what is kept of a tree in one round trip, each hash by its own key, so that a proof costs the same in a tree of
 * any size. Errors: asserts when a hash is not there.
 */
export const nodeReader =
  (tx: Tx, of: LogOf): NodeReader =>
  async (wanted) => {
    const found = await keptHashes(tx, of, wanted)
    return wanted.map(({ level, from, count }) =>
      Buffer.concat(
        Array.from({ length: count }, (_, i) => {
          const hash = found.get(keyOfHash(level, from + i))
          assert(hash, `level ${level} has ${from + i}`)
          return hash
        }),
      ),
    )
  }

/** Levels are fewer than 49, and no index passes 2^47. */
const keyOfHash = (level: number, index: number): number => level * 2 ** 47 + index

const KEPT_BYTES = 4 + 8 + HASH_BYTES

async function keptHashes(
  tx: Tx,
  { hospitalId, log }: LogOf,
  wanted: readonly KeptHashes[],
): Promise<Map<number, Buffer>> {
  const [leaves, levels, indexes]: [number[], number[], number[]] = [[], [], []]
  for (const { level, from, count } of wanted) {
    for (let index = from; index < from + count; index++) {
      if (level === 0) leaves.push(index)
      else {
        levels.push(level)
        indexes.push(index)
      }
    }
  }
  const { rows } = await sql<{ packed: Buffer | null }>`
    select string_agg(packed, ''::bytea) as packed from (
      select int4send(0) || int8send(leaf_index) || leaf_hash as packed from sealing.leaf
      where hospital_id = ${hospitalId} and log = ${log} and leaf_index = any(${leaves}::bigint[])
      union all
      select int4send(n.level) || int8send(n.node_index) || n.hash
      from sealing.node n, unnest(${levels}::int[], ${indexes}::bigint[]) as w (level, node_index)
      where n.hospital_id = ${hospitalId} and n.log = ${log}
        and n.level = w.level and n.node_index = w.node_index) kept`.execute(tx)
  const packed = rows[0]?.packed ?? Buffer.alloc(0)
  const found = new Map<number, Buffer>()
  for (let at = 0; at < packed.length; at += KEPT_BYTES) {
    const index = packed.readUInt32BE(at + 4) * 2 ** 32 + packed.readUInt32BE(at + 8)
    found.set(keyOfHash(packed.readUInt32BE(at), index), packed.subarray(at + 12, at + KEPT_BYTES))
  }
  return found
}

export async function insertCountersignature(
  tx: Tx,
  { hospitalId, log }: LogOf,
  size: number,
  signed: Countersignature,
): Promise<void> {
  await tables(tx)
    .insertInto('sealing.countersignature')
    .values({
      hospital_id: hospitalId,
      log,
      size,
      application_id: signed.applicationId,
      key_id: signed.keyId,
      algorithm: signed.algorithm,
      public_key: signed.publicKey,
      signature: signed.signature,
      signed_at: signed.signedAt,
    })
    .onConflict((conflict) => conflict.doNothing()) // it has signed this head before, which holds as well
    .execute()
}

export async function countersignaturesOf(tx: Tx, { hospitalId, log }: LogOf, size: number) {
  const rows = await tables(tx)
    .selectFrom('sealing.countersignature')
    .selectAll()
    .where('hospital_id', '=', hospitalId)
    .where('log', '=', log)
    .where('size', '=', size)
    .orderBy('application_id')
    .orderBy('key_id')
    .execute()
  return rows.map((row): Countersignature => ({
    applicationId: row.application_id,
    keyId: row.key_id,
    algorithm: row.algorithm,
    publicKey: row.public_key,
    signature: row.signature,
    signedAt: row.signed_at,
  }))
}

/** The sizes that partners have countersigned. */
export async function countersignedSizes(tx: Tx, { hospitalId, log }: LogOf): Promise<number[]> {
  const rows = await tables(tx)
    .selectFrom('sealing.countersignature')
    .select('size')
    .distinct()
    .where('hospital_id', '=', hospitalId)
    .where('log', '=', log)
    .orderBy('size')
    .execute()
  return rows.map(({ size }) => size)
}

const toHead = (row: HeadRow): Head => ({
  hospitalId: row.hospital_id,
  log: row.log,
  size: row.size,
  previousSize: row.previous_size,
  treeHash: row.tree_hash,
  root: row.root,
  previousHash: row.previous_hash,
  sealedAt: row.sealed_at,
  newestItem: row.newest_item,
  keyId: row.key_id,
  signatureAlgorithm: row.signature_algorithm,
  publicKey: row.public_key,
  signature: row.signature,
})
