import { assert } from './assert.ts'

/**
 * Does the work for each item, so many at once, begun in the order of the list. Rejects with the first failure, when
 * what was begun has ended; nothing more is begun after a failure.
 */
export async function eachAtOnce<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  assert(Number.isInteger(atOnce) && atOnce > 0, `${atOnce} at once`)
  const failures: unknown[] = []
  const rest = items.values()
  const workThrough = async () => {
    for (const item of rest) {
      if (failures.length > 0) return
      await work(item).catch((failure: unknown) => void failures.push(failure))
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, items.length) }, workThrough))
  if (failures.length > 0) throw failures[0]
}

/** Waits for work until it is done, or for as long as one waits: work that is left goes on by itself. */
export type Patiently = (work: Promise<void>) => Promise<void>

/** Where one thing happens after the other. */
export const untilDone: Patiently = (work) => work
