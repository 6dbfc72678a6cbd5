import { findBill } from './bill-rows.ts'
import { voidBill } from './bills.ts'
import type { His } from './context.ts'
import { placeOf } from './queue.ts'
import type { RegistrationRow } from './registrations.ts'

/**
 * Does what time alone has brought about: locks run out, registrations nobody paid are given up, who was called
 * has been seen. Done before every call, so that nobody meets a state that is over.
 */
export function sweep(his: His): void {
  const { store, clock } = his
  if (!isAnythingOpen(his)) return
  const now = clock.now().toISOString()
  store.run(
    `update slot_lock set status = 'expired' where status = 'held' and expires_at <= ?`,
    now,
  )
  store.run(`update registration set status = 'cancelled' where status = 'active'
    and exists (select 1 from bill where bill.bill_no = registration.bill_no
      and bill.status in ('void', 'refunded'))`)
  const active = store.all<RegistrationRow>(
    `select * from registration where status = 'active'
    and (pay_before <= ? or checked_in_at is not null or ends_at <= ?)`,
    now,
    now,
  )
  for (const row of active) sweepOne(his, row, now)
}

/** Most calls meet a hospital with no lock and no place in question. */
const isAnythingOpen = ({ store }: His): boolean =>
  store.get(`select 1 from slot_lock where status = 'held'
    union all select 1 from registration where status = 'active' limit 1`) !== null

function sweepOne(his: His, row: RegistrationRow, now: string): void {
  const bill = row.bill_no === null ? null : findBill(his, row.bill_no)
  if (bill?.status === 'open') {
    if (row.pay_before > now) return
    setStatus(his, row, 'lapsed')
    voidBill(his, bill.billNo)
  } else if (row.checked_in_at !== null) {
    if (placeOf(his, row.registration_no)?.status !== 'seen') return
    // A fee that is being refunded is left to that; the patient was there all the same.
    if (bill && bill.lockedBy.size > 0) return
    setStatus(his, row, 'seen')
    his.store.run(
      `update item set status = 'dispensed' where bill_no = ? and status = 'charged'`,
      row.bill_no ?? '',
    )
  } else if (row.ends_at <= now) {
    setStatus(his, row, 'missed')
  }
}

const setStatus = ({ store }: His, row: RegistrationRow, status: RegistrationRow['status']) =>
  store.run(
    'update registration set status = ? where registration_no = ?',
    status,
    row.registration_no,
  )
