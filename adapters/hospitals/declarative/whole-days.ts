import { MINUTE_MS, type Clock } from '../../../kernel/time.ts'
import type { OperationName } from '../../../modules/hospitals/index.ts'

// Few systems turn pages of a day's list: the whole of it comes with the first page, and the others are cut from it.

const PAGE_ROWS = 500
const KEPT_MS = 10 * MINUTE_MS

export const isWholeDay = (name: OperationName): boolean => name === 'reconciliation.dayList'

/** Keeps the last list that was asked for, until its pages are turned. A first page is always asked for anew. */
export function createWholeDays(clock: Clock) {
  let kept: { businessDate: string; rows: unknown[]; rest: object; at: Date } | null = null
  return { page }

  async function page<S extends { outcome: string }>(
    asked: object,
    ask: () => Promise<S | { outcome: 'answered'; body: unknown }>,
  ): Promise<S | { outcome: 'answered'; body: unknown }> {
    const { businessDate, page: number } = asked as { businessDate: string; page: number }
    const isKept =
      number > 1 &&
      kept?.businessDate === businessDate &&
      clock.now().getTime() - kept.at.getTime() < KEPT_MS
    if (!isKept) {
      const said = await ask()
      if (said.outcome !== 'answered' || !('body' in said)) return said
      const { rows, ...rest } = (said.body ?? {}) as { rows?: unknown }
      kept = { businessDate, rows: Array.isArray(rows) ? rows : [], rest, at: clock.now() }
    }
    const { rows = [], rest = {} } = kept ?? {}
    const start = (number - 1) * PAGE_ROWS
    return {
      outcome: 'answered',
      body: {
        ...rest,
        rows: rows.slice(start, start + PAGE_ROWS),
        page: number,
        pages: Math.max(1, Math.ceil(rows.length / PAGE_ROWS)),
      },
    }
  }
}
