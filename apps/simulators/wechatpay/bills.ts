import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'

import { randomHex } from '../../../kernel/random.ts'
import {
  addDays,
  addMs,
  type BusinessDate,
  businessDateOf,
  instantAt,
  isBusinessDate,
  MINUTE_MS,
} from '../../../kernel/time.ts'
import { ApiError } from './api-error.ts'
import type { BillDay } from './bill-text.ts'
import { type Context, type Merchant, nowMs } from './context.ts'
import { fundFlowBill } from './fund-flow-bill.ts'
import { type BillType, tradeBill } from './trade-bill.ts'

const READY_AT = '09:00:00' // of the next day
const KEPT_DAYS = 92 // three months
const URL_LIFE_MS = 5 * MINUTE_MS

/** Makes the trade bill of a day. With `isLie`, one payment of it is not what it was. */
export function issueTradeBill(
  context: Context,
  merchant: Merchant,
  asked: { date: string; type: BillType; isGzip: boolean; isLie: boolean },
): BillAnswer {
  const day = billDayOf(context, asked.date)
  const text = tradeBill(context, merchant, day, asked)
  return issueFile(context, merchant, text, asked.isGzip)
}

/** Makes the fund-flow bill of a day. Only the basic account has any movement here. */
export function issueFundFlowBill(
  context: Context,
  merchant: Merchant,
  asked: { date: string; account: string; isGzip: boolean },
): BillAnswer {
  const day = billDayOf(context, asked.date)
  const text = asked.account === 'BASIC' ? fundFlowBill(context, merchant, day) : null
  return issueFile(context, merchant, text, asked.isGzip)
}

export type BillAnswer = { hash_type: 'SHA1'; hash_value: string; download_url: string }

/** The bytes behind a download_url. Throws RESOURCE_NOT_EXISTS for a strange or stale one. */
export function readBillFile(
  context: Context,
  merchant: Merchant,
  token: string,
): { content: Uint8Array; contentType: string } {
  const row = context.store.get<{ content: Uint8Array; content_type: string }>(
    'select content, content_type from bill_file where token = ? and mchid = ? and expires_ms > ?',
    [token, merchant.mchid, nowMs(context)],
  )
  if (!row) throw new ApiError('resource_not_exists', '账单下载地址不存在或已失效')
  return { content: row.content, contentType: row.content_type }
}

function billDayOf(context: Context, text: string): BillDay {
  const today = businessDateOf(context.clock.now())
  const wrong = (issue: string) =>
    new ApiError('out_of_range', undefined, {
      field: 'bill_date',
      value: text,
      issue,
      location: 'query',
    })
  if (!isBusinessDate(text)) throw wrong('应为 yyyy-MM-dd 的日期')
  const date: BusinessDate = text
  if (date < addDays(today, -KEPT_DAYS)) throw wrong('仅支持近三个月的账单')
  const madeAt = instantAt(addDays(date, 1), READY_AT)
  if (nowMs(context) < madeAt.getTime()) throw new ApiError('no_statement', '账单尚未生成')
  return { from: instantAt(date), until: instantAt(addDays(date, 1)), madeAt }
}

function issueFile(
  context: Context,
  merchant: Merchant,
  text: string | null,
  isGzip: boolean,
): BillAnswer {
  if (text === null) throw new ApiError('no_statement', '当日没有账单')
  const bytes = Buffer.from(text)
  const token = randomHex(context.random, 16)
  const expiresAt = addMs(context.clock.now(), URL_LIFE_MS)
  context.store.run('delete from bill_file where expires_ms <= ?', [nowMs(context)])
  context.store.run(
    `insert into bill_file (token, mchid, content, content_type, expires_ms)
     values (?, ?, ?, ?, ?)`,
    [
      token,
      merchant.mchid,
      isGzip ? gzipSync(bytes) : bytes,
      isGzip ? 'application/x-gzip' : 'text/plain; charset=utf-8',
      expiresAt.getTime(),
    ],
  )
  return {
    hash_type: 'SHA1',
    hash_value: createHash('sha1').update(bytes).digest('hex'),
    download_url: `${context.baseUrl()}/v3/billdownload/file?token=${token}`,
  }
}
