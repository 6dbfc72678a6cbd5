import iconv from 'iconv-lite'

import { assert } from '../../../kernel/assert.ts'
import { addFen, fen } from '../../../kernel/money.ts'
import { randomHex } from '../../../kernel/random.ts'
import {
  addDays,
  type BusinessDate,
  businessDateOf,
  instantAt,
  isBusinessDate,
  SECOND_MS,
} from '../../../kernel/time.ts'
import { ApiError } from './api-error.ts'
import { type BillFacts, detailsText, summaryText } from './bill-text.ts'
import { type App, type Context, nowMs } from './context.ts'
import { type Content, fieldsOf } from './fields.ts'
import { listRefundsBetween } from './refund.ts'
import { findTrade, listPaidTrades } from './trade.ts'
import { zipOf } from './zip.ts'

const READY_AT = '09:00:00' // of the next day
const URL_LIFE_MS = 30 * SECOND_MS

/**
 * alipay.data.dataservice.bill.downloadurl.query: makes the bill of a day, of bill_type trade, and says where it lies
 * for the next thirty seconds. With `isLie`, one payment of it is not what it was.
 */
export function issueBill(context: Context, app: App, content: Content, isLie: boolean): object {
  const fields = fieldsOf(content, 'isv.invalid-parameter')
  fields.match('bill_type', /^trade$/)
  const date = fields.text('bill_date')
  if (!isBusinessDate(date) || date >= businessDateOf(context.clock.now())) {
    throw fields.wrong('bill_date')
  }
  const facts = factsOf(context, app, date)
  const isReady = nowMs(context) >= facts.madeAt.getTime()
  const isEmpty = facts.trades.length + facts.refunds.length === 0
  if (!isReady || isEmpty) throw new ApiError('isp.bill_not_exist')
  const token = randomHex(context.random, 16)
  context.store.run('delete from bill_file where expires_ms <= ?', [nowMs(context)])
  context.store.run('insert into bill_file (token, content, expires_ms) values (?, ?, ?)', [
    token,
    archiveOf(isLie ? withOneAltered(facts) : facts),
    nowMs(context) + URL_LIFE_MS,
  ])
  const query = new URLSearchParams({ bizType: 'trade', userId: app.sellerId, fileId: token })
  return {
    bill_download_url: `${context.baseUrl()}/downloadBillFile.resource?${query.toString()}`,
  }
}

/** The archive behind an address; null for a strange or stale one. */
export function readBillFile(context: Context, token: string): Buffer | null {
  const row = context.store.get<{ content: Uint8Array }>(
    'select content from bill_file where token = ? and expires_ms > ?',
    [token, nowMs(context)],
  )
  return row && Buffer.from(row.content)
}

function factsOf(context: Context, app: App, date: BusinessDate): BillFacts {
  const [from, until] = [instantAt(date), instantAt(addDays(date, 1))]
  const refunds = listRefundsBetween(context, app.appId, from, until).map((refund) => {
    const trade = findTrade(context, app.appId, refund.outTradeNo)
    assert(trade, `the trade of refund ${refund.outRequestNo} is on file`)
    return { refund, trade }
  })
  const trades = listPaidTrades(context, app.appId, from, until)
  return { app, date, madeAt: instantAt(addDays(date, 1), READY_AT), trades, refunds }
}

/** One yuan more on the first payment: small enough to be overlooked, and in every sum. */
const withOneAltered = (facts: BillFacts): BillFacts => ({
  ...facts,
  trades: facts.trades.map((trade, i) =>
    i === 0 ? { ...trade, totalFen: addFen(trade.totalFen, fen(100)) } : trade,
  ),
})

/** Names and content in GBK, and nothing says so. */
function archiveOf(facts: BillFacts): Buffer {
  const gbk = (text: string) => iconv.encode(text, 'gbk')
  const prefix = `${facts.app.sellerId}0156_${facts.date.replaceAll('-', '')}_业务明细`
  return zipOf([
    { name: gbk(`${prefix}.csv`), content: gbk(detailsText(facts)) },
    { name: gbk(`${prefix}(汇总).csv`), content: gbk(summaryText(facts)) },
  ])
}
