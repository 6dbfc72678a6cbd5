import { fen } from '../../../kernel/money.ts'
import { addDays, instantAt, isBusinessDate, toShanghaiIso } from '../../../kernel/time.ts'
import type { His } from './context.ts'
import {
  type Answer,
  type DayListPage,
  type DayTotals,
  done,
  MAX_DAY_ROWS,
  refusal,
} from './protocol.ts'
import { type BookedReceipt, dayTotals, listReceipts } from './receipts.ts'

/**
 * The operation `reconciliation.dayList`: a page of the day's book, from 00:05 of the next day on.
 *
 * With `lie` set the page's first row is left out of it, and out of the totals.
 */
export function dayList({ clock, store }: His, body: DayListPage, lie: boolean): Answer {
  const { businessDate, page } = body
  if (!isBusinessDate(businessDate)) {
    return refusal('INVALID_REQUEST', 'businessDate is not a day of the calendar')
  }
  const readyAt = instantAt(addDays(businessDate, 1), READY_TIME)
  if (clock.now() < readyAt) {
    return refusal('SYSTEM_BUSY', `the day is listed from ${toShanghaiIso(readyAt)} on`)
  }
  const totals = dayTotals(store, businessDate)
  const pages = Math.max(1, Math.ceil((totals.payments + totals.refunds) / MAX_DAY_ROWS))
  if (page > pages) return refusal('INVALID_REQUEST', `page: the day has ${pages}`)

  const offset = (page - 1) * MAX_DAY_ROWS
  const receipts = listReceipts(store, businessDate, { limit: MAX_DAY_ROWS, offset })
  const [first, ...rest] = receipts
  if (!lie || !first) return done({ rows: receipts.map(rowOf), page, pages, totals })
  return done({ rows: rest.map(rowOf), page, pages, totals: without(first, totals) })
}

const READY_TIME = '00:05:00'

const rowOf = (receipt: BookedReceipt) => ({ ...receipt, at: toShanghaiIso(receipt.at) })

const without = ({ kind, amountFen }: BookedReceipt, totals: DayTotals): DayTotals =>
  kind === 'payment'
    ? { ...totals, payments: totals.payments - 1, paymentsFen: fen(totals.paymentsFen - amountFen) }
    : { ...totals, refunds: totals.refunds - 1, refundsFen: fen(totals.refundsFen - amountFen) }
