import Type from 'typebox'

import { fen } from '../../../kernel/money.ts'
import type { HisAnswer, HisDayList, HisDayRow } from './data.ts'
import {
  agree,
  agreeUnique,
  amountFen,
  count,
  day,
  form,
  instant,
  shortText,
  sumFen,
  tender,
  toInstant,
  translated,
} from './reading.ts'

const MAX_ROWS_OF_A_PAGE = 500

/** The list as a whole; a reason when rows and totals do not agree. */
export function wholeList(rows: HisDayRow[], totals: HisDayList['totals']): HisAnswer<HisDayList> {
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

const Row = Type.Object({
  kind: Type.Enum(['payment', 'refund']),
  paymentNo: shortText,
  refundNo: Type.Union([shortText, Type.Null()]),
  billNo: shortText,
  receiptNo: shortText,
  amountFen,
  at: instant,
  tenders: Type.Array(tender, { maxItems: 20 }),
})

export const GetDayList = Type.Object({ businessDate: day, page: Type.Integer({ minimum: 1 }) })

export const DayListAnswer = Type.Object({
  rows: Type.Array(Row, { maxItems: MAX_ROWS_OF_A_PAGE }),
  page: count,
  pages: count,
  totals: Type.Object({
    payments: count,
    paymentsFen: amountFen,
    refunds: count,
    refundsFen: amountFen,
  }),
})

export const readPage = form(DayListAnswer)(({ rows, page, pages, totals }): Page => ({
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

function toRow(row: Type.Static<typeof Row>): HisDayRow {
  const { kind, paymentNo, refundNo, billNo, receiptNo } = row
  const name = `${kind} ${refundNo ?? paymentNo}`
  agree(kind === 'payment' || refundNo !== null, `${name} does not say its refund`)
  const sum = sumFen(row.tenders.map((part) => part.amountFen))
  agree(sum === row.amountFen, `${name}: its tenders add up to ${sum}, not ${row.amountFen}`)
  const tenders = row.tenders.map((part) => ({ kind: part.kind, amountFen: fen(part.amountFen) }))
  const at = toInstant(row.at)
  return { kind, paymentNo, refundNo, billNo, receiptNo, amountFen: sum, at, tenders }
}

export type Page = HisDayList & { page: number; pages: number }
