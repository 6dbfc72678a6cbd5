import { type Db, inHospital } from '../../platform/db.ts'
import { accountingErrors } from './errors.ts'
import { acknowledgementsOf } from './export-store.ts'
import { templateOf } from './in-force.ts'
import { findVoucher, type VoucherKey } from './voucher-store.ts'

/** What stands on a voucher beside its lines. */
export const createVoucherPages = ({ db }: { db: Db }) => ({
  /** With the names its subjects had in the template it was made by. Errors: voucher_not_found. */
  voucherPage: (key: VoucherKey) =>
    inHospital(db, key.hospitalId, async (tx) => {
      const voucher = await findVoucher(tx, key)
      if (!voucher) throw accountingErrors.voucher_not_found({ id: key.id })
      const { subjects } = await templateOf(tx, key.hospitalId, voucher.template)
      const [known] = await acknowledgementsOf(tx, key.hospitalId, [key.id])
      return { voucher, subjects, erpNo: known?.erp_no ?? null }
    }),
})
