import { rowText } from '../scan/cells.ts'
import type { Row } from '../scan/cutter.ts'
import { batchesOf } from './read-rows.ts'

export type ChangeCounts = { added: number; removed: number; changed: number }

type Lists = {
  before: () => AsyncIterable<Uint8Array>
  after: () => AsyncIterable<Uint8Array>
  /** How many rows the longer of the two has. */
  rows: number
}

/** How many rows are held in memory at once. */
const ROWS_AT_ONCE = 500_000

/**
 * What a list that was given out again says otherwise, by kind and numbers of both sides; the line a row stands on is no
 * part of it.
 *
 * Shape: writes lines of `change,` and the normalised row: added, removed, and for a changed row before and after. Rows
 * of one key are told apart by how many there are. Memory is bounded: long lists are gone through in several turns.
 */
export async function compareLists(
  { before, after, rows }: Lists,
  write: (line: string) => Promise<void>,
): Promise<ChangeCounts> {
  const counts: ChangeCounts = { added: 0, removed: 0, changed: 0 }
  const turns = Math.max(1, Math.ceil(rows / ROWS_AT_ONCE))
  for (let turn = 0; turn < turns; turn++) {
    const old = await rowsOfTurn(before(), turn, turns)
    for await (const batch of batchesOf(after(), (row) => keyed(row, turn, turns))) {
      for (const entry of batch) if (entry) await compareOne(old, entry, counts, write)
    }
    for (const texts of old.values()) {
      for (const text of texts) {
        counts.removed++
        await write(`removed,${text}\n`)
      }
    }
  }
  return counts
}

type Entry = { key: string; text: string }

async function compareOne(
  old: Map<string, string[]>,
  { key, text }: Entry,
  counts: ChangeCounts,
  write: (line: string) => Promise<void>,
): Promise<void> {
  const texts = old.get(key)
  if (!texts) {
    counts.added++
    return write(`added,${text}\n`)
  }
  const body = bodyOf(text)
  const same = texts.findIndex((one) => bodyOf(one) === body)
  const [was] = texts.splice(Math.max(same, 0), 1)
  if (texts.length === 0) old.delete(key)
  if (same >= 0) return
  counts.changed++
  await write(`before,${was}\nafter,${text}\n`)
}

async function rowsOfTurn(
  bytes: AsyncIterable<Uint8Array>,
  turn: number,
  turns: number,
): Promise<Map<string, string[]>> {
  const rows = new Map<string, string[]>()
  for await (const batch of batchesOf(bytes, (row) => keyed(row, turn, turns))) {
    for (const entry of batch) {
      if (!entry) continue
      const texts = rows.get(entry.key)
      if (texts) texts.push(entry.text)
      else rows.set(entry.key, [entry.text])
    }
  }
  return rows
}

/** Kind, our number and theirs, as they stand; null for a row of another turn. */
function keyed(row: Row, turn: number, turns: number): Entry | null {
  const start = row.starts[1] ?? 0
  const end = (row.ends[3] ?? 0) + (row.bytes[row.ends[3] ?? 0] === QUOTE ? 1 : 0)
  if (turns > 1 && hashOf(row.bytes, start, end) % turns !== turn) return null
  return { key: row.bytes.toString('utf8', start, end), text: rowText(row, 'utf-8') }
}

const QUOTE = 0x22

/** FNV-1a. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] as number), 0x01000193)
  return hash >>> 0
}

/** Without the line number at its beginning. */
const bodyOf = (text: string): string => text.slice(text.indexOf(',') + 1)
