import { assert } from '../../../kernel/assert.ts'
import { median } from '../statistics.ts'

export type Sample = { atMs: number; residentMiB: number }

/**
 * What a process held once it was warm, the median of the second third of the time, and at the end, the median of the last tenth:
 * garbage that waits to be collected moves a single sample, and hardly these.
 */
export function growthOf(samples: readonly Sample[]): { warmMiB: number; lastMiB: number } {
  const endMs = samples.at(-1)?.atMs
  assert(endMs !== undefined, 'a process that was watched has samples')
  const within = (from: number, to: number) =>
    samples
      .filter(({ atMs }) => atMs >= from * endMs && atMs <= to * endMs)
      .map(({ residentMiB }) => residentMiB)
  return { warmMiB: median(within(1 / 3, 2 / 3)), lastMiB: median(within(0.9, 1)) }
}
