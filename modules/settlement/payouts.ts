import type { HospitalId } from '../../kernel/id.ts'
import type { BusinessDate } from '../../kernel/time.ts'
import { type Db, inHospital } from '../../platform/db.ts'
import type { BatchKey } from './batch-store.ts'
import { settlementErrors } from './errors.ts'
import {
  allocationsOfReceipt,
  findReceipt,
  payoutDays,
  type PayoutFilter,
  type PayoutPage,
  payoutsBy,
  standingByProvider,
  sumOfPayouts,
  versionsOf,
} from './payout-store.ts'
import type { ReceiptKey } from './receipt-store.ts'

/** What people look at to see what is still to come, and by what it came. */
export const createPayouts = ({ db }: { db: Db }) => ({
  /** A page, and the sum over all pages. */
  payouts: (hospitalId: HospitalId, filter: PayoutFilter, page: PayoutPage) =>
    inHospital(db, hospitalId, async (tx) => ({
      rows: await payoutsBy(tx, hospitalId, filter, page),
      sum: await sumOfPayouts(tx, hospitalId, filter),
    })),
  standingByProvider: (hospitalId: HospitalId) =>
    inHospital(db, hospitalId, (tx) => standingByProvider(tx, hospitalId)),
  payoutDays: (hospitalId: HospitalId, range: { from: BusinessDate; to: BusinessDate }) =>
    inHospital(db, hospitalId, (tx) => payoutDays(tx, hospitalId, range)),
  batchVersions: (key: BatchKey) => inHospital(db, key.hospitalId, (tx) => versionsOf(tx, key)),
  /** A receipt and what it was for. Errors: receipt_not_found. */
  receipt: (key: ReceiptKey) =>
    inHospital(db, key.hospitalId, async (tx) => {
      const receipt = await findReceipt(tx, key)
      if (!receipt) throw settlementErrors.receipt_not_found({ bankRef: key.bankRef })
      return { receipt, uses: await allocationsOfReceipt(tx, key) }
    }),
})
