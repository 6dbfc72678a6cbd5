import { assert } from '../../../kernel/assert.ts'
import { addFen, type Fen, fen } from '../../../kernel/money.ts'
import { type Context, nowMs } from './context.ts'
import { digitsOf, settleDateOf } from './moments.ts'
import type { Value } from './store.ts'

/** How a transaction came about: on UnionPay's page, by the SDK, by our code, by the payer's code, or from behind. */
export type Way = 'front' | 'app' | 'qr' | 'code' | 'back'

export type Txn = {
  serial: number
  merId: string
  orderId: string
  txnTime: string
  kind: 'charge' | 'refund' | 'void'
  way: Way
  bizType: string
  amountFen: Fen
  description: string
  backUrl: string
  frontUrl: string | null
  reqReserved: string
  payUntilMs: number | null
  /** What the payer's side names it by: in the code, as the tn, on the page. */
  token: string | null
  origQueryId: string | null
  state: 'waiting' | 'processing' | 'done' | 'failed' | 'reversed'
  /** Of a try that failed; empty while nobody tried. */
  respCode: string
  createdMs: number
  dueMs: number | null
  cardNo: string | null
  feeFen: Fen
  queryId: string | null
  traceNo: string | null
  traceMs: number | null
  settleDate: string | null
  reversalQueryId: string | null
  reversalTraceNo: string | null
  reversalMs: number | null
  reversalSettleDate: string | null
}

export type TxnName = { merId: string; orderId: string; txnTime: string }

export const findTxn = (context: Context, { merId, orderId, txnTime }: TxnName): Txn | null =>
  one(context, 'mer_id = ? and order_id = ? and txn_time = ?', [merId, orderId, txnTime])

export const txnByToken = (context: Context, token: string): Txn | null =>
  one(context, 'token = ?', [token])

export const txnByQueryId = (context: Context, merId: string, queryId: string): Txn | null =>
  one(context, 'mer_id = ? and query_id = ?', [merId, queryId])

/** The latest of an order's number, whatever moments it was given. */
export const latestOfOrder = (context: Context, merId: string, orderId: string): Txn | null =>
  one(context, 'mer_id = ? and order_id = ? order by serial desc limit 1', [merId, orderId])

export const nextDueTxn = (context: Context): Txn | null =>
  one(context, 'due_ms is not null order by due_ms, serial limit 1', [])

export const listTxns = (context: Context): Txn[] => many(context, '1 order by serial', [])

/** All that settles on a day: payments and returns, and the reversals of payments. */
export const txnsOfSettlement = (context: Context, merId: string, settleDate: string): Txn[] =>
  many(
    context,
    `mer_id = ? and (settle_date = ? or reversal_settle_date = ?)
     and (state = 'done' or (state = 'reversed' and query_id is not null)) order by serial`,
    [merId, settleDate, settleDate],
  )

export const returnsOf = (context: Context, charge: Txn): Txn[] =>
  many(context, `orig_query_id = ? and state in ('processing', 'done') order by serial`, [
    charge.queryId,
  ])

export const returnedFen = (context: Context, charge: Txn): Fen =>
  addFen(...returnsOf(context, charge).map((txn) => txn.amountFen))

export type NewTxn = Pick<
  Txn,
  | 'merId'
  | 'orderId'
  | 'txnTime'
  | 'kind'
  | 'way'
  | 'bizType'
  | 'amountFen'
  | 'description'
  | 'backUrl'
  | 'frontUrl'
  | 'reqReserved'
  | 'payUntilMs'
  | 'token'
  | 'origQueryId'
  | 'state'
>

export function insertTxn(context: Context, txn: NewTxn): Txn {
  const values = { ...txn, respCode: '', createdMs: nowMs(context) }
  const columns = Object.keys(values).map(columnOf)
  context.store.run(
    `insert into txn (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`,
    Object.values(values),
  )
  const found = findTxn(context, txn)
  assert(found, 'the transaction was just made')
  return found
}

export function changeTxn(
  context: Context,
  { serial }: Txn,
  changes: Partial<Omit<Txn, 'serial'>>,
): Txn {
  const columns = Object.keys(changes).map((name) => `${columnOf(name)} = ?`)
  const values = Object.values(changes) as Value[]
  context.store.run(`update txn set ${columns.join(', ')} where serial = ?`, [...values, serial])
  const changed = one(context, 'serial = ?', [serial])
  assert(changed, 'the transaction is on file')
  return changed
}

/** The numbers and the moment that UnionPay gives to what moves money. */
export function newTrace(context: Context) {
  const traceMs = nowMs(context)
  const serial = context.store.nextSerial('trace')
  return {
    queryId: `${digitsOf(traceMs)}${String(serial % 10_000_000).padStart(7, '0')}`,
    traceNo: String(serial % 1_000_000).padStart(6, '0'),
    traceMs,
    settleDate: settleDateOf(traceMs),
  }
}

export const hasPayTimePassed = (context: Context, { payUntilMs }: Txn): boolean =>
  payUntilMs !== null && nowMs(context) > payUntilMs

const one = (context: Context, where: string, values: Value[]): Txn | null =>
  many(context, where, values)[0] ?? null

function many({ store }: Context, where: string, values: Value[]): Txn[] {
  return store.all<Record<string, Value>>(`select * from txn where ${where}`, values).map((row) => {
    const named = Object.entries(row).map(([column, value]) => [nameOf(column), value])
    const txn = Object.fromEntries(named) as Txn
    return { ...txn, amountFen: fen(txn.amountFen), feeFen: fen(txn.feeFen) }
  })
}

const columnOf = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

const nameOf = (column: string) =>
  column.replaceAll(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase())
