import type { Fen } from '../../../kernel/money.ts'
import { randomHex } from '../../../kernel/random.ts'
import { DAY_MS, MINUTE_MS } from '../../../kernel/time.ts'
import { ApiError } from './api-error.ts'
import { alipayNo, type App, type Context, nowMs } from './context.ts'
import { type Content, digestOf, fieldsOf } from './fields.ts'
import { changeTrade, findTrade, reload, type Trade } from './trade.ts'
import { findWallet, findWalletByOpenId } from './wallets.ts'

/** A request to make a trade, with what stands outside of biz_content. */
export type Placing = { app: App; content: Content; notifyUrl: string; returnUrl: string }

export type NewTrade = {
  outTradeNo: string
  subject: string
  totalFen: Fen
  expiresAt: Date
  digest: string
}

const DEFAULT_LIFE_MS = 15 * DAY_MS
const QR_LIFE_MS = 2 * 60 * MINUTE_MS

/** What all ways to make a trade have in common. Throws the protocol's refusal. */
export function readNewTrade(context: Context, { app, content }: Placing): NewTrade {
  const fields = fieldsOf(content)
  const sellerId = fields.optional('seller_id')
  if (sellerId !== '' && sellerId !== app.sellerId) throw fields.wrong('seller_id')
  const outTradeNo = fields.match('out_trade_no', /^[0-9A-Za-z_]{1,64}$/)
  const subject = fields.text('subject', 256)
  if (/[/=&]/.test(subject)) throw fields.wrong('subject')
  const { auth_code: _, ...rest } = content
  return {
    outTradeNo,
    subject,
    totalFen: fields.amount('total_amount'),
    expiresAt: expiryOf(context, content),
    digest: digestOf(rest),
  }
}

function expiryOf(context: Context, content: Content): Date {
  const fields = fieldsOf(content)
  const now = nowMs(context)
  const express = fields.optional('timeout_express')
  const [, count = '', unit = ''] = /^(\d{1,5})([mhd])$/.exec(express) ?? []
  if (express !== '' && unit === '') throw fields.wrong('timeout_express')
  const unitMs = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: DAY_MS }[unit] ?? 0
  const life = unit === '' ? DEFAULT_LIFE_MS : Number(count) * unitMs
  const expiresAt = fields.moment('time_expire') ?? new Date(now + life)
  if (expiresAt.getTime() <= now) throw fields.wrong('time_expire')
  return expiresAt
}

/** The trade of the number, when it was asked for in the same words before and still waits. Throws otherwise. */
export function findAgain(
  context: Context,
  app: App,
  method: string,
  request: NewTrade,
): Trade | null {
  const placed = findTrade(context, app.appId, request.outTradeNo)
  if (!placed) return null
  if (placed.method !== method || placed.requestDigest !== request.digest) {
    throw new ApiError('ACQ.CONTEXT_INCONSISTENT')
  }
  if (placed.state === 'TRADE_CLOSED') throw new ApiError('ACQ.TRADE_HAS_CLOSE')
  if (placed.paidAt !== null) throw new ApiError('ACQ.TRADE_HAS_SUCCESS')
  return placed
}

export function insertTrade(
  context: Context,
  placing: Placing,
  method: string,
  request: NewTrade,
  more: { buyerId?: string; qrCode?: string; authNo?: string; agreementNo?: string } = {},
): Trade {
  const { app, notifyUrl, returnUrl } = placing
  const isPrepared = more.qrCode !== undefined
  context.store.run(
    `insert into trade (app_id, out_trade_no, trade_no, method, subject, total_fen, notify_url,
       return_url, qr_code, auth_no, agreement_no, state, request_digest, buyer_id, created_ms, expires_ms)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      app.appId,
      request.outTradeNo,
      isPrepared ? null : alipayNo(context, '22001'),
      method,
      request.subject,
      request.totalFen,
      notifyUrl,
      returnUrl,
      more.qrCode ?? null,
      more.authNo ?? null,
      more.agreementNo ?? null,
      isPrepared ? 'PREPARED' : 'WAIT_BUYER_PAY',
      request.digest,
      more.buyerId ?? null,
      nowMs(context),
      request.expiresAt.getTime(),
    ],
  )
  const trade = findTrade(context, app.appId, request.outTradeNo)
  if (!trade) throw new ApiError('ACQ.SYSTEM_ERROR')
  return trade
}

/** alipay.trade.create: a trade for one payer, who pays it inside the app. */
export function createTrade(context: Context, placing: Placing): object {
  const request = readNewTrade(context, placing)
  const fields = fieldsOf(placing.content)
  const [buyerId, openId] = [fields.optional('buyer_id'), fields.optional('buyer_open_id', 128)]
  const wallet = buyerId ? findWallet(context, buyerId) : findWalletByOpenId(context, openId)
  if (!wallet) throw new ApiError('ACQ.BUYER_NOT_EXIST')
  const method = 'alipay.trade.create'
  const trade =
    findAgain(context, placing.app, method, request) ??
    insertTrade(context, placing, method, request, { buyerId: wallet.buyerId })
  return { out_trade_no: trade.outTradeNo, trade_no: trade.tradeNo }
}

/** alipay.trade.precreate: a code, and no trade until somebody scans it. */
export function precreateTrade(context: Context, placing: Placing): object {
  const request = readNewTrade(context, placing)
  const code = `https://qr.alipay.com/bax${randomHex(context.random, 12)}`
  const latest = new Date(nowMs(context) + QR_LIFE_MS)
  const expiresAt = request.expiresAt < latest ? request.expiresAt : latest
  const method = 'alipay.trade.precreate'
  const trade =
    findAgain(context, placing.app, method, request) ??
    insertTrade(context, placing, method, { ...request, expiresAt }, { qrCode: code })
  return { out_trade_no: trade.outTradeNo, qr_code: trade.qrCode }
}

/** The payer scanned the code: now there is a trade, and its notices and queries know it. */
export function openPrepared(context: Context, trade: Trade): Trade {
  if (trade.state !== 'PREPARED') return trade
  changeTrade(context, trade, { state: 'WAIT_BUYER_PAY', trade_no: alipayNo(context, '22001') })
  return reload(context, trade)
}

/** The payer came with a page or from an app: what the merchant signed makes the trade now. */
export function openSigned(context: Context, placing: Placing, method: string): Trade {
  const request = readNewTrade(context, placing)
  return (
    findAgain(context, placing.app, method, request) ??
    insertTrade(context, placing, method, request)
  )
}
