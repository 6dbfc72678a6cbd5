import { deflateSync } from 'node:zlib'

import { zipSync } from 'fflate'
import iconv from 'iconv-lite'

import { assert } from '../../../kernel/assert.ts'
import { fen, type Fen, subtractFen } from '../../../kernel/money.ts'
import { addDays, businessDateOf } from '../../../kernel/time.ts'
import { typesOf } from './answers.ts'
import type { Context, Merchant } from './context.ts'
import { digitsOf } from './moments.ts'
import { type Txn, txnsOfSettlement } from './transactions.ts'

// A settlement date's list of transactions (ZM): rows of fixed width in GBK, one space between columns, packed as
// UnionPay packs it: a ZIP, deflated once more, in base64. Source: 文件接口规范, 6.1.

/** Null when nothing settled on that date. */
export function settlementFile(
  context: Context,
  merchant: Merchant,
  settleDate: string,
): { fileName: string; fileContent: string } | null {
  const txns = txnsOfSettlement(context, merchant.merId, settleDate)
  const rows = txns.flatMap((txn) => rowsOf(txn, merchant, settleDate))
  if (rows.length === 0) return null
  const day = settleDate.slice(2).replaceAll('-', '')
  const list = iconv.encode(rows.map((row) => `${row}\r\n`).join(''), 'gbk')
  const zip = zipSync(
    {
      [`INN${day}88ZM_${merchant.merId}`]: new Uint8Array(list),
      [`INN${day}88ZME_${merchant.merId}`]: new Uint8Array(0),
    },
    // The moment inside the ZIP is part of the file, which is the same whenever it is asked for.
    { mtime: new Date(`${settleDate}T23:30:00Z`) },
  )
  const fileName = `${merchant.merId}_${settleDate.replaceAll('-', '')}.zip`
  return { fileName, fileContent: deflateSync(zip).toString('base64') }
}

/** The latest date of that month and day, as questions name no year. */
export function settleDateNamed(shortDate: string, now: Date): string | null {
  const match = /^(\d\d)(\d\d)$/.exec(shortDate)
  if (!match) return null
  const year = Number(businessDateOf(now).slice(0, 4))
  const named = [year + 1, year, year - 1].map((y) => `${y}-${match[1]}-${match[2]}`)
  const tomorrow = addDays(businessDateOf(now), 1)
  return named.find((date) => date <= tomorrow) ?? null
}

/** The payment or return itself, and the reversal of a payment, each on the day on which it settled. */
function rowsOf(txn: Txn, merchant: Merchant, settleDate: string): string[] {
  const rows: string[] = []
  if (txn.settleDate === settleDate) {
    const { queryId, traceNo, traceMs } = txn
    rows.push(rowOf(txn, merchant, { ...typesOf(txn), queryId, traceNo, traceMs }))
  }
  if (txn.reversalSettleDate === settleDate) {
    const { reversalQueryId: queryId, reversalTraceNo: traceNo, reversalMs: traceMs } = txn
    const types = { txnType: '99', txnSubType: '01' }
    rows.push(rowOf(txn, merchant, { ...types, queryId, traceNo, traceMs }))
  }
  return rows
}

type Trace = {
  txnType: string
  txnSubType: string
  queryId: string | null
  traceNo: string | null
  traceMs: number | null
}

function rowOf(txn: Txn, merchant: Merchant, trace: Trace): string {
  const isCharge = trace.txnType === '01'
  const [feeSide, moneySide] = isCharge ? ['D', 'C'] : ['C', 'D']
  const settledFen = subtractFen(txn.amountFen, txn.feeFen)
  const columns: [value: string, width: number][] = [
    [isCharge ? 'S22' : 'S30', 3],
    ['01045840', 11],
    ['48025840', 11],
    [trace.traceNo ?? '', 6],
    [digitsOf(trace.traceMs ?? 0).slice(4), 10],
    [txn.cardNo ?? '', 19],
    [digits(txn.amountFen, 12), 12],
    ['8062', 4],
    ['08', 2],
    [trace.queryId ?? '', 21],
    ['', 2],
    [txn.orderId, 32],
    ['01', 2],
    ['', 6],
    ['', 10],
    [`${feeSide}${digits(txn.feeFen, 12)}`, 13],
    [`${moneySide}${digits(settledFen, 12)}`, 13],
    ['0001', 4],
    ['', 15],
    [trace.txnType, 2],
    [trace.txnSubType, 2],
    [txn.bizType, 6],
    ['01', 2],
    ['', 4],
    ['', 32],
    ['0', 1],
    [txn.origQueryId ?? '', 21],
    [txn.merId, 15],
    ['', 1],
    ['', 15],
    [merchant.name, 32],
    ['', 13],
    ['', 13],
    ['', 8],
    [txn.reqReserved, 32],
    ['', 13],
    ['', 13],
    ['', 12],
    ['', 2],
    ['', 1],
    ['', 131],
  ]
  return columns.map(([value, width]) => fitted(value, width)).join(' ')
}

const digits = (amountFen: Fen, width: number): string =>
  String(fen(amountFen)).padStart(width, '0')

/** Filled up or cut to a width in bytes of GBK, between characters. */
function fitted(text: string, width: number): string {
  let [value, size] = ['', 0]
  for (const character of text) {
    const bytes = iconv.encode(character, 'gbk').length
    if (size + bytes > width) break
    ;[value, size] = [value + character, size + bytes]
  }
  assert(size <= width, 'a column keeps its width')
  return value + ' '.repeat(width - size)
}
