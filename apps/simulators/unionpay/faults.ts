import { assert } from '../../../kernel/assert.ts'
import type { Fault } from '../kit/simulator.ts'
import type { Context } from './context.ts'

// A fault must strike the same thing in every run of a seed, and the numbers of orders are random. So an order is named
// by what is paid for and by how many of that came before it, and a return by its order and its place among the
// returns of it. Both are noted when the number is first seen, so that a repeated call goes by the same name.

export const keyOfNew = (
  context: Context,
  merId: string,
  number: string,
  parent: string,
): string => {
  const found = findKey(context, merId, number)
  if (found !== null) return found
  context.store.run(
    `insert into fault_subject (mer_id, number, parent, ordinal)
     select ?, ?, ?, 1 + (select count(*) from fault_subject where mer_id = ? and parent = ?)`,
    [merId, number, parent, merId, parent],
  )
  const key = findKey(context, merId, number)
  assert(key, 'the subject was just noted')
  return key
}

export const keyOf = (context: Context, merId: string, number: string): string =>
  findKey(context, merId, number) ?? 'unknown order'

/** Counts the call and asks the plan what goes wrong with it. */
export function askFaultPlan(
  { store, faults }: Context,
  merId: string,
  operation: string,
  key: string,
): Fault | null {
  const row = store.get<{ calls: number }>(
    `insert into fault_call (mer_id, operation, key, calls) values (?, ?, ?, 1)
     on conflict (mer_id, operation, key) do update set calls = calls + 1 returning calls`,
    [merId, operation, key],
  )
  assert(row, 'an upsert returns its row')
  return faults({ simulator: 'unionpay', operation, key, attempt: row.calls })
}

function findKey({ store }: Context, merId: string, number: string): string | null {
  const row = store.get<{ parent: string; ordinal: number }>(
    'select parent, ordinal from fault_subject where mer_id = ? and number = ?',
    [merId, number],
  )
  return row && `${row.parent}#${row.ordinal}`
}
