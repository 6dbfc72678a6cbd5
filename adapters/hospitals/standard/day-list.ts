import Type from 'typebox'

import { fen } from '../../../kernel/money.ts'
import type { BusinessDate } from '../../../kernel/time.ts'
import type { HisAnswer, HisCall, HisDayList, HisDayRow } from '../../../modules/hospitals/index.ts'
import type { Transport } from './transport.ts'
import {
  agree,
  agreeUnique,
  amountFen,
  count,
  form,
  instant,
  shortText,
  sumFen,
  tender,
  toInstant,
  translated,
} from './wire.ts'

const MAX_PAGES = 2_000
const MAX_ROWS_OF_A_PAGE = 500

/**
 * Turns the pages of a business date's list, and believes the list only as a whole: every page there,
 * every row's tenders adding up to its amount, and all rows adding up to the totals.
 */
export async function readDayList(
  ask: Transport,
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

function wholeList(rows: HisDayRow[], totals: HisDayList['totals']): HisAnswer<HisDayList> {
  const list = translated(() => {
    agreeUnique(rows.map(keyOf), 'a row of the day')
    const payments = rows.filter((row) => row.kind === 'payment')
    const refunds = rows.filter((row) => row.kind === 'refund')
    agreeTotals('payments', payments, totals.payments, totals.paymentsFen)
    agreeTotals('refunds', refunds, totals.refunds, totals.refundsFen)
    return { rows, totals }
  })
  return 'value' in list
    ? { outcome: 'ok', data: list.value }
    : { outcome: 'unknown', reason: list.problem }
}

function agreeTotals(what: string, rows: HisDayRow[], total: number, totalFen: number): void {
  const sum = sumFen(rows.map((row) => row.amountFen))
  agree(rows.length === total, `${rows.length} ${what} are listed, the totals say ${total}`)
  agree(sum === totalFen, `the ${what} listed add up to ${sum}, the totals say ${totalFen}`)
}

const keyOf = ({ kind, paymentNo, refundNo, billNo }: HisDayRow) =>
  JSON.stringify([kind, paymentNo, refundNo, billNo])

const rowSchema = Type.Object({
  kind: Type.Enum(['payment', 'refund']),
  paymentNo: shortText,
  refundNo: Type.Union([shortText, Type.Null()]),
  billNo: shortText,
  receiptNo: shortText,
  amountFen,
  at: instant,
  tenders: Type.Array(tender, { maxItems: 20 }),
})

const page = form(
  Type.Object({
    rows: Type.Array(rowSchema, { maxItems: MAX_ROWS_OF_A_PAGE }),
    page: count,
    pages: count,
    totals: Type.Object({
      payments: count,
      paymentsFen: amountFen,
      refunds: count,
      refundsFen: amountFen,
    }),
  }),
)

const readPage = page(({ rows, page, pages, totals }): Page => ({
  rows: rows.map(toRow),
  page,
  pages,
  totals: {
    payments: totals.payments,
    paymentsFen: fen(totals.paymentsFen),
    refunds: totals.refunds,
    refundsFen: fen(totals.refundsFen),
  },
}))

function toRow(row: Type.Static<typeof rowSchema>): HisDayRow {
  const { kind, paymentNo, refundNo, billNo, receiptNo } = row
  const name = `${kind} ${refundNo ?? paymentNo}`
  agree(kind === 'payment' || refundNo !== null, `${name} does not say its refund`)
  const sum = sumFen(row.tenders.map((part) => part.amountFen))
  agree(sum === row.amountFen, `${name}: its tenders add up to ${sum}, not ${row.amountFen}`)
  const tenders = row.tenders.map((part) => ({ kind: part.kind, amountFen: fen(part.amountFen) }))
  const at = toInstant(row.at)
  return { kind, paymentNo, refundNo, billNo, receiptNo, amountFen: sum, at, tenders }
}

type Page = HisDayList & { page: number; pages: number }
