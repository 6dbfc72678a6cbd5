import { blockingKeys } from './keys.ts'
import { type Match, matchPair } from './match.ts'
import type { MatchRecord } from './records.ts'
import type { Weighing } from './score.ts'

/** A key that so many of one list share says nothing of one person. */
const LARGEST_BLOCK = 200
/** Keys are worked off by parts, so that only one part's places are in memory at a time. */
const PARTS = 16

export type BulkMatch = Match & { left: number; right: number }

/**
 * All pairs of two lists that share a key and might be of one person, each once: two hospitals' files, or a hospital's and
 * the region's. In no order. Pure; the lists are held in memory, some two thousand bytes a record.
 */
export function* matchLists(
  left: readonly MatchRecord[],
  right: readonly MatchRecord[],
  weighing: Weighing,
): Generator<BulkMatch> {
  const allKeys = left.map(hashedKeys)
  const large = tooCommon(allKeys)
  const rightKeys = right.map((record) => hashedKeys(record).filter((key) => !large.has(key)))
  const leftKeys = allKeys.map((keys) => keys.filter((key) => !large.has(key)))
  for (let part = 0; part < PARTS; part++) {
    const places = placesOf(leftKeys, part)
    for (const [j, keys] of rightKeys.entries()) {
      for (const key of keys) {
        if (key % PARTS !== part) continue
        for (const i of places.get(key) ?? []) {
          // Two that share several keys are compared at the first of them.
          if (firstShared(leftKeys[i], keys) !== key) continue
          const [a, b] = [left[i], right[j]]
          if (!a || !b) continue
          const match = matchPair(a, b, weighing)
          if (match.grade !== 'certainly-not') yield { ...match, left: i, right: j }
        }
      }
    }
  }
}

function tooCommon(keys: readonly (readonly number[])[]): Set<number> {
  const large = new Set<number>()
  for (let part = 0; part < PARTS; part++) {
    for (const [key, block] of placesOf(keys, part)) {
      if (block.length > LARGEST_BLOCK) large.add(key)
    }
  }
  return large
}

function placesOf(keys: readonly (readonly number[])[], part: number): Map<number, number[]> {
  const places = new Map<number, number[]>()
  for (const [i, own] of keys.entries()) {
    for (const key of own) {
      if (key % PARTS !== part) continue
      const block = places.get(key)
      if (block) block.push(i)
      else places.set(key, [i])
    }
  }
  return places
}

const firstShared = (a: readonly number[] | undefined, b: readonly number[]): number | undefined =>
  b.find((key) => a?.includes(key))

/** Numbers in place of texts, for their size: two keys of one number only mean a comparison more. */
const hashedKeys = (record: MatchRecord): number[] => [...new Set(blockingKeys(record).map(hashOf))]

// Source: FNV-1a, twice with different beginnings, for 48 bits.
function hashOf(text: string): number {
  let [high, low] = [0x811c9dc5, 0x01000193]
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    high = Math.imul(high ^ code, 0x01000193)
    low = Math.imul(low ^ code, 0x5bd1e995)
  }
  return ((high >>> 0) & 0xffff) * 2 ** 32 + (low >>> 0)
}
