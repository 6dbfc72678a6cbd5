import { AppError, type ErrorParams } from '../../../kernel/error.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { EngineOptions } from './engine.ts'
import { matchSides } from './match-sides.ts'
import type { MatchingRules } from './rules.ts'
import { writeResult } from './run-result.ts'
import type { Side } from './side-files.ts'

// The process that compares. It is one of its own, since what runs out of memory or falls in native code takes its whole
// process with it, and the worker's other work shall go on. It holds no connection and no secret.

export type Job = {
  sides: readonly Side[]
  rules: MatchingRules
  businessDate: BusinessDate
  mostOpen: number
  engine: EngineOptions
  pools: [string, string][]
  /** Where the result goes. */
  path: string
}

/** What it says last. Foreseen errors are named, so that they are the same on the other side. */
export type Answer =
  | { outcome: 'done'; processorMs: number; peakMemoryMb: number }
  | { outcome: 'refused'; code: string; params: ErrorParams }
  | { outcome: 'failed'; reason: string }

// A comparison that nobody waits for ends with whoever asked for it.
process.once('disconnect', () => process.exit(1))

process.once('message', (job: Job) => {
  void work(job).then((answer) => process.send?.(answer, () => process.exit(0)))
})

async function work({ sides, rules, pools, path, engine, ...about }: Job): Promise<Answer> {
  try {
    const usedBefore = process.cpuUsage()
    const matched = await matchSides(sides, rules, { ...engine, ...about, pools: new Map(pools) })
    await writeResult(path, matched)
    const peakMemoryMb = Math.round(process.resourceUsage().maxRSS / 1_024)
    const { user, system } = process.cpuUsage(usedBefore)
    const processorMs = (user + system) / 1_000
    return { outcome: 'done', processorMs, peakMemoryMb }
  } catch (error) {
    if (error instanceof AppError) {
      return { outcome: 'refused', code: error.code, params: error.params }
    }
    return {
      outcome: 'failed',
      reason: error instanceof Error ? (error.stack ?? '') : String(error),
    }
  }
}
