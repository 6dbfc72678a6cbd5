import type { HospitalId, NewId } from '../../kernel/id.ts'
import type { BusinessDate, Clock } from '../../kernel/time.ts'
import type { Audit } from '../../platform/audit.ts'
import type { Db, Tx } from '../../platform/db.ts'
import type { Publish } from '../../platform/events.ts'
import type { IncomePart } from './assemble.ts'

export type AccountingDependencies = {
  db: Db
  clock: Clock
  newId: NewId
  audit: Audit
  publish: Publish
  /**
   * Of what an entry's income was: one answer for each, null where nobody knows. `subject` is 'payment:<id>', `cause`
   * 'payment:<id>:succeeded' or 'refund:<id>:begun', for the lines that were given back.
   */
  incomeOf: (
    tx: Tx,
    hospitalId: HospitalId,
    entries: readonly { subject: string; cause: string }[],
  ) => Promise<(readonly IncomePart[] | null)[]>
}

declare module '../../platform/events.ts' {
  interface Events {
    /** A date has vouchers it had not before. */
    'accounting.vouchers_made': { hospitalId: HospitalId; date: BusinessDate; version: number }
    /** Something of a date has no place in the template: no voucher is made of it until it has. */
    'accounting.day_uncovered': { hospitalId: HospitalId; date: BusinessDate; findings: number }
  }
}
