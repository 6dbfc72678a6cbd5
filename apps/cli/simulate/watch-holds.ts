import { openPool } from '../../../platform/db.ts'
import { checkInvariants } from '../invariants/index.ts'
import type { VirtualClock } from './virtual-clock.ts'

/**
 * Looks at the promised money while some of it is on its way back, through whichever channel: at the end of the day
 * every hold has ended, and a wrong one would not be seen any more.
 */
export function watchHolds(url: string, clock: VirtualClock) {
  const pool = openPool({ url, maxConnections: 1, statementTimeoutMs: STATEMENT_TIMEOUT_MS })
  let problem: string | null = null
  return {
    async look(): Promise<void> {
      if (problem) return
      const { rows } = await pool.query<{ is: boolean }>(IS_RETURNING)
      if (rows[0]?.is !== true) return
      const found = await checkInvariants({ url, now: clock.now(), only: ['I1c'] })
      const broken = found.find((invariant) => invariant.violations > 0)
      if (broken) problem = `${broken.id} ${broken.title} broken during the day`
    },
    problems: (): string[] => (problem ? [problem] : []),
    close: () => pool.end(),
  }
}

const STATEMENT_TIMEOUT_MS = 60_000

// By our own rows, as every channel has its own words for it. A hold ends with the answer of the part it is of.
const IS_RETURNING = `select exists (select 1 from payments.refund_part
  where status in ('asked', 'pending') and hold_id is not null) as is`
