import { assert } from '../../kernel/assert.ts'
import type { HospitalId } from '../../kernel/id.ts'
import type { Tx } from '../../platform/db.ts'

/**
 * Rows of a hospital that are only added to, as the module that owns them hands them over to be sealed. Their ids are
 * of version 7: they sort by the moment of making, while they are committed in any order.
 */
export type SealedLog = {
  readonly name: string
  /** The ids from `from` to `upTo`, both included, in order. */
  idsFrom(tx: Tx, hospitalId: HospitalId, page: IdPage): Promise<string[]>
  /** The items of such a page with their canonical bytes. */
  itemsFrom(tx: Tx, hospitalId: HospitalId, page: IdPage): Promise<PackedItems>
}

export type IdPage = { from: string; upTo: string; limit: number }

/**
 * Items in the order of their ids, packed into one buffer, so that a million of them are a few hundred values: for each
 * the id in 16 bytes, the length of its canonical bytes in 4, and those.
 */
export type PackedItems = { count: number; last: string | null; packed: Buffer }

export const FIRST_ID = '00000000-0000-0000-0000-000000000000'
export const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

export const ID_BYTES = 16
const LENGTH_BYTES = 4

/** Where an item is within its page: the id at `at`, its bytes from `start` to `end`. */
export type PackedItem = { at: number; start: number; end: number }

/** The item that begins there. The next one begins at its end. */
export function itemAt(packed: Buffer, at: number): PackedItem {
  const start = at + ID_BYTES + LENGTH_BYTES
  assert(start <= packed.length, 'an item has an id and a length')
  const end = start + packed.readUInt32BE(at + ID_BYTES)
  assert(end <= packed.length, 'an item comes whole')
  return { at, start, end }
}

export function idAt(bytes: Buffer, at: number): string {
  const hex = bytes.toString('hex', at, at + ID_BYTES)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    hex.slice(12, 16),
    hex.slice(16, 20),
    hex.slice(20),
  ].join('-')
}

/** The id that comes right after this one. */
export function idAfter(id: string): string {
  const next = (BigInt(`0x${id.replaceAll('-', '')}`) + 1n).toString(16).padStart(32, '0')
  assert(next.length === 32, 'the last id has none after it')
  return idAt(Buffer.from(next, 'hex'), 0)
}

/** When an id of version 7 was made, by itself. */
export const madeAtMs = (id: string): number =>
  Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)

/** No id that was made at that moment or later is below this one. */
export function firstIdAt(ms: number): string {
  const hex = Math.max(0, ms).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-0000-0000-000000000000`
}
