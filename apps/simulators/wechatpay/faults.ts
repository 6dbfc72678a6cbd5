import { assert } from '../../../kernel/assert.ts'
import type { Fault } from '../kit/simulator.ts'
import type { Context } from './context.ts'

// A fault must strike the same thing in every run of a seed, and the numbers of orders and refunds
// are random. So an order is named by its description and by how many of that description came
// before it, and a refund by its order and its place among that order's refunds. Both are noted
// when the number is first seen, even if the call then comes to nothing, so that a repeated call
// goes by the same name.

/** 'description#n' of an order that is being placed. */
export const keyOfNewOrder = (
  context: Context,
  mchid: string,
  outTradeNo: string,
  description: string,
): string => subjectKey(context, { mchid, kind: 'order', number: outTradeNo, parent: description })

/** 'description#n' of an order seen before; 'unknown order' for any other. */
export function keyOfOrder(context: Context, mchid: string, outTradeNo: string): string {
  return findSubject(context, mchid, 'order', outTradeNo) ?? 'unknown order'
}

/** 'description#n/rm' of a refund that is being asked for. */
export const keyOfNewRefund = (
  context: Context,
  mchid: string,
  outRefundNo: string,
  orderKey: string,
): string => subjectKey(context, { mchid, kind: 'refund', number: outRefundNo, parent: orderKey })

export function keyOfRefund(context: Context, mchid: string, outRefundNo: string): string {
  return findSubject(context, mchid, 'refund', outRefundNo) ?? 'unknown refund'
}

/** Counts the call and asks the plan what goes wrong with it. */
export function askFaultPlan(
  { store, faults }: Context,
  mchid: string,
  operation: string,
  key: string,
): Fault | null {
  const row = store.get<{ calls: number }>(
    `insert into fault_call (mchid, operation, key, calls) values (?, ?, ?, 1)
     on conflict (mchid, operation, key) do update set calls = calls + 1 returning calls`,
    [mchid, operation, key],
  )
  assert(row, 'an upsert returns its row')
  return faults({ simulator: 'wechat', operation, key, attempt: row.calls })
}

function subjectKey(context: Context, subject: Subject): string {
  const { mchid, kind, number, parent } = subject
  const found = findSubject(context, mchid, kind, number)
  if (found !== null) return found
  context.store.run(
    `insert into fault_subject (mchid, kind, number, parent, ordinal)
     select ?, ?, ?, ?, 1 + (select count(*) from fault_subject
                             where mchid = ? and kind = ? and parent = ?)`,
    [mchid, kind, number, parent, mchid, kind, parent],
  )
  return subjectKey(context, subject)
}

function findSubject(
  { store }: Context,
  mchid: string,
  kind: Subject['kind'],
  number: string,
): string | null {
  const row = store.get<{ parent: string; ordinal: number }>(
    'select parent, ordinal from fault_subject where mchid = ? and kind = ? and number = ?',
    [mchid, kind, number],
  )
  if (!row) return null
  return kind === 'order' ? `${row.parent}#${row.ordinal}` : `${row.parent}/r${row.ordinal}`
}

type Subject = { mchid: string; kind: 'order' | 'refund'; number: string; parent: string }
