import type { BusinessDate } from '../../../kernel/time.ts'
import type { Ask } from './ask.ts'
import type { HisAnswer, HisCall, HisDayList, HisDayRow } from './data.ts'
import { type Page, readPage, wholeList } from './day-list.ts'

const MAX_PAGES = 2_000

/**
 * Turns the pages of a business date's list, and believes the list only as a whole: every page there,
 * every row's tenders adding up to its amount, and all rows adding up to the totals.
 */
export async function readDayList(
  ask: Ask,
  call: HisCall,
  businessDate: BusinessDate,
): Promise<HisAnswer<HisDayList>> {
  const rows: HisDayRow[] = []
  let first: Page | null = null
  for (let page = 1; ; page++) {
    const body = { businessDate, page }
    const answer = await ask(call, { name: 'reconciliation.dayList', body, read: readPage })
    if (answer.outcome !== 'ok') return answer
    first ??= answer.data
    const problem = problemWith(answer.data, page, first)
    if (problem) return { outcome: 'unknown', reason: problem }
    rows.push(...answer.data.rows)
    if (page >= first.pages) return wholeList(rows, first.totals)
  }
}

function problemWith({ page, pages, totals }: Page, asked: number, first: Page): string | null {
  if (pages > MAX_PAGES) return `a list of ${pages} pages: more than ${MAX_PAGES}`
  if (page !== asked) return `page ${page} came for page ${asked}`
  const isSame =
    pages === first.pages &&
    totals.payments === first.totals.payments &&
    totals.paymentsFen === first.totals.paymentsFen &&
    totals.refunds === first.totals.refunds &&
    totals.refundsFen === first.totals.refundsFen
  return isSame ? null : `page ${page} speaks of another list than page 1`
}
