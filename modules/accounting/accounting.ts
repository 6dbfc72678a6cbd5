import type { HospitalId } from '../../kernel/id.ts'
import { addDays, type BusinessDate, businessDateOf } from '../../kernel/time.ts'
import { inHospital } from '../../platform/db.ts'
import type { Events } from '../../platform/events.ts'
import type { EntryId } from '../ledger/index.ts'
import type { Book } from './assemble.ts'
import { buildDate } from './build.ts'
import type { AccountingDependencies } from './dependencies.ts'
import { accountingErrors } from './errors.ts'
import { acknowledgementsOf } from './export-store.ts'
import { createExports, type Range } from './exports.ts'
import { createTerms } from './terms.ts'
import { createVoucherPages } from './voucher-page.ts'
import {
  daysBetween,
  findVoucher,
  linesOf,
  sourcesOfLine,
  type VoucherKey,
  vouchersBetween,
} from './voucher-store.ts'

export type Accounting = ReturnType<typeof createAccounting>

/** Vouchers of a hospital's days for its own accounting system. */
export const createAccounting = (deps: AccountingDependencies) => ({
  ...createTerms(deps),
  ...createExports(deps),
  ...createVoucherPages(deps),
  /** Each time a date is closed, and when asked: what of it has no voucher gets one. */
  buildDate: (hospitalId: HospitalId, date: BusinessDate) => buildDate(deps, hospitalId, date),
  onDayClosed: async (event: Events['reconciliation.day_closed']): Promise<void> => {
    await buildDate(deps, event.hospitalId, event.date)
  },
  sweep: (hospitalId: HospitalId) => sweep(deps, hospitalId),
  ...reads(deps),
})

const DAYS_LOOKED_BACK = 10
const UNCOVERED_DAYS_LOOKED_BACK = 62

const reads = ({ db }: AccountingDependencies) => ({
  days: (hospitalId: HospitalId, range: Range) =>
    inHospital(db, hospitalId, (tx) => daysBetween(tx, hospitalId, range)),
  vouchers: (hospitalId: HospitalId, range: Range) =>
    inHospital(db, hospitalId, async (tx) => {
      const vouchers = await vouchersBetween(tx, hospitalId, range)
      const ids = vouchers.map(({ id }) => id)
      const acknowledgements = await acknowledgementsOf(tx, hospitalId, ids)
      return { vouchers, acknowledgements }
    }),
  /** A page of the lines of a book. Errors: voucher_not_found. */
  voucherLines: (key: VoucherKey, page: { book: Book; after: number; limit: number }) =>
    inHospital(db, key.hospitalId, async (tx) => {
      const voucher = await findVoucher(tx, key)
      if (!voucher) throw accountingErrors.voucher_not_found({ id: key.id })
      return { voucher, lines: await linesOf(tx, key, page) }
    }),
  /** A page of the transfers a line is the sum of. Errors: voucher_not_found. */
  lineSources: (
    key: VoucherKey,
    wish: {
      book: Book
      lineNo: number
      after: { entryId: EntryId; transferNo: number; partNo: number } | null
      limit: number
    },
  ) =>
    inHospital(db, key.hospitalId, async (tx) => {
      if (!(await findVoucher(tx, key))) throw accountingErrors.voucher_not_found({ id: key.id })
      return sourcesOfLine(tx, key, wish)
    }),
})

/**
 * Looks whether something came to a date since its vouchers were made, and whether a template covers by now what none
 * did; returns how many dates have vouchers they had not. To be called once a day: what closes a date calls for that
 * date by itself, and a date that was never closed has no vouchers yet.
 */
async function sweep(deps: AccountingDependencies, hospitalId: HospitalId): Promise<number> {
  const today = businessDateOf(deps.clock.now())
  const range = { from: addDays(today, -UNCOVERED_DAYS_LOOKED_BACK), to: addDays(today, -1) }
  const days = await inHospital(deps.db, hospitalId, (tx) => daysBetween(tx, hospitalId, range))
  const recent = addDays(today, -DAYS_LOOKED_BACK)
  const due = days.filter((day) => day.status === 'uncovered' || day.business_date >= recent)
  let made = 0
  for (const { business_date: date } of due) {
    const { outcome } = await buildDate(deps, hospitalId, date)
    made += Number(outcome === 'made')
  }
  return made
}
