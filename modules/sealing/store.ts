import { type Selectable, sql } from 'kysely'

import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type { TreeNode } from './growing-tree.ts'
import { HASH_BYTES } from './hashing.ts'
import type { Countersignature, Head } from './head.ts'
import { ID_BYTES } from './sealed-log.ts'
import type { NodeReader } from './subtrees.ts'
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

/** `ids` and `hashes` side by side, of 16 and 32 bytes each. Errors: asserts when one was sealed before. */
export async function insertLeaves(
  tx: Tx,
  { hospitalId, log }: LogOf,
  { from, ids, hashes }: { from: number; ids: Buffer; hashes: Buffer },
): Promise<void> {
  const count = hashes.length / HASH_BYTES
  assert(ids.length === count * ID_BYTES, 'each leaf has an id')
  const { numAffectedRows } = await sql`
    insert into sealing.leaf (hospital_id, log, leaf_index, item_id, leaf_hash)
    select ${hospitalId}::int, ${log}, ${from}::bigint + i,
      encode(substring(${ids}::bytea from i * ${ID_BYTES}::int + 1 for ${ID_BYTES}::int), 'hex')::uuid,
      substring(${hashes}::bytea from i * ${HASH_BYTES}::int + 1 for ${HASH_BYTES}::int)
    from generate_series(0, ${count}::int - 1) i
    on conflict do nothing`.execute(tx)
  assert(numAffectedRows === BigInt(count), 'a leaf is added once')
}

export async function insertNodes(
  tx: Tx,
  { hospitalId, log }: LogOf,
  nodes: readonly TreeNode[],
): Promise<void> {
  if (nodes.length === 0) return
  const hashes = Buffer.concat(nodes.map(({ hash }) => hash))
  const { numAffectedRows } = await sql`
    insert into sealing.node (hospital_id, log, level, node_index, hash)
    select ${hospitalId}::int, ${log}, n.level, n.node_index,
      substring(${hashes}::bytea from (n.i::int - 1) * ${HASH_BYTES}::int + 1 for ${HASH_BYTES}::int)
    from unnest(${nodes.map(({ level }) => level)}::int[], ${nodes.map(({ index }) => index)}::bigint[])
      with ordinality n (level, node_index, i)
    on conflict do nothing`.execute(tx)
  assert(numAffectedRows === BigInt(nodes.length), 'a node is added once')
}

/** The items from one id to another, both included, that are sealed. By the range, as a list of ids is looked up slowly. */
export async function sealedBetween(
  tx: Tx,
  { hospitalId, log }: LogOf,
  first: string,
  last: string,
): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`
    select item_id as id from sealing.leaf
    where hospital_id = ${hospitalId} and log = ${log}
      and item_id >= ${first}::uuid and item_id <= ${last}::uuid`.execute(tx)
  return new Set(rows.map(({ id }) => id))
}

export type LeafPlace = { index: number; itemId: string; hash: Buffer }

export async function leafOfItem(tx: Tx, { hospitalId, log }: LogOf, itemId: string) {
  const { rows } = await sql<LeafPlace>`
    select leaf_index as index, item_id as "itemId", leaf_hash as hash from sealing.leaf
    where hospital_id = ${hospitalId} and log = ${log} and item_id = ${itemId}::uuid`.execute(tx)
  return rows[0] ?? null
}

export async function leafAt(tx: Tx, { hospitalId, log }: LogOf, index: number) {
  const { rows } = await sql<LeafPlace>`
    select leaf_index as index, item_id as "itemId", leaf_hash as hash from sealing.leaf
    where hospital_id = ${hospitalId} and log = ${log} and leaf_index = ${index}`.execute(tx)
  return rows[0] ?? null
}

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
 * Reads what is kept of a tree, each hash by its own key, so that a proof costs the same in a tree of any size. Errors:
 * asserts when a hash is not there.
 */
export const nodeReader =
  (tx: Tx, of: LogOf): NodeReader =>
  async (wanted) => {
    const keys = wanted.flatMap(({ level, from, count }) =>
      Array.from({ length: count }, (_, i) => ({ level, index: from + i })),
    )
    const found = new Map<string, Buffer>()
    const [leaves, nodes] = await Promise.all([
      leafHashes(
        tx,
        of,
        keys.filter(({ level }) => level === 0),
      ),
      nodeHashes(
        tx,
        of,
        keys.filter(({ level }) => level > 0),
      ),
    ])
    for (const { level, index, hash } of [...leaves, ...nodes]) found.set(`${level}/${index}`, hash)
    return wanted.map(({ level, from, count }) =>
      Buffer.concat(
        Array.from({ length: count }, (_, i) => {
          const hash = found.get(`${level}/${from + i}`)
          assert(hash, `level ${level} has ${from + i}`)
          return hash
        }),
      ),
    )
  }

type KeyOfHash = { level: number; index: number }

async function leafHashes(tx: Tx, { hospitalId, log }: LogOf, keys: readonly KeyOfHash[]) {
  if (keys.length === 0) return []
  const { rows } = await sql<TreeNode>`
    select 0 as level, leaf_index as index, leaf_hash as hash from sealing.leaf
    where hospital_id = ${hospitalId} and log = ${log}
      and leaf_index = any(${keys.map(({ index }) => index)}::bigint[])`.execute(tx)
  return rows
}

async function nodeHashes(tx: Tx, { hospitalId, log }: LogOf, keys: readonly KeyOfHash[]) {
  if (keys.length === 0) return []
  const [levels, indexes] = [keys.map(({ level }) => level), keys.map(({ index }) => index)]
  const { rows } = await sql<TreeNode>`
    select n.level, n.node_index as index, n.hash
    from sealing.node n, unnest(${levels}::int[], ${indexes}::bigint[]) as w (level, node_index)
    where n.hospital_id = ${hospitalId} and n.log = ${log}
      and n.level = w.level and n.node_index = w.node_index`.execute(tx)
  return rows
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

const toHead = (row: Selectable<SealingTables['sealing.head']>): Head => ({
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
