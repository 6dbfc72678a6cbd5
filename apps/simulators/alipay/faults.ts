import { assert } from '../../../kernel/assert.ts'
import type { Fault } from '../kit/simulator.ts'
import type { Context } from './context.ts'

// A fault must strike the same thing in every run of a seed, and the numbers of trades and refunds are random. So a
// trade is named by its subject and by how many of that subject came before it, and a refund by its trade and its
// place among that trade's refunds. Both are noted when the number is first seen, even if the call then comes to
// nothing, so that a repeated call goes by the same name.

/** 'subject#n' of what is being placed, by a number of the merchant's. */
export function keyOfNew(context: Context, appId: string, number: string, parent: string): string {
  const found = findKey(context, appId, number)
  if (found !== null) return found
  context.store.run(
    `insert into fault_subject (app_id, number, parent, ordinal)
     select ?, ?, ?, 1 + (select count(*) from fault_subject where app_id = ? and parent = ?)`,
    [appId, number, parent, appId, parent],
  )
  return keyOfNew(context, appId, number, parent)
}

/** 'subject#n' of what was seen before; 'unknown' for any other. */
export const keyOf = (context: Context, appId: string, number: string): string =>
  findKey(context, appId, number) ?? 'unknown'

/** Counts the call and asks the plan what goes wrong with it. */
export function askFaultPlan(
  context: Context,
  appId: string,
  operation: string,
  key: string,
): Fault | null {
  const row = context.store.get<{ calls: number }>(
    `insert into fault_call (app_id, operation, key, calls) values (?, ?, ?, 1)
     on conflict (app_id, operation, key) do update set calls = calls + 1 returning calls`,
    [appId, operation, key],
  )
  assert(row, 'an upsert returns its row')
  return context.faults({ simulator: SIMULATOR, operation, key, attempt: row.calls })
}

/** The name of this simulator to a fault plan. */
export const SIMULATOR = 'alipay'

function findKey({ store }: Context, appId: string, number: string): string | null {
  const row = store.get<{ parent: string; ordinal: number }>(
    'select parent, ordinal from fault_subject where app_id = ? and number = ?',
    [appId, number],
  )
  return row && `${row.parent}#${row.ordinal}`
}
