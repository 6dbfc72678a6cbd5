import { assert } from '../../../kernel/assert.ts'
import { addDays, type BusinessDate, instantAt } from '../../../kernel/time.ts'
import { accrueDay, dueBills, somethingIsOpen } from './bills.ts'
import { type Context, nowMs, today } from './context.ts'
import { debitBill } from './repayments.ts'

// What the bank does by itself: every evening it adds the day's interest and debits the bills that are due.

const EVENING = '20:00:00'

/** A new file begins with the evening before it was made. */
export function beginDays(context: Context): void {
  const yesterday = addDays(today(context), -1)
  context.store.run(`insert into setting values ('closed_on', ?) on conflict do nothing`, [
    yesterday,
  ])
}

export const nextDueAt = (context: Context): Date | null =>
  somethingIsOpen(context) ? eveningOf(addDays(closedOn(context), 1)) : null

/** Closes every day whose evening has come. Returns how many debits took something. */
export function runDue(context: Context): number {
  let debits = 0
  for (let day = addDays(closedOn(context), 1); isOver(context, day); day = addDays(day, 1)) {
    debits += context.store.transaction(() => closeDay(context, day))
  }
  return debits
}

function closeDay(context: Context, day: BusinessDate): number {
  accrueDay(context, day)
  const taken = dueBills(context, day).filter((bill) => debitBill(context, bill))
  context.store.run(`update setting set value = ? where name = 'closed_on'`, [day])
  return taken.length
}

const isOver = (context: Context, day: BusinessDate): boolean =>
  eveningOf(day).getTime() <= nowMs(context)

const eveningOf = (day: BusinessDate): Date => instantAt(day, EVENING)

function closedOn({ store }: Context): BusinessDate {
  const row = store.get<{ value: BusinessDate }>(
    `select value from setting where name = 'closed_on'`,
  )
  assert(row, 'the file has begun its days')
  return row.value
}
